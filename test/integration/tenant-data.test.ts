/** The API's tenant data against the upstream emulator over HTTPS: what partners read, and what they are told when upstream is in trouble. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trust } from '../../infra/local/lib/certificates.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeCallUpstream } from '../../shared/platform/upstream/call-upstream.ts';
import type { CallUpstream } from '../../shared/platform/upstream/call.ts';
import { wrappedTables } from '../fakes/memory-tables.ts';
import { timedRowStore } from '../fakes/timed-row-store.ts';
import { accountBody, API_VERSION, startTestUpstream, TENANT, type TestUpstream } from '../support/upstream-emulator.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { acmeToken } from '../unit/http/tokens.ts';

const ACCOUNT = 'acme-contoso';
const NUMBER = '+441632960000';
const address = (id: string) => ({
  id,
  defaultLocationId: `${id}-1`,
  country: 'GB',
  cityOrTown: 'London',
  validationStatus: 'validated',
  locations: [{ id: `${id}-1`, civicAddressId: id, isDefault: true }],
});

let upstream: TestUpstream;
let callUpstream: CallUpstream;
let app: ReturnType<typeof composedApp>;

beforeAll(async () => {
  upstream = await startTestUpstream();
  trust(upstream.certificates.ca);
  callUpstream = makeCallUpstream({
    baseUrl: upstream.url,
    apiVersion: API_VERSION,
    getToken: () => Promise.resolve(upstream.token),
    timeoutMs: 1_000,
    clock: systemClock,
    newRequestId: randomUUID,
  });
});
afterAll(() => upstream.close());

beforeEach(async () => {
  const tokens = { acme: acmeToken('Partner.Read', 'Partner.Write') };
  let ids = 0;
  const table = wrappedTables((store) => timedRowStore(store, systemClock));
  app = composedApp(tokens, { call: callUpstream, clock: systemClock, table, newId: () => `id${++ids}` });
  const { serviceDetails } = accountBody(ACCOUNT);
  await upstream.control('POST', 'accounts', {
    accounts: [{ name: ACCOUNT, serviceDetails }],
    numbers: [{ telephoneNumber: NUMBER, accountName: ACCOUNT, serviceDetails: { teamsOperatorConnect: { enabled: true } } }],
  });
  await upstream.control('POST', 'teams-data', {
    account: ACCOUNT,
    addresses: Array.from({ length: 450 }, (_, n) => address(`a${1000 + n}`)),
  });
  await ask('customers/contoso', { method: 'PUT', body: { teamsTenantId: TENANT, services: { teamsOperatorConnect: {} } } });
});
afterEach(() => upstream.control('POST', 'reset'));

const ask = (path: string, options: Parameters<typeof app.call>[1] = {}) => app.call(path, { token: 'acme', ...options });
const ROUTES = {
  addresses: () => ask('customers/contoso/civic-addresses?refresh=true'),
  address: () => ask('customers/contoso/civic-addresses/a1007?refresh=true'),
  plans: () => ask('customers/contoso/capability-plans?refresh=true'),
  capabilities: () => ask('customers/contoso/available-capabilities?refresh=true', { method: 'POST', body: { numbers: [NUMBER] } }),
};
const OPERATIONS: Record<keyof typeof ROUTES, string> = {
  addresses: 'Accounts_ListTeamsCivicAddresses',
  address: 'Accounts_GetTeamsCivicAddress',
  plans: 'Accounts_GetTeamsCapabilityPlans',
  capabilities: 'Accounts_GetTeamsAvailableCapabilities',
};
const each = Object.keys(ROUTES) as (keyof typeof ROUTES)[];

it('all addresses are there, over upstream’s pages and ours', async () => {
  const found: string[] = [];
  for (let path: string | undefined = 'customers/contoso/civic-addresses?maxpagesize=200'; path !== undefined;) {
    const { status, body } = await ask(path);
    expect(status).toBe(200);
    const { value, nextLink } = body as { value: { id: string }[]; nextLink?: string };
    found.push(...value.map(({ id }) => id));
    path = nextLink?.replace(/^.*\/api\//, '');
  }
  expect(found).toEqual(Array.from({ length: 450 }, (_, n) => `a${1000 + n}`));
});

it('one address, the plans and the capabilities are there', async () => {
  expect((await ROUTES.address()).body).toMatchObject({ id: 'a1007', address: { country: 'GB', city: 'London' }, validated: true });
  const { value } = (await ROUTES.plans()).body as { value: { usage: string }[] };
  expect(value.map(({ usage }) => usage)).toContain('CallingUserAssignment');
  expect((await ROUTES.capabilities()).body).toEqual({ availableCapabilities: ['UserAssignment', 'InboundCalling', 'OutboundCalling'] });
});

it('what upstream does not have is 404', async () => {
  expect((await ask('customers/contoso/civic-addresses/nowhere')).status).toBe(404);
  const foreign = await ask('customers/contoso/available-capabilities', { method: 'POST', body: { numbers: ['+441632960099'] } });
  expect([foreign.status, foreign.error.target]).toEqual([404, 'numbers']);
});

describe.each(each)('%s', (name) => {
  const fault = (effect: object) => upstream.control('POST', 'faults', { operation: OPERATIONS[name], effect });
  it.each([
    ['UpstreamUnavailable', { kind: 'status', when: 'beforeCommit', status: 500 }],
    ['UpstreamUnavailable', { kind: 'drop', when: 'beforeCommit' }],
    ['UpstreamTimeout', { kind: 'hang', when: 'beforeCommit' }],
    ['UpstreamRejected', { kind: 'status', when: 'beforeCommit', status: 403 }],
    ['UpstreamRejected', { kind: 'malformedJson' }],
  ])('answers %s when upstream does %j, and well again afterwards', async (code, effect) => {
    await fault(effect);
    const answer = await ROUTES[name]();
    expect(answer.error.code).toBe(code);
    expect(answer.text).not.toMatch(/teams[A-Z]|accounts\//);
    expect((await ROUTES[name]()).status).toBe(200);
  });

  it('answers 503 with upstream’s own time when it is over its limit', async () => {
    await fault({ kind: 'status', when: 'beforeCommit', status: 429, retryAfterS: 2 });
    const answer = await ROUTES[name]();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });
});
