import { beforeEach, describe, expect, test } from 'vitest';
import { ACME_CLIENT, composedApp, PARTNER_TENANT } from './composed-app.ts';
import type { Answered, Call } from './http-call.ts';
import { acmeToken, operatorToken, verified } from './tokens.ts';

const GAMMA = '55555555-5555-4555-8555-555555555555';
const OC = { service: 'teamsOperatorConnect', usage: 'CallingUserAssignment', capabilities: ['InboundCalling'] };
const ZOOM = { service: 'zoomPhoneCloudPeering', customSipHeader: 'acme-bill-7' };
const roles = ['Partner.Read', 'Partner.Write', 'Partner.Release'];
const tokens = { acme: acmeToken(...roles), gamma: verified(PARTNER_TENANT, GAMMA, roles), operator: operatorToken() };

let app: ReturnType<typeof composedApp>;
let nowMs: number;

beforeEach(() => {
  nowMs = Date.parse('2026-11-22T02:00:00Z');
  const seed = ['acme', 'gamma'].map((id, n) => ({
    id,
    name: id,
    clients: [{ tenantId: PARTNER_TENANT, clientId: n === 0 ? ACME_CLIENT : GAMMA }],
  }));
  app = composedApp(tokens, { clock: { now: () => nowMs, sleep: () => Promise.resolve() } }, { SEED_PARTNERS: JSON.stringify(seed) });
});

const put = (id: string, body: unknown, call: Call & { token?: string } = {}): Promise<Answered> =>
  app.call(`profiles/${id}`, { method: 'PUT', token: 'acme', body, ...call });
const get = (id: string, call: Call & { token?: string } = {}): Promise<Answered> => app.call(`profiles/${id}`, { token: 'acme', ...call });
const remove = (id: string, headers: Record<string, string> = {}): Promise<Answered> =>
  app.call(`profiles/${id}`, { method: 'DELETE', token: 'acme', headers });
const list = (query = '', token = 'acme'): Promise<Answered> => app.call(`profiles${query}`, { token });
const idsOf = ({ body }: Answered): string[] => (body as { value: { id: string }[] }).value.map(({ id }) => id);

describe('a profile', () => {
  test('is made, read, changed and removed under its ETag', async () => {
    const made = await put('users', OC, { headers: { 'if-none-match': '*' } });
    expect([made.status, made.body]).toMatchObject([201, { id: 'users', ...OC, shared: false }]);
    const etag = made.headers.get('etag') ?? '';
    expect((await get('users')).body).toEqual(made.body);
    expect((await get('users', { headers: { 'if-none-match': etag } })).status).toBe(304);
    nowMs += 1_000;
    expect((await put('users', OC)).body).toEqual(made.body);
    const changed = await put('users', ZOOM, { headers: { 'if-match': etag } });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { ...ZOOM, createdAt: '2026-11-22T02:00:00.000Z', updatedAt: '2026-11-22T02:00:01.000Z' },
    ]);
    expect((await put('users', OC, { headers: { 'if-match': etag } })).error.code).toBe('PreconditionFailed');
    expect((await remove('users', { 'if-match': etag })).error.code).toBe('PreconditionFailed');
    expect([(await remove('users')).status, (await remove('users')).status, (await get('users')).status]).toEqual([204, 204, 404]);
  });

  test('is refused with a pointer to what is wrong', async () => {
    const { error } = await put('users', { ...ZOOM, capabilities: [] });
    expect(error).toMatchObject({ code: 'InvalidRequest', details: [{ code: 'UnknownProperty', target: '/capabilities' }] });
    expect((await put('users', { service: 'fax' })).error.details).toMatchObject([{ target: '/service' }]);
    expect((await put('users', { ...OC, shared: true })).error.details).toMatchObject([{ target: '/shared' }]);
    expect((await put('-x', OC)).error.target).toBe('path');
  });

  test("is nobody else's: a foreign one looks like a missing one", async () => {
    await put('users', OC);
    const [foreign, missing] = [await get('users', { token: 'gamma' }), await get('nothing', { token: 'gamma' })];
    expect([foreign.status, foreign.text]).toEqual([404, missing.text]);
    await app.call('profiles/users', { method: 'DELETE', token: 'gamma' });
    expect((await get('users')).status).toBe(200);
  });

  test('is read by all when the operator shares it, and only then', async () => {
    await app.call('profiles/standard', { method: 'PUT', token: 'operator', body: { ...OC, shared: true } });
    await app.call('profiles/draft', { method: 'PUT', token: 'operator', body: OC });
    expect([(await get('standard')).status, (await get('draft')).status]).toEqual([200, 404]);
    await put('standard', ZOOM);
    expect((await get('standard')).body).toMatchObject({ ...ZOOM, shared: false });
    expect((await get('standard', { token: 'gamma' })).body).toMatchObject({ ...OC, shared: true });
    expect([idsOf(await list()), idsOf(await list('', 'gamma'))]).toEqual([['standard'], ['standard']]);
  });
});

describe('the list of profiles', () => {
  test('shows each once, page by page', async () => {
    for (const id of ['c', 'a', 'b']) await put(id, OC);
    const first = await list('?maxpagesize=2');
    const { nextLink } = first.body as { nextLink: string };
    expect(idsOf(first)).toEqual(['a', 'b']);
    const rest = await list(nextLink.slice(nextLink.indexOf('?')));
    expect([idsOf(rest), rest.body]).toEqual([['c'], { value: [expect.anything()] }]);
  });

  test('refuses a token that is none of ours', async () => {
    expect((await list('?continuationToken=nonsense')).error).toMatchObject({
      code: 'InvalidContinuationToken',
      target: 'continuationToken',
    });
  });
});

test('two changes at once both hold, one after the other', async () => {
  const answers = await Promise.all([put('users', OC), put('users', ZOOM), put('others', OC)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201, 201]);
  expect(idsOf(await list())).toEqual(['others', 'users']);
});
