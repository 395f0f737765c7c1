/** The webhook receiver as a sender and a test see it: signatures by the Standard Webhooks library, counts, faults on demand. */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../infra/local/lib/log.ts';
import type { HookView } from '../../infra/local/webhook-receiver/hook-record.ts';
import { startWebhookReceiver, type Receiver } from '../../infra/local/webhook-receiver/receiver.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startWebhookReceiver({ port: 0, control: true, log: silentLog });
  expect((await put('/hooks/acme', { secret: SECRET })).status).toBe(201);
});
afterEach(() => receiver.close());

const put = (path: string, body: unknown) => fetch(`${receiver.url}/__control${path}`, { method: 'PUT', body: JSON.stringify(body) });
const view = async (query = ''): Promise<HookView> =>
  (await (await fetch(`${receiver.url}/__control/hooks/acme${query}`)).json()) as HookView;

type Sent = { id?: string; secret?: string; at?: Date; hook?: string; signed?: string; signal?: AbortSignal };
const send = (event: unknown, { id = 'evt_1', secret = SECRET, at = new Date(), hook = 'acme', signed, signal }: Sent = {}) => {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, signed ?? body),
  };
  return fetch(`${receiver.url}/hooks/${hook}`, { method: 'POST', body, headers, ...(signal ? { signal } : {}) });
};
const event = (sequence: number, subscriptionId = 'sub_1') => ({ type: 'customer.synced', subscriptionId, sequence });

test('accepts a signed delivery and remembers its body', async () => {
  expect((await send(event(1))).status).toBe(204);
  expect(await view()).toMatchObject({
    received: 1,
    verified: 1,
    unverified: 0,
    duplicates: 0,
    gaps: 0,
    lastSequence: 1,
    events: [{ number: 1, webhookId: 'evt_1', verification: { verified: true }, status: 204, event: event(1) }],
  });
});

test.each([
  ['of another secret', { secret: OTHER_SECRET }, 'No matching signature found'],
  ['over other bytes', { signed: '{"sequence":2}' }, 'No matching signature found'],
  ['older than five minutes', { at: new Date(Date.now() - 400_000) }, 'Message timestamp too old'],
  ['from the future', { at: new Date(Date.now() + 400_000) }, 'Message timestamp too new'],
])('answers 401 to a signature %s and says why', async (_what, sent, reason) => {
  expect((await send(event(1), sent)).status).toBe(401);
  expect(await view()).toMatchObject({ received: 1, verified: 0, unverified: 1, lastSequence: 0, events: [{ verification: { reason } }] });
});

test('answers 401 without the signature headers', async () => {
  expect((await fetch(`${receiver.url}/hooks/acme`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(await view()).toMatchObject({ unverified: 1, events: [{ verification: { reason: 'Missing required headers' } }] });
});

test('verifies the bytes as they came, not the JSON that they mean', async () => {
  const spaced = '{ "sequence" : 1 }\n';
  expect((await send(spaced)).status).toBe(204);
  expect((await send(spaced, { id: 'evt_2', signed: JSON.stringify(JSON.parse(spaced)) })).status).toBe(401);
});

test('counts gaps and duplicates of each subscription for itself', async () => {
  for (const [id, sequence] of [
    ['a', 1],
    ['d', 4],
    ['b', 2],
    ['d', 4],
  ] as const)
    await send(event(sequence), { id });
  await send(event(2, 'sub_2'), { id: 'e' });
  expect(await view()).toMatchObject({
    received: 5,
    duplicates: 1,
    gaps: 2,
    subscriptions: { sub_1: { lastSequence: 4, gaps: 1, missing: [3] }, sub_2: { lastSequence: 2, gaps: 1, missing: [1] } },
  });
});

test('fails the told number of times with the told answer; the retry of a failed delivery is no duplicate', async () => {
  await put('/hooks/acme/behaviour', { status: 503, times: 2, headers: { 'retry-after': '7' } });
  const first = await send(event(1));
  expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
  expect((await send(event(1), { secret: OTHER_SECRET })).status).toBe(401);
  expect((await send(event(1))).status).toBe(503);
  expect((await send(event(1))).status).toBe(204);
  expect(await view()).toMatchObject({ received: 4, verified: 3, refused: 2, duplicates: 0, gaps: 0, lastSequence: 1 });
});

test('stalls as told, and does not count a delivery that nobody waited for as accepted', async () => {
  await put('/hooks/acme/behaviour', { delayMs: 300, times: 1 });
  await expect(send(event(1), { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  await expect.poll(() => view()).toMatchObject({ received: 1, verified: 1, refused: 1, lastSequence: 0 });
  expect((await send(event(1))).status).toBe(204);
  expect(await view()).toMatchObject({ duplicates: 0, lastSequence: 1 });
});

test('gives a new secret to a known hook and keeps what it received', async () => {
  await send(event(1));
  expect((await put('/hooks/acme', { secret: OTHER_SECRET })).status).toBe(200);
  expect((await send(event(2), { id: 'evt_2' })).status).toBe(401);
  expect((await send(event(2), { id: 'evt_2', secret: OTHER_SECRET })).status).toBe(204);
  expect(await view()).toMatchObject({ received: 3, verified: 2, lastSequence: 2, gaps: 0 });
});

test('pages through its deliveries', async () => {
  for (let n = 1; n <= 5; n++) await send(event(n), { id: `evt_${n}` });
  const first = await view('?limit=3');
  expect(first.events.map(({ number }) => number)).toEqual([1, 2, 3]);
  const second = await view(`?limit=3&from=${String(first.nextFrom)}`);
  expect(second.events.map(({ number }) => number)).toEqual([4, 5]);
  expect(second.nextFrom).toBeUndefined();
});

test('keeps a bounded number of bodies but exact counts', async () => {
  const heavy = { ...event(1), filler: 'x'.repeat(900_000) };
  for (let n = 1; n <= 40; n++) await send({ ...heavy, sequence: n }, { id: `evt_${n}` });
  const { received, gaps, lastSequence, events } = await view('?limit=1000');
  expect({ received, gaps, lastSequence }).toEqual({ received: 40, gaps: 0, lastSequence: 40 });
  expect(events.length).toBeLessThan(40);
  expect(events.at(-1)?.number).toBe(40);
});

test('refuses what it does not know: hooks, methods, sizes, control requests', async () => {
  expect((await send(event(1), { hook: 'nobody' })).status).toBe(404);
  expect((await fetch(`${receiver.url}/hooks/acme`)).status).toBe(404);
  expect((await send('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  expect((await put('/hooks/acme/behaviour', { satus: 500 })).status).toBe(400);
  expect((await put('/hooks/acme', { secret: 'no secret' })).status).toBe(400);
  expect((await put('/hooks/nobody/behaviour', {})).status).toBe(404);
  expect((await put('/else', {})).status).toBe(404);
  expect((await view()).received).toBe(0);
});

test('has no control path unless it is switched on', async () => {
  const closed = await startWebhookReceiver({ port: 0, control: false, secrets: { acme: SECRET }, log: silentLog });
  expect((await fetch(`${closed.url}/__control/hooks/acme`)).status).toBe(404);
  await closed.close();
});
