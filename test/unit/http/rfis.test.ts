import { beforeEach, expect, test } from 'vitest';
import { rfi, scan, tenant, type RfiWorld } from '../rfis/rfi-world.ts';
import { BASE, getRfiBy, worldOfTwo, type RfiCaller } from './rfi-caller.ts';

let world: RfiWorld;
let call: RfiCaller;

beforeEach(async () => {
  ({ world, call } = await worldOfTwo());
});

const get = (caller: string, n: number, query = '', headers: Record<string, string> = {}) => getRfiBy(call, caller, n, query, headers);

const list = (caller: string, query = '') => call('listRfis', caller, { path: `rfis${query}` });
const sync = (caller: string, body?: string) =>
  call('syncRfis', caller, { path: 'rfis/sync', method: 'POST', ...(body === undefined ? {} : { body }) });

test.each([
  ['reader', [2], false],
  ['decider', [2], true],
  ['other', [], false],
  ['operator', [1, 2], true],
])('shows to the %s the RFIs %j, contacts: %s', async (caller, shown, contacts) => {
  const { status, body } = await list(caller);
  const { value } = body as { value: { tenantId: string }[] };
  expect([status, value.map(({ tenantId }) => tenantId)]).toEqual([200, shown.map(tenant)]);
  expect(JSON.stringify(body).includes('ada@contoso.example')).toBe(contacts);
});

test.each([
  ['?maxpagesize=0', 'InvalidRequest', 'query'],
  ['?maxpagesize=ten', 'InvalidRequest', 'query'],
  ['?relationship=', 'InvalidRequest', 'query'],
  ['?partnerId=acme', 'UnknownQueryParameter', 'partnerId'],
  ['?continuationToken=x', 'InvalidContinuationToken', 'continuationToken'],
])('answers 400 to %s', async (query, code, target) => {
  const { status, error } = await list('reader', query);
  expect([status, error]).toMatchObject([400, { code, target }]);
});

test('takes a request for a sync once', async () => {
  const first = await sync('operator');
  expect([first.status, first.body]).toEqual([202, { status: 'NotStarted', requestedAt: new Date(world.nowMs).toISOString() }]);
  expect(await world.isSyncRequested()).toBe(true);
  const second = await sync('operator', '{}');
  expect([second.status, second.error.code]).toEqual([409, 'SyncInProgress']);
});

test('tells how a sync goes, and how it went', async () => {
  const asked = await sync('operator');
  expect([asked.headers.get('operation-location'), asked.headers.get('retry-after')]).toEqual([
    `${BASE}/api/rfis/sync?api-version=2026-11-01`,
    '10',
  ]);
  const look = () => call('getRfiScan', 'operator', { path: 'rfis/sync' });
  const requestedAt = new Date(world.nowMs).toISOString();
  const waiting = await look();
  expect([waiting.headers.get('retry-after'), waiting.body]).toMatchObject(['10', { status: 'NotStarted', requestedAt }]);
  let during: unknown;
  world.onAsk = async () => {
    during = (await look()).body;
  };
  await scan(world);
  expect(during).toMatchObject({ status: 'Running', requestedAt, startedAt: new Date(world.nowMs).toISOString() });
  const after = await look();
  expect(after.headers.get('retry-after')).toBeNull();
  expect(after.body).toMatchObject({ status: 'Succeeded', last: { outcome: 'complete', counts: { pages: 1, seen: 2, received: 0 } } });
  world.failsFrom = 0;
  await scan(world);
  expect((await look()).body).toMatchObject({ status: 'Failed', last: { outcome: 'upstreamUnavailable' } });
});

test.each([
  ['reader', 2, false],
  ['decider', 2, true],
  ['operator', 1, true],
])('shows to the %s the RFI %i, contacts: %s', async (caller, n, contacts) => {
  const { status, body } = await get(caller, n);
  expect([status, body]).toMatchObject([200, { tenantId: tenant(n), id: `rfi-${n}`, status: 'active' }]);
  expect(JSON.stringify(body).includes('ada@contoso.example')).toBe(contacts);
});

