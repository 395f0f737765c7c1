import { beforeEach, describe, expect, it } from 'vitest';
import { idempotencyOf } from '../../../shared/platform/http/contract.ts';
import { composedApp } from './composed-app.ts';
import { acmeToken, operatorToken } from './tokens.ts';

/** Ids and bytes that differ, as real ones do. */
const freshApp = () => {
  let made = 0;
  return composedApp(
    { acme: acmeToken('Partner.Read', 'Partner.Write'), operator: operatorToken() },
    { newId: () => `id${++made}`, randomBytes: (count) => new Uint8Array(count).fill(++made) },
  );
};

const { routes } = freshApp();
const posts = routes.map(({ contract }) => contract).filter(({ method }) => method === 'POST');

/** POSTs that ask and change nothing. */
const QUESTIONS = ['getAvailableCapabilities', 'validateOrder'];

describe('every POST', () => {
  it.each(posts.map((contract) => [contract.name, contract] as const))(
    '%s knows the Idempotency-Key, or changes nothing',
    (name, contract) => expect(idempotencyOf(contract) !== undefined).toBe(!QUESTIONS.includes(name)),
  );
});

const SUBSCRIPTION = { url: 'https://hooks.example.net/acme', eventTypes: ['number_order.*'] };
type Created = { id: string; secret?: string; key?: string };
let call: ReturnType<typeof freshApp>['call'];
beforeEach(() => ({ call } = freshApp()));

const post = (path: string, body: unknown, headers: Record<string, string>, token = 'acme') =>
  call(path, { method: 'POST', token, body, headers });

describe('a repeated POST', () => {
  it('makes one webhook subscription and tells its secret once', async () => {
    const key = { 'idempotency-key': '"hook-1"' };
    const first = await post('webhook-subscriptions', SUBSCRIPTION, key);
    const again = await post('webhook-subscriptions', { eventTypes: SUBSCRIPTION.eventTypes, url: SUBSCRIPTION.url }, key);
    const { secret, ...rest } = first.body as Created;
    expect(secret).toMatch(/^whsec_/);
    expect([first.status, again.status, again.body]).toEqual([201, 201, rest]);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    const all = (await call('webhook-subscriptions', { token: 'acme' })).body as { value: { url?: string }[] };
    expect(all.value.filter(({ url }) => url === SUBSCRIPTION.url)).toHaveLength(1);
  });

  it('rotates a secret once', async () => {
    const { id } = (await post('webhook-subscriptions', SUBSCRIPTION, {})).body as Created;
    const path = `webhook-subscriptions/${id}/rotate-secret`;
    const [first, again] = [await post(path, {}, { 'idempotency-key': 'r' }), await post(path, {}, { 'idempotency-key': 'r' })];
    expect([first.status, again.status, (again.body as Created).secret]).toEqual([200, 200, undefined]);
    expect(again.body).toEqual({ ...(first.body as Created), secret: undefined });
  });

  it('makes one API key and tells it once', async () => {
    const body = { name: 'ci', roles: ['Partner.Read'], expiresInDays: 30 };
    const make = () => post('operator/partners/acme/api-keys', body, { 'idempotency-key': 'k' }, 'operator');
    const [first, again] = [await make(), await make()];
    expect([(first.body as Created).key, (again.body as Created).key]).toEqual([expect.stringMatching(/^acg_/), undefined]);
    expect((again.body as Created).id).toBe((first.body as Created).id);
  });

  it('with another body is refused', async () => {
    await post('webhook-subscriptions', SUBSCRIPTION, { 'idempotency-key': 'k' });
    const other = await post('webhook-subscriptions', { ...SUBSCRIPTION, detail: 'number' }, { 'idempotency-key': 'k' });
    expect([other.status, other.error.code, other.error.target]).toEqual([422, 'IdempotencyKeyReused', 'Idempotency-Key']);
  });

  it('is known by the headers of OASIS Repeatable Requests as well', async () => {
    const id = '5f1b2a6e-6f5a-4c60-9d0a-0c2f7e1f2a3b';
    const pair = { 'repeatability-request-id': id, 'repeatability-first-sent': 'Sun, 22 Nov 2026 02:00:00 GMT' };
    const first = await post('webhook-subscriptions', SUBSCRIPTION, pair);
    const again = await post('webhook-subscriptions', SUBSCRIPTION, { 'idempotency-key': id });
    expect([first.headers.get('repeatability-result'), again.headers.get('idempotency-replayed')]).toEqual(['accepted', 'true']);
    const other = await post('webhook-subscriptions', { ...SUBSCRIPTION, detail: 'number' }, pair);
    expect([other.status, other.headers.get('repeatability-result')]).toEqual([422, 'rejected']);
  });

  it.each([
    [
      'two keys that differ',
      { 'idempotency-key': 'a', 'repeatability-request-id': 'b', 'repeatability-first-sent': 'Sun, 22 Nov 2026 02:00:00 GMT' },
    ],
    ['half of the pair', { 'repeatability-request-id': 'b' }],
    ['no time at all', { 'repeatability-request-id': 'b', 'repeatability-first-sent': 'lately' }],
    ['a blank key', { 'idempotency-key': '""' }],
  ])('is refused with %s', async (_what, headers) => {
    const answer = await post('webhook-subscriptions', SUBSCRIPTION, headers);
    expect([answer.status, answer.error.code]).toEqual([400, 'InvalidIdempotencyKey']);
  });

  it('that was wrong leaves its key to the right one', async () => {
    const key = { 'idempotency-key': 'k' };
    expect((await post('webhook-subscriptions', { url: 7 }, key)).status).toBe(400);
    expect((await post('webhook-subscriptions', SUBSCRIPTION, key)).status).toBe(201);
  });
});
