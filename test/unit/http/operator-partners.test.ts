import { beforeEach, describe, expect, test } from 'vitest';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { CLAIM_SETTLES_MS } from '../../../shared/partners/client-claims.ts';
import { memoryTables } from '../../fakes/memory-tables.ts';
import { ACME_CLIENT, BETA_CLIENT, composedApp, PARTNER_TENANT } from './composed-app.ts';
import { acmeToken, operatorToken, verified } from './tokens.ts';

const GAMMA_CLIENT = '66666666-6666-4666-8666-666666666666';
const gammaClient = { tenantId: PARTNER_TENANT, clientId: GAMMA_CLIENT };
const tokens = {
  operator: operatorToken(),
  acme: acmeToken('Partner.Read'),
  gamma: verified(PARTNER_TENANT, GAMMA_CLIENT, ['Partner.Read']),
};

let nowMs: number;
let table: ReturnType<typeof memoryTables>;
let app: ReturnType<typeof composedApp>;

beforeEach(() => {
  nowMs = Date.parse('2026-11-22T02:00:00Z');
  table = memoryTables();
  app = composedApp(tokens, {
    clock: { now: () => nowMs, sleep: () => Promise.resolve() },
    table,
  });
});

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  app.call(`operator/partners${path}`, { method, token: 'operator', body, headers });
const putGamma = (changes: object = {}, headers: Record<string, string> = {}) =>
  ask('PUT', '/gamma', { name: 'Gamma', clients: [gammaClient], ...changes }, headers);
const meAs = (token: string) => app.call('me', { token });

