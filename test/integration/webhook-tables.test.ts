import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePost, type Poster } from '../../shared/platform/outbound/post.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { readDue } from '../../shared/platform/tables/due-scan.ts';
import { logPartition } from '../../shared/platform/tables/keys.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeAppendEvents } from '../../shared/webhooks/append.ts';
import { makeDeliver } from '../../shared/webhooks/deliver.ts';
import { readEvents, readHead } from '../../shared/webhooks/log-read.ts';
import { MAX_SUBSCRIPTIONS } from '../../shared/webhooks/model.ts';
import { DEFAULT_DELIVERY } from '../../shared/webhooks/schedule.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';
import { published, SECRET, subscribed } from '../unit/webhooks/log-world.ts';

const EVENTS = 150;
const WRITERS = 4;

let azurite: TestAzurite;
let server: Server;
let poster: Poster;
const received: number[] = [];

beforeAll(async () => {
  azurite = await startTestAzurite();
  poster = makePost({ userAgent: 'test/1', allowLoopback: true, clock: systemClock });
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push((JSON.parse(Buffer.concat(chunks).toString()) as { sequence: number }).sequence);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  poster.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await azurite.close();
});

describe('the webhook log over real tables', () => {
  it('has no gap and no double when writers and a deliverer compete', async () => {
    const settings = { connectionString: azurite.connectionString };
    await ensureTables(settings, ['State', 'Subscriptions']);
    const state = azureRowStore(tableClient(settings, 'State'));
    const subscriptions = subscriptionStore(azureRowStore(tableClient(settings, 'Subscriptions')));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await subscriptions.add(subscribed('s1', { url }), MAX_SUBSCRIPTIONS);
    const append = makeAppendEvents({ subscriptions, state, clock: systemClock, wake: async () => undefined });
    const deliver = makeDeliver({
      state,
      subscriptions,
      post: poster.post,
      open: () => ({ outcome: 'opened', text: SECRET }),
      clock: systemClock,
      random: () => 0.5,
      settings: DEFAULT_DELIVERY,
      publish: append,
      report: () => undefined,
    });

    const events = Array.from({ length: EVENTS }, (_, n) => published(n + 1));
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let from = writer * 10; from < EVENTS; from += 20) await append('acme', events.slice(from, from + 25));
    });
    await Promise.all([...writers, deliver('s1')]);
    await append('acme', events);
    await deliver('s1');

    const sequences = Array.from({ length: EVENTS }, (_, n) => n + 1);
    const rows = [...(await readEvents(state, 's1', sequences)).values()].map((row) => row.value);
    expect(rows.map((row) => row.sequence)).toEqual(sequences);
    expect(new Set(rows.map((row) => row.eventId)).size).toBe(EVENTS);
    expect([...new Set(received)].sort((a, b) => a - b)).toEqual(sequences);
    expect((await readHead(state, 's1'))?.value).toMatchObject({ lastSequence: EVENTS, reached: EVENTS, open: [] });
    expect((await readDue(state, logPartition('s1'), Number.MAX_SAFE_INTEGER)).filter((due) => due.kind === 'deliver')).toEqual([]);
  });
});