test('answers the same 404 to what is foreign, nobody’s and missing, and asks the gateway for none of it', async () => {
  const { requests } = world;
  const before = requests.length;
  const answers = [
    await get('other', 2, '?refresh=true'),
    await get('reader', 1, '?refresh=true'),
    await get('reader', 99, '?refresh=true'),
  ];
  for (const { status, error } of answers) expect([status, error]).toMatchObject([404, { code: 'ResourceNotFound', target: 'rfi' }]);
  expect(requests.length).toBe(before);
});

test('answers 304 to whoever has it already, and 400 to what is no tenant id', async () => {
  const { headers } = await get('reader', 2);
  const etag = headers.get('etag') ?? 'none';
  expect((await get('reader', 2, '', { 'if-none-match': etag })).status).toBe(304);
  const wrong = await call('getRfi', 'reader', { path: 'rfis/contoso', params: { tenantId: 'contoso' } });
  expect([wrong.status, wrong.error.code]).toEqual([400, 'InvalidRequest']);
});

test('asks the gateway first where that is wanted, and tells what changed once', async () => {
  world.nowMs += 1_000;
  world.upstream = [rfi(1), rfi(2, { status: 'suspended', lastModifiedOn: '2026-11-02T00:00:00Z' })];
  expect((await get('reader', 2)).body).toMatchObject({ status: 'active' });
  expect((await get('reader', 2, '?refresh=true')).body).toMatchObject({ status: 'suspended', updatedAt: '2026-11-02T00:00:00Z' });
  await scan(world);
  expect(world.events().filter((event) => event.startsWith('rfi.updated'))).toEqual(['rfi.updated acme 2']);
  world.upstream = [rfi(1)];
  world.nowMs += 1_000;
  expect((await get('reader', 2, '?refresh=true')).body).toMatchObject({ status: 'removed' });
  await scan(world);
  expect(world.events().filter((event) => event.startsWith('rfi.removed'))).toEqual(['rfi.removed acme 2']);
});

test.each([
  ['noPermit', 429, 'TooManyRequests', '5'],
  ['noAnswer', 503, 'UpstreamUnavailable', '60'],
] as const)('answers a refresh that hears nothing (%s) with %i', async (reason, status, code, retryAfter) => {
  world.unheard = reason;
  const answered = await get('reader', 2, '?refresh=true');
  expect([answered.status, answered.error.code, answered.headers.get('retry-after')]).toEqual([status, code, retryAfter]);
  expect((await get('reader', 2)).status).toBe(200);
});

test('lists what changed after a time', async () => {
  world.upstream = [rfi(1), rfi(2, { lastModifiedOn: '2026-11-02T00:00:00Z' }), rfi(4, { lastModifiedOn: null })];
  await scan(world);
  const since = async (time: string) => {
    const { status, body } = await list('operator', `?updatedAfter=${encodeURIComponent(time)}`);
    return [status, (body as { value?: { tenantId: string }[] }).value?.map(({ tenantId }) => tenantId)];
  };
  expect(await since('2026-11-01T00:00:00Z')).toEqual([200, [tenant(2)]]);
  expect(await since('2026-11-02T00:00:00Z')).toEqual([200, []]);
  expect(await since('2026-09-01T00:00:00+02:00')).toEqual([200, [tenant(1), tenant(2)]]);
  expect((await since('yesterday'))[0]).toBe(400);
});

test('erases contacts for the operator, and answers 404 to what is missing', async () => {
  const erase = (n: number) =>
    call('deleteRfiContacts', 'operator', { path: `rfis/${tenant(n)}/contacts`, method: 'DELETE', params: { tenantId: tenant(n) } });
  expect([(await erase(2)).status, (await erase(2)).status]).toEqual([204, 204]);
  expect((await get('decider', 2)).body).toMatchObject({ contacts: [] });
  expect([(await erase(99)).status, (await erase(99)).error]).toMatchObject([404, { code: 'ResourceNotFound', target: 'rfi' }]);
});
