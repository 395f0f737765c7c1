import { beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../../shared/partners/model.ts';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeEndpoint } from '../../../shared/platform/http/endpoint.ts';
import { listRfis, rfiUses, syncRfis } from '../../../functions/http/rfis.ts';
import { makeRfiWorld, rfi, tenant, type RfiWorld } from '../rfis/rfi-world.ts';
import { callHttp, type Call } from './http-call.ts';

const partner = (id: string) => ({ id, name: id, state: 'active' as const, ranges: [] });
const ids = { caller: { tenantId: 't', clientId: 'c' } };
const CALLERS: Record<string, Principal> = {
  reader: { kind: 'partner', ...ids, roles: ['Partner.Read'], partner: partner('acme') },
  decider: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('acme') },
  other: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('beta') },
  operator: { kind: 'operator', ...ids, roles: ['Operator.Admin'] },
};

let world: RfiWorld;

beforeEach(async () => {
  world = makeRfiWorld();
  world.upstream = [rfi(1), rfi(2)];
  world.customers = [{ partner: 'acme', customerId: 'contoso', tenantId: tenant(2) }];
  await world.ingest();
});

/** The two routes over the world, behind a caller that is named by its token. */
const call = (name: 'listRfis' | 'syncRfis', caller: string, options: Call) => {
  const admit = (token: string | undefined): Promise<Principal> => {
    const found = CALLERS[token ?? ''];
    return found ? Promise.resolve(found) : Promise.reject(new AppError('Unauthenticated'));
  };
  const route = makeEndpoint<Principal, (typeof listRfis | typeof syncRfis)['role']>({
    admit,
    nowMs: () => world.nowMs,
    newId: () => 'id',
  });
  const uses = rfiUses({ listRfis: world.list, syncRfis: world.sync });
  const { handler } = name === 'listRfis' ? route(listRfis, uses.listRfis) : route(syncRfis, uses.syncRfis);
  return callHttp(handler, { ...options, headers: { authorization: caller } });
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

test('asks for the roles that the routes are for', () => {
  expect([listRfis.role, syncRfis.role]).toEqual(['Partner.Read', 'Operator.Admin']);
});
