import { beforeEach, expect, test } from 'vitest';
import type { Principal, Role } from '../../../shared/partners/model.ts';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeEndpoint } from '../../../shared/platform/http/endpoint.ts';
import { rfiRoutes } from '../../../functions/http/rfi-routes.ts';
import { rfiDecisionUses } from '../../../functions/http/rfi-decisions.ts';
import { rfiUses } from '../../../functions/http/rfis.ts';
import { makeDecisionWorld, type DecisionWorld } from '../rfis/decision-world.ts';
import { rfi, scan, tenant, type RfiWorld } from '../rfis/rfi-world.ts';
import { findDecision } from '../../../shared/rfis/decision-store.ts';
import { callHttp, type Call } from './http-call.ts';

const partner = (id: string) => ({ id, name: id, state: 'active' as const, ranges: [] });
const ids = { caller: { tenantId: 't', clientId: 'c' } };
const CALLERS: Record<string, Principal> = {
  reader: { kind: 'partner', ...ids, roles: ['Partner.Read'], partner: partner('acme') },
  decider: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('acme') },
  other: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('beta') },
  operator: { kind: 'operator', ...ids, roles: ['Operator.Admin'] },
};

let deciding: DecisionWorld;
let world: RfiWorld;

beforeEach(async () => {
  deciding = makeDecisionWorld();
  world = deciding.rfis;
  world.upstream = [rfi(1), rfi(2)];
  world.customers = [{ partner: 'acme', customerId: 'contoso', tenantId: tenant(2) }];
  await world.ingest();
});

const BASE = 'https://api.example';
const STATUS_MAP = { accept: 'ConsentAcknowledged', decline: 'ConsentDeclined', terminate: 'ContractTerminated' };

/** A route over the world, behind a caller that is named by its token. */
const call = (name: string, caller: string, options: Call) => {
  const admit = (token: string | undefined): Promise<Principal> => {
    const found = CALLERS[token ?? ''];
    return found ? Promise.resolve(found) : Promise.reject(new AppError('Unauthenticated'));
  };
  const endpoint = makeEndpoint<Principal, Role>({ admit, nowMs: () => world.nowMs, newId: () => 'id' });
  const parts = { listRfis: world.list, syncRfis: world.sync, getRfiScan: world.scanState, getRfi: world.get };
  const decisions = { decide: deciding.decideRfi, statusMap: STATUS_MAP, hash: (text: string) => `${text.length}` };
  const uses = { ...rfiUses(parts, BASE), ...rfiDecisionUses(decisions, BASE) };
  const route = rfiRoutes(endpoint, uses).find(({ contract }) => contract.name === name);
  if (!route) throw new Error(`no route ${name}`);
  return callHttp(route.handler, { ...options, headers: { ...options.headers, authorization: caller } });
};
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

const get = (caller: string, n: number, query = '', headers: Record<string, string> = {}) =>
  call('getRfi', caller, { path: `rfis/${tenant(n)}${query}`, params: { tenantId: tenant(n).toUpperCase() }, headers });

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

