import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../shared/platform/ids/new-id.ts';
import { makePost, type Poster } from '../../shared/platform/outbound/post.ts';
import { secretBox } from '../../shared/platform/secrets/secret-box.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver } from '../../shared/webhooks/deliver.ts';
import type { PublishedEvent } from '../../shared/webhooks/model.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { makeSubscribe } from '../../shared/webhooks/subscribe.ts';
import { createSubscriptionRequest } from '../../shared/webhooks/subscription-contract.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';

type Received = { headers: Record<string, string>; body: string };

const ORDERS = 45;
const published = (n: number): PublishedEvent => ({
  id: `evt_${n}`,
  type: 'number_order.succeeded',
  occurredAt: new Date().toISOString(),
  customerId: 'contoso',
  data: {
    orderId: `o${n}`,
    customerId: 'contoso',
    status: 'Succeeded',
    counts: { total: 100, succeeded: 100 },
    externalReference: 'Größe ☎',
  },
});

describe('webhooks over real HTTP', () => {
  let server: Server;
  let poster: Poster;
  let received: Received[];
  let statuses: number[];

  beforeEach(async () => {
    received = [];
    statuses = [];
    poster = makePost({ userAgent: 'test/1', allowLoopback: true, clock: systemClock });
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
        response.writeHead(statuses.shift() ?? 204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    poster.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** The whole feature as it is put together for a running app, on tables in memory. */
  const setUp = async () => {
    const state = memoryRowStore();
    const subscriptions = subscriptionStore(memoryRowStore());
    const box = secretBox(randomBytes(32));
    const clock = systemClock;
    const settings = { ...DEFAULT_DELIVERY, retryDelaysMs: [1, 1, 1], allowLoopback: true };
    const subscribe = makeSubscribe({ subscriptions, state, seal: box.seal, newId, randomBytes, clock, settings });
    const append = makeAppendEvents({ subscriptions, state, clock, wake: async () => undefined });
    const effects = {
      state,
      subscriptions,
      post: poster.post,
      open: box.open,
      clock,
      random: () => 0.5,
      settings,
      publish: append,
      report: () => undefined,
    };
    const deliver = makeDeliver(effects);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const made = await subscribe('acme', createSubscriptionRequest.parse({ url, eventTypes: ['number_order.*'] }));
    if (made.outcome !== 'created') throw new Error(made.outcome);
    return { append, deliver, id: made.body.id, verifier: new Webhook(made.body.secret) };
  };

  it('arrive signed, whole and numbered without a gap', async () => {
    const { append, deliver, id, verifier } = await setUp();
    await append(
      'acme',
      Array.from({ length: ORDERS }, (_, n) => published(n + 1)),
    );
    await deliver(id);
    const bodies = received.map(({ headers, body }) => verifier.verify(body, headers) as Record<string, unknown>);
    expect(bodies.map((body) => body['sequence']).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: ORDERS }, (_, n) => n + 1),
    );
    expect(bodies.find((body) => body['sequence'] === 7)).toMatchObject({
      id: 'evt_7',
      type: 'number_order.succeeded',
      apiVersion: '2026-11-01',
      subscriptionId: id,
      data: { orderId: 'o7', externalReference: 'Größe ☎' },
    });
    expect(received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'test/1' });
  });

  it('come again under the same id when the receiver failed, and verify again', async () => {
    statuses = [500];
    const { append, deliver, id, verifier } = await setUp();
    await append('acme', [published(1)]);
    await expect
      .poll(async () => {
        await deliver(id);
        return received.length;
      })
      .toBe(2);
    for (const { headers, body } of received) expect(verifier.verify(body, headers)).toMatchObject({ id: headers['webhook-id'] });
    expect(received[1]).toMatchObject({ body: received[0]?.body });
  });

  it('do not verify when a byte was changed on the way', async () => {
    const { append, deliver, id, verifier } = await setUp();
    await append('acme', [published(1)]);
    await deliver(id);
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(() => verifier.verify(body.replace('"sequence":1', '"sequence":2'), headers)).toThrow();
  });
});