describe('a partner', () => {
  test('is made, found by its application at the next request, and read as it was put', async () => {
    expect((await meAs('gamma')).error.code).toBe('PartnerUnknown');
    const made = await putGamma({ quota: { requestsPerMinute: 60 } });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        id: 'gamma',
        name: 'Gamma',
        state: 'active',
        clients: [gammaClient],
        quota: { requestsPerMinute: 60 },
        numberRanges: 0,
      }),
    ]);
    expect((await meAs('gamma')).body).toMatchObject({ partner: { id: 'gamma' } });
    const read = await ask('GET', '/gamma');
    expect(read.body).toEqual(made.body);
    expect((await ask('GET', '/gamma', undefined, { 'if-none-match': read.headers.get('etag') ?? '' })).status).toBe(304);
  });

  test('put again is 200, and stays as it was where nothing is said anew', async () => {
    const made = await putGamma();
    nowMs += 1_000;
    const again = await putGamma();
    expect([again.status, again.body]).toEqual([200, made.body]);
    expect((await putGamma({ name: 'Gamma Ltd' })).body).toMatchObject({ name: 'Gamma Ltd', updatedAt: '2026-11-22T02:00:01.000Z' });
  });

  test('is refused from the very next request on once it is suspended', async () => {
    await putGamma();
    expect((await meAs('gamma')).status).toBe(200);
    await putGamma({ state: 'suspended' });
    expect((await meAs('gamma')).error.code).toBe('PartnerSuspended');
  });

  test('loses an application that it no longer names', async () => {
    await putGamma();
    await putGamma({ clients: [] });
    expect((await meAs('gamma')).error.code).toBe('PartnerUnknown');
  });

  test('is changed under a condition only as it was read', async () => {
    expect((await putGamma({}, { 'if-match': '*' })).error.code).toBe('PreconditionFailed');
    const etag = (await putGamma({}, { 'if-none-match': '*' })).headers.get('etag') ?? '';
    expect((await putGamma({}, { 'if-none-match': '*' })).error.code).toBe('PreconditionFailed');
    expect((await putGamma({ name: 'A' }, { 'if-match': etag })).status).toBe(200);
    expect((await putGamma({ name: 'B' }, { 'if-match': etag })).error.code).toBe('PreconditionFailed');
  });

  test('cannot have the application of another one, until that one has let it go for a while', async () => {
    await meAs('acme');
    const steal = () => putGamma({ clients: [gammaClient, { tenantId: PARTNER_TENANT, clientId: ACME_CLIENT }] });
    expect((await steal()).error).toMatchObject({
      code: 'ClientInUse',
      details: [{ code: 'ClientInUse', message: 'It belongs to partner acme.', target: '/clients/1' }],
    });
    expect((await ask('GET', '/gamma')).error.code).toBe('ResourceNotFound');
    await ask('PUT', '/acme', { name: 'Acme' });
    expect((await steal()).error.code).toBe('ClientInUse');
    nowMs += CLAIM_SETTLES_MS;
    expect((await steal()).status).toBe(201);
    expect((await meAs('acme')).body).toMatchObject({ partner: { id: 'gamma' } });
  });

  test('of two that are made at the same moment with one application, one gets it', async () => {
    const clients = [gammaClient];
    const both = await Promise.all(['gamma', 'delta'].map((id) => ask('PUT', `/${id}`, { name: id, clients })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('is not made with an id that no account name can begin with, or what nobody knows', async () => {
    expect((await ask('PUT', '/operator', { name: 'x' })).error.code).toBe('InvalidRequest');
    expect((await ask('PUT', '/Bad-Id', { name: 'x' })).error.code).toBe('InvalidRequest');
    expect((await putGamma({ colour: 'red' })).error).toMatchObject({ details: [{ code: 'UnknownProperty', target: '/colour' }] });
  });
});

describe('the list of partners', () => {
  test('comes by id, in pages', async () => {
    await putGamma();
    const first = await app.call('operator/partners?maxpagesize=2', { token: 'operator' });
    const { value, nextLink } = first.body as { value: { id: string }[]; nextLink: string };
    expect(value.map(({ id }) => id)).toEqual(['acme', 'beta']);
    const rest = await app.call(nextLink.split('/api/')[1] ?? '', { token: 'operator' });
    expect(rest.body).toEqual({ value: [expect.objectContaining({ id: 'gamma' })] });
    expect((await app.call('operator/partners?continuationToken=x', { token: 'operator' })).error.code).toBe('InvalidContinuationToken');
  });
});

describe('removing a partner', () => {
  const customers = () => table('Lists');

  test('is refused while it has customers, and ends its applications and keys', async () => {
    await putGamma();
    const made = await ask('POST', '/gamma/api-keys', { roles: ['Partner.Read'] });
    const headers = { authorization: `Bearer ${(made.body as { key: string }).key}` };
    await customers().commit('customers|gamma', [{ kind: 'put', key: 'contoso', value: { customerId: 'contoso' } }]);
    expect((await ask('DELETE', '/gamma')).error.code).toBe('PartnerHasCustomers');
    await customers().commit('customers|gamma', [{ kind: 'put', key: 'contoso', value: { customerId: 'contoso', removed: true } }]);
    expect((await ask('DELETE', '/gamma', undefined, { 'if-match': '"other"' })).error.code).toBe('PreconditionFailed');
    expect((await ask('DELETE', '/gamma')).status).toBe(204);
    expect((await ask('DELETE', '/gamma')).status).toBe(204);
    expect([(await meAs('gamma')).error.code, (await app.call('me', { headers })).status]).toEqual(['PartnerUnknown', 401]);
    expect((await ask('GET', '/gamma')).error.code).toBe('ResourceNotFound');
    expect((await ask('GET', '/gamma/number-ranges')).error.code).toBe('ResourceNotFound');
    expect(((await ask('GET', '')).body as { value: { id: string }[] }).value.map(({ id }) => id)).toEqual(['acme', 'beta']);
  });

  test('leaves nothing to one that is made under its name later', async () => {
    await putGamma();
    const made = await ask('POST', '/gamma/api-keys', { roles: ['Partner.Read'] });
    await ask('PUT', '/gamma/number-ranges', { ranges: [{ from: '+441632970000', to: '+441632970999' }] });
    await ask('DELETE', '/gamma');
    expect((await ask('PUT', '/gamma', { name: 'Other' })).status).toBe(201);
    expect((await ask('GET', '/gamma/number-ranges')).body).toMatchObject({ ranges: [] });
    const headers = { authorization: `Bearer ${(made.body as { key: string }).key}` };
    expect((await app.call('me', { headers })).status).toBe(401);
  });
});

describe('number ranges', () => {
  const RANGES = '/acme/number-ranges';
  const old = { from: '+441632960000', to: '+441632969999' };
  const putRanges = (ranges: unknown, headers: Record<string, string> = {}, path = RANGES) => ask('PUT', path, { ranges }, headers);

  test('are read, replaced, and in force at the next request', async () => {
    const read = await ask('GET', RANGES);
    expect(read.body).toMatchObject({ ranges: [old] });
    const more = { from: '+441632980000', to: '+441632980099' };
    const put = await putRanges([more, old], { 'if-match': read.headers.get('etag') ?? '' });
    expect([put.status, put.body]).toEqual([200, expect.objectContaining({ ranges: [old, more] })]);
    expect((await meAs('acme')).body).toMatchObject({ partner: { numberRanges: [old, more] } });
    expect((await putRanges([old], { 'if-match': read.headers.get('etag') ?? '' })).error.code).toBe('PreconditionFailed');
  });

  test('of another partner are refused, naming it', async () => {
    const { error } = await putRanges([{ from: '+441632969999', to: '+441632970000' }], {}, '/beta/number-ranges');
    expect(error).toMatchObject({
      code: 'RangeAllocated',
      details: [{ code: 'RangeAllocated', message: 'Overlaps a range of partner acme.', target: '/ranges/0' }],
    });
  });

  test('are given to one of two partners that are given them at the same moment', async () => {
    await ask('PUT', '/gamma', { name: 'Gamma' });
    const ranges = [{ from: '+441632990000', to: '+441632990999' }];
    const both = await Promise.all(['/beta/number-ranges', '/gamma/number-ranges'].map((path) => putRanges(ranges, {}, path)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('cannot be taken away below numbers in use, which are named', async () => {
    const index = makeNumberIndex({
      table: table('NumberIndex'),
      sleep: () => Promise.resolve(),
      random: () => 0,
    });
    await index.claim('acme', 'acc.acme-contoso', [
      { digits: '441632960005', op: 1 },
      { digits: '441632960205', op: 1 },
    ]);
    const shrink = () => putRanges([{ from: '+441632960000', to: '+441632960199' }]);
    const refused = await shrink();
    expect(refused.error).toMatchObject({
      code: 'NumbersInUse',
      details: [{ code: 'NumberInUse', message: 'Held by customer contoso.', target: '+441632960205' }],
    });
    expect(JSON.stringify([refused.logs, app.logs])).not.toContain('441632960205');
    await index.hand('acc.acme-contoso', ['441632960205'], () => undefined);
    expect((await shrink()).status).toBe(200);
  });

  test('that would go by more than one request looks through are taken away in parts', async () => {
    await putRanges([old, { from: '+4400000000000', to: '+4499999999999' }]);
    expect((await putRanges([old])).error.code).toBe('LimitReached');
    expect((await ask('GET', RANGES)).body).toMatchObject({ ranges: [old, { from: '+4400000000000' }] });
  });

  test('are refused where they overlap each other, are no range, or nobody is their partner', async () => {
    expect((await putRanges([old, { from: '+441632965000', to: '+441632965000' }])).error).toMatchObject({
      code: 'InvalidRequest',
      details: [{ target: '/ranges/1' }],
    });
    expect((await putRanges([{ from: '+44', to: '+1' }])).error.code).toBe('InvalidRequest');
    expect((await putRanges([], {}, '/nobody/number-ranges')).error.code).toBe('ResourceNotFound');
  });
});

test('a restart leaves what an operator has made of a seeded partner', async () => {
  await ask('PUT', '/beta', { name: 'Beta', clients: [{ tenantId: PARTNER_TENANT, clientId: BETA_CLIENT }] });
  const restarted = composedApp(tokens, { table });
  expect((await restarted.call('operator/partners/beta', { token: 'operator' })).body).toMatchObject({ state: 'active' });
});