const decide = (caller: string, n: number, what: string, body: unknown, headers: Record<string, string> = {}) =>
  call(what === 'accept' ? 'acceptRfi' : what === 'decline' ? 'declineRfi' : 'putRfiRelationship', caller, {
    path: `rfis/${tenant(n)}/${what}`,
    method: what === 'relationship' ? 'PUT' : 'POST',
    params: { tenantId: tenant(n) },
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

test('accepts with 202, a monitor, and one operation for one Idempotency-Key', async () => {
  const createCustomer = { customerId: 'new', services: ['teamsOperatorConnect'] };
  const body = { comment: 'Contract 77 signed', ticket: 'CHG0042', createCustomer };
  const first = await decide('decider', 2, 'accept', body, { 'idempotency-key': 'k1' });
  const { id } = first.body as { id: string };
  expect([first.status, first.body]).toMatchObject([
    202,
    {
      kind: 'rfi.accept',
      status: 'NotStarted',
      tenantId: tenant(2),
      customerId: 'new',
      ticket: 'CHG0042',
      steps: [
        { name: 'setRelationship', status: 'NotStarted' },
        { name: 'createCustomer', status: 'NotStarted' },
      ],
    },
  ]);
  expect([first.headers.get('operation-location'), first.headers.get('retry-after'), first.headers.get('idempotency-replayed')]).toEqual([
    `${BASE}/api/operations/${id}?api-version=2026-11-01`,
    '5',
    null,
  ]);
  const repeated = await decide('decider', 2, 'accept', body, { 'idempotency-key': 'k1' });
  expect([repeated.headers.get('idempotency-replayed'), repeated.body]).toMatchObject(['true', { id }]);
  const other = await decide('decider', 2, 'accept', { comment: 'Other' }, { 'idempotency-key': 'k1' });
  expect([other.status, other.error.code]).toEqual([422, 'IdempotencyKeyReused']);
});

test('puts the tenant id and the services of the new customer into what the customers’ own schema asks for', async () => {
  const createCustomer = { customerId: 'new', services: ['teamsOperatorConnect', 'azureOperatorCallProtection'], reference: 'crm-1' };
  const { body } = await decide('decider', 2, 'accept', { createCustomer });
  const decision = await findDecision(world.inside.state, (body as { id: string }).id);
  expect(decision?.customer).toMatchObject({
    partner: 'acme',
    customerId: 'new',
    request: {
      teamsTenantId: tenant(2),
      reference: 'crm-1',
      services: { teamsOperatorConnect: { sync: true }, azureOperatorCallProtection: {} },
    },
  });
});

test('declines with a reason, which the customer reads', async () => {
  expect((await decide('decider', 2, 'decline', { reason: 'No service in this country' })).status).toBe(202);
  await deciding.settle();
  expect(world.upstream[1]?.['customerRelationship']).toMatchObject({ status: 'ConsentDeclined', comment: 'No service in this country' });
  expect(world.events()).toContain('rfi.declined acme 2');
});

test('sets any other relationship, and answers with the RFI', async () => {
  const { status, headers, body } = await decide('decider', 2, 'relationship', { status: 'AgreementSigned', comment: 'By post' });
  expect([status, headers.get('operation-location'), body]).toMatchObject([
    200,
    expect.stringContaining('/operations/'),
    { tenantId: tenant(2), relationship: { status: 'ConsentAcknowledged' } },
  ]);
  await deciding.settle();
  expect(((await get('decider', 2)).body as { relationship: unknown }).relationship).toMatchObject({
    status: 'AgreementSigned',
    comment: 'By post',
  });
  expect(world.events()).toContain('rfi.updated acme 2');
});

test.each([
  ['accept', { comment: '' }, 'InvalidRequest', '/comment'],
  ['accept', { ticket: 'x'.repeat(65) }, 'InvalidRequest', '/ticket'],
  [
    'accept',
    { createCustomer: { customerId: 'a b', services: ['zoomPhoneCloudPeering'] } },
    'InvalidRequest',
    '/createCustomer/customerId',
  ],
  ['accept', { createCustomer: { customerId: 'ab', services: [] } }, 'InvalidRequest', '/createCustomer/services'],
  ['accept', { createCustomer: { customerId: 'ab', services: ['teamsDirectRouting'] } }, 'InvalidRequest', '/createCustomer/services/0'],
  ['decline', {}, 'InvalidRequest', '/reason'],
  ['decline', { reason: '   ' }, 'InvalidRequest', '/reason'],
  ['relationship', {}, 'InvalidRequest', '/status'],
  ['relationship', { status: 'ConsentDeclined' }, 'InvalidRequest', '/comment'],
  ['relationship', { status: 'ContractTerminated' }, 'InvalidRequest', '/comment'],
])('answers 400 to %s with %j', async (what, body, code, pointer) => {
  const { status, error } = await decide('decider', 2, what, body);
  expect([status, error.code, error.details?.map(({ target }) => target)]).toEqual([400, code, [pointer]]);
});

test.each(['accept', 'decline', 'relationship'])('answers to %s like to reading: 404 to others, 409 when it is closed', async (what) => {
  const body = what === 'accept' ? {} : what === 'decline' ? { reason: 'No' } : { status: 'AgreementSigned' };
  for (const [caller, n] of [
    ['other', 2],
    ['decider', 1],
    ['operator', 99],
  ] as const) {
    const { status, error } = await decide(caller, n, what, body);
    expect([status, error]).toMatchObject([404, { code: 'ResourceNotFound', target: 'rfi' }]);
  }
  const stale = await decide('decider', 2, what, body, { 'if-match': '"stale"' });
  expect([stale.status, stale.error.code]).toEqual([412, 'PreconditionFailed']);
  world.upstream = [rfi(1)];
  await scan(world);
  const closed = await decide('decider', 2, what, body);
  expect([closed.status, closed.error.code]).toEqual([409, 'RfiClosed']);
});
