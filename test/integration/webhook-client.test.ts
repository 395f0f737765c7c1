import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiverOf } from '../../infra/client/webhook-receiver/example.ts';
import { fetchEventsFrom } from '../../infra/client/webhook-receiver/fetch-events.ts';
import { makeInbox, type Inbox, type InboxEffects, type Position } from '../../infra/client/webhook-receiver/inbox.ts';
import { verifyWebhook, type WebhookEvent } from '../../infra/client/webhook-receiver/verify.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { toErrorBody } from '../../shared/platform/http/respond.ts';
import { makePost, type Poster } from '../../shared/platform/outbound/post.ts';
import { secretBox } from '../../shared/platform/secrets/secret-box.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver } from '../../shared/webhooks/deliver.ts';
import { makeReadEvents } from '../../shared/webhooks/read-events.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { secretPlace } from '../../shared/webhooks/secret-place.ts';
import { toSecretText } from '../../shared/webhooks/sign.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { published, subscribed } from '../unit/webhooks/log-world.ts';

const SECRET = toSecretText(randomBytes(32));
const OLD_SECRET = toSecretText(randomBytes(24));
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => published(from + n));
const sequences = (to: number) => Array.from({ length: to }, (_, n) => n + 1);

let servers: Server[];
let poster: Poster;
beforeEach(() => {
  servers = [];
  poster = makePost({ userAgent: 'test/1', allowLoopback: true, clock: systemClock });
});
afterEach(async () => {
  poster.close();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const listening = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The product's own log and deliveries, and its answers to who reads the log, sent to `receiver`. */
const setUp = async (receiver: Server) => {
  const state = memoryRowStore();
  const subscriptions = subscriptionStore(memoryRowStore());
  const box = secretBox(randomBytes(32));
  const place = secretPlace('acme', 's1');
  const secrets = [SECRET, OLD_SECRET].map((secret) => ({ sealed: box.seal(secret, place), createdAt: '2026-11-01T00:00:00.000Z' }));
  await subscriptions.add(subscribed('s1', { url: `${await listening(receiver)}/`, secrets }), 1);
  const settings = { ...DEFAULT_DELIVERY, retryDelaysMs: [1, 1, 1], maxHoldMs: 5 };
  const clock = systemClock;
  const append = makeAppendEvents({ subscriptions, state, clock, wake: () => Promise.resolve() });
  const common = { state, subscriptions, clock, settings };
  const report = (): void => undefined;
  const deliver = makeDeliver({ ...common, post: poster.post, open: box.open, random: Math.random, publish: append, report });
  const read = makeReadEvents({ ...common, publicBaseUrl: 'http://api', nowMs: clock.now });
  const api = await listening(
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://api');
      const query = { afterSequence: Number(url.searchParams.get('afterSequence')), maxpagesize: 7 };
      read('acme', url.pathname.split('/')[2] ?? '', query, '').then(
        (page) => response.writeHead(200).end(JSON.stringify(page)),
        (error: unknown) => {
          const known = error instanceof AppError ? error : new AppError('InternalError');
          response.writeHead(known.httpStatus).end(JSON.stringify(toErrorBody(known)));
        },
      );
    }),
  );
  return { append, deliver, fetchEvents: fetchEventsFrom({ apiUrl: api, token: () => Promise.resolve('t') }), state };
};

type Kept = { inbox: Inbox; handled: WebhookEvent[]; lost: [number, number][] };

const inboxOver = (fetchEvents: InboxEffects['fetchEvents'], failsAt: Set<number> = new Set()): Kept => {
  const positions = new Map<string, Position>();
  const handled: WebhookEvent[] = [];
  const lost: [number, number][] = [];
  const inbox = makeInbox({
    readPosition: async (id) => positions.get(id),
    writePosition: async (id, position) => void positions.set(id, position),
    fetchEvents,
    handle: async (event) => {
      if (failsAt.delete(event.sequence)) throw new Error('the database is away');
      handled.push(event);
    },
    onLost: async (_, from, to) => void lost.push([from, to]),
  });
  return { inbox, handled, lost };
};

const rawOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe('real deliveries', () => {
  it('verify with our helper, with standardwebhooks and with svix, during a rotation with either secret', async () => {
    const received: { headers: Record<string, string>; raw: Buffer }[] = [];
    const receiver = createServer((request, response) => {
      void rawOf(request).then((raw) => {
        received.push({ headers: request.headers as Record<string, string>, raw });
        response.writeHead(204).end();
      });
    });
    const { append, deliver } = await setUp(receiver);
    await append('acme', [...numbered(1, 9), published(10, { data: { customerId: 'contoso', externalReference: 'Größe ☎ "x"' } })]);
    await deliver('s1');
    expect(received).toHaveLength(10);
    for (const { headers, raw } of received) {
      for (const secret of [SECRET, OLD_SECRET]) {
        const expected = new StandardWebhook(secret).verify(raw.toString(), headers);
        const svix = new SvixWebhook(secret);
        expect(() => svix.verify(raw.toString(), headers)).not.toThrow();
        expect(() => svix.verify(`${raw.toString()} `, headers)).toThrow();
        const checked = verifyWebhook({ secrets: [secret], headers, rawBody: raw, nowMs: Date.now() });
        expect(checked).toEqual({ outcome: 'verified', event: expected });
      }
    }
  });

  it('are handled once and in order, although they arrive side by side and some more than once', async () => {
    const late: { inbox?: Inbox } = {};
    let answered = 0;
    const receiver = createServer((request, response) => {
      const inner = late.inbox && receiverOf([SECRET], late.inbox);
      // Every fifth answer is lost after the work was done: that event comes again.
      if (++answered % 5 === 0) response.writeHead = () => response.destroy();
      inner?.emit('request', request, response);
    });
    const { append, deliver, fetchEvents } = await setUp(receiver);
    const { inbox, handled } = inboxOver(fetchEvents, new Set([13, 40]));
    late.inbox = inbox;
    await append('acme', numbered(1, 60));
    await expect
      .poll(async () => {
        await deliver('s1');
        return handled.length;
      })
      .toBe(60);
    expect(handled.map(({ sequence }) => sequence)).toEqual(sequences(60));
  });

  it('that were missed while a receiver was away are fetched when the next one arrives, or at its start', async () => {
    const { append, fetchEvents, deliver } = await setUp(createServer((_, response) => response.writeHead(503).end()));
    await append('acme', numbered(1, 30));
    await deliver('s1');
    const { inbox, handled } = inboxOver(fetchEvents);
    const fetched = await fetchEvents('s1', 20);
    const [next] = fetched.outcome === 'page' ? fetched.page.value : [];
    if (!next) throw new Error('no event 21');
    expect(await inbox.receive(next)).toBe('handled');
    expect(handled.map(({ sequence }) => sequence)).toEqual(sequences(21));
    expect(await inbox.catchUp('s1')).toBe(9);
    expect(await inbox.receive(next)).toBe('duplicate');
    expect(handled.map(({ sequence }) => sequence)).toEqual(sequences(30));
  });
});

describe('the helper', () => {
  const body = Buffer.from(JSON.stringify({ sequence: 1 }));
  const nowMs = 1_800_000_000_000;
  const headersAt = (atMs: number, secret = SECRET): Record<string, string> => {
    const at = new Date(atMs);
    const signature = new StandardWebhook(secret).sign('evt_1', at, body.toString());
    return { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(atMs / 1000)), 'webhook-signature': signature };
  };
  const check = (headers: Record<string, string>, rawBody: Uint8Array = body) =>
    verifyWebhook({ secrets: [SECRET], headers, rawBody, nowMs });

  it.each([
    ['a missing header', { 'webhook-id': 'evt_1' }, 'MissingHeader'],
    ['a time that is none', { ...headersAt(nowMs), 'webhook-timestamp': 'now' }, 'BadTimestamp'],
    ['an old delivery', headersAt(nowMs - 301_000), 'TooOld'],
    ['one from the future', headersAt(nowMs + 301_000), 'TooNew'],
    ['the signature of somebody else', headersAt(nowMs, OLD_SECRET), 'WrongSignature'],
    ['another id', { ...headersAt(nowMs), 'webhook-id': 'evt_2' }, 'WrongSignature'],
    ['another scheme', { ...headersAt(nowMs), 'webhook-signature': 'v1a,AAAA v2,BBBB' }, 'WrongSignature'],
  ])('says why it refuses %s', (_what, headers, reason) => expect(check(headers)).toEqual({ outcome: 'refused', reason }));

  it('refuses a body that was parsed and written again', () =>
    expect(check(headersAt(nowMs), Buffer.from('{ "sequence": 1 }'))).toEqual({ outcome: 'refused', reason: 'WrongSignature' }));

  it('takes one good signature among others', () => {
    const good = headersAt(nowMs);
    expect(check({ ...good, 'webhook-signature': `v1,AAAA ${good['webhook-signature'] ?? ''} v1a,x` })).toMatchObject({
      outcome: 'verified',
    });
  });

  const event = (sequence: number, stream = 'a'): WebhookEvent => ({
    ...{ id: `evt_${sequence}`, type: 'customer.synced', timestamp: '', apiVersion: '' },
    ...{ subscriptionId: 's1', stream, sequence, data: {} },
  });

  it('says what is gone for good, and goes on behind it', async () => {
    const { inbox, handled, lost } = inboxOver(async (_, after) =>
      after < 5
        ? { outcome: 'expired', firstSequence: 6 }
        : { outcome: 'page', page: { stream: 'a', value: [6, 7, 8].map((n) => event(n)).filter((one) => one.sequence > after) } },
    );
    await inbox.receive(event(1));
    await inbox.receive(event(9));
    expect(lost).toEqual([[2, 5]]);
    expect(handled.map(({ sequence }) => sequence)).toEqual([1, 6, 7, 8, 9]);
  });

  it('begins anew when the numbers do', async () => {
    const { inbox, handled } = inboxOver(async () => ({ outcome: 'page', page: { stream: 'b', value: [] } }));
    await inbox.receive(event(1));
    expect(await inbox.receive(event(1, 'b'))).toBe('handled');
    expect(handled).toHaveLength(2);
  });

  it('does not pass over what it cannot fetch', async () => {
    const { inbox, handled } = inboxOver(async () => ({ outcome: 'page', page: { stream: 'a', value: [] } }));
    await expect(inbox.receive(event(3))).rejects.toThrow('could not be fetched');
    expect(handled).toEqual([]);
  });
});
