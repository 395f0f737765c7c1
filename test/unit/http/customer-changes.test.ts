import { beforeEach, describe, expect, it } from 'vitest';
import { CUSTOMER } from '../../support/sample-order.ts';
import { apiWorld, BASE, orderOf, putContoso, type ApiWorld, type AsCaller } from '../orders/api-world.ts';
import type { Answered, Call } from './http-call.ts';

const LANE = 'acc.acme-contoso';
const DONE = { '': { to: 'succeeded' as const } };
const operationOf = ({ headers }: Answered): string => /operations\/([^?]+)/.exec(headers.get('operation-location') ?? '')?.[1] ?? '';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await world.settle(operationOf(await putContoso(world)), DONE);
});

const customer = (name: string, more: Call & AsCaller = {}): Promise<Answered> =>
  world.call(name, { params: { customerId: 'contoso' }, ...more });
const putService = (service: string, body: unknown = {}, more: Call & AsCaller = {}): Promise<Answered> =>
  world.call('putCustomerService', { params: { customerId: 'contoso', service }, body, ...more });
const deleteService = (service: string, more: Call & AsCaller = {}): Promise<Answered> =>
  world.call('deleteCustomerService', { params: { customerId: 'contoso', service }, ...more });
const payloadOf = async (answer: Answered) => (await world.lanes.readOperation(operationOf(answer)))?.payload;
const typesTold = async (): Promise<string[]> => (await world.eventsOf(LANE)).map(({ type }) => type);

describe('PUT /customers/{customerId}/services/{service}', () => {
  it.each([
    ['zoom-phone-cloud-peering', {}, 'zoomPhoneCloudPeering', { enabled: true, syncEnabled: false }],
    ['teams-phone-mobile', {}, 'teamsPhoneMobile', { enabled: true, syncEnabled: true }],
    ['azure-operator-call-protection', {}, 'azureOperatorCallProtection', { enabled: true }],
    [
      'teams-direct-routing',
      { subdomain: 'contoso', txtTokens: ['a=', 'b='] },
      'teamsDirectRouting',
      {
        enabled: true,
        syncEnabled: false,
        configuration: { callScreening: true, subdomain: 'contoso', subdomainTokens: { region1Token: 'a=', region2Token: 'b=' } },
      },
    ],
  ])('asks for %s alone', async (path, body, name, wanted) => {
    const answer = await putService(path, body);
    expect(answer.status).toBe(201);
    expect(await payloadOf(answer)).toEqual({ serviceDetails: { [name]: wanted } });
    expect(answer.body).toMatchObject({
      status: 'Pending',
      services: { teamsOperatorConnect: { enabled: true }, [name]: { enabled: true } },
    });
    await world.settle(operationOf(answer), DONE);
    expect(await typesTold()).toEqual(['customer.created', 'customer.synced', 'customer.service_enabled']);
  });

  it('reconfigures what is on with 200, and does nothing twice', async () => {
    const first = await putService('teams-operator-connect', { sync: false });
    const again = await putService('teams-operator-connect', { sync: false });
    expect([first.status, again.status, operationOf(again)]).toEqual([200, 200, operationOf(first)]);
    expect(first.body).toMatchObject({ services: { teamsOperatorConnect: { enabled: true, sync: false } } });
  });

  it('names every problem with the place', async () => {
    const answer = await putService('teams-direct-routing', { subdomain: 'much-too-long', txtTokens: ['a'] });
    expect([answer.status, answer.error.code]).toEqual([400, 'InvalidRequest']);
    expect(answer.error.details?.map(({ target }) => target)).toEqual(expect.arrayContaining(['/subdomain']));
    expect((await putService('zoom-phone-cloud-peering', { subdomain: 'x' })).error.details).toMatchObject([{ target: '/subdomain' }]);
    expect((await putService('zoom-phone-cloud-peering', { sync: true })).error.code).toBe('SyncNotSupported');
    expect((await putService('fax', {})).status).toBe(400);
  });

  it('needs a tenant where the service does', async () => {
    await putContoso(world, { as: 'beta', body: { services: {} } });
    const answer = await putService('teams-phone-mobile', {}, { as: 'beta' });
    expect([answer.status, answer.error.details?.[0]?.target]).toEqual([400, '/teamsTenantId']);
  });

  it('is for the partner’s own customers', async () => {
    expect((await putService('zoom-phone-cloud-peering', {}, { as: 'beta' })).error).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('changes only what the caller has seen, with If-Match', async () => {
    const headers = { 'if-match': '"stale"' };
    expect((await putService('zoom-phone-cloud-peering', {}, { headers })).status).toBe(412);
  });
});

describe('DELETE /customers/{customerId}/services/{service}', () => {
  it('asks for its end with 202 and the monitor', async () => {
    const answer = await deleteService('teams-operator-connect');
    expect([answer.status, answer.body]).toMatchObject([
      202,
      { kind: 'customer.service.delete', status: 'NotStarted', customerId: 'contoso' },
    ]);
    expect(await payloadOf(answer)).toEqual({ serviceDetails: { teamsOperatorConnect: { enabled: false, syncEnabled: false } } });
    await world.settle(operationOf(answer), DONE);
    expect((await customer('getCustomer')).body).toMatchObject({ services: { teamsOperatorConnect: { enabled: false } } });
    expect(await typesTold()).toEqual(['customer.created', 'customer.synced', 'customer.service_disabled']);
  });

  it('has nothing to do for a service that is off', async () => {
    expect((await deleteService('zoom-phone-cloud-peering')).status).toBe(204);
  });

  it('answers 409 while numbers use it', async () => {
    const put = await putService('teams-operator-connect', { sync: false });
    const seen = { numberCounts: { teamsOperatorConnect: 3 }, enabled: ['teamsOperatorConnect'] };
    await world.settle(operationOf(put), { '': { to: 'succeeded', seen } });
    expect((await customer('getCustomer')).body).toMatchObject({ services: { teamsOperatorConnect: { numberCount: 3 } } });
    expect([(await deleteService('teams-operator-connect')).status]).toEqual([409]);
  });
});

describe('Direct Routing', () => {
  it('shows how far its names are, and tells when they are there', async () => {
    const put = await putService('teams-direct-routing', { subdomain: 'contoso', txtTokens: ['secret-a', 'secret-b'] });
    const dns = async () => (await customer('getCustomer')).body;
    expect(await dns()).toMatchObject({
      services: { teamsDirectRouting: { dns: { status: 'NotProvisioned' }, txtTokens: ['***', '***'] } },
    });
    const seen = { numberCounts: {}, enabled: [], subdomainStatus: 'provisioned' };
    await world.settle(operationOf(put), { '': { to: 'succeeded', seen } });
    expect(await dns()).toMatchObject({ services: { teamsDirectRouting: { dns: { status: 'Provisioned' } } } });
    expect(await typesTold()).toEqual(['customer.created', 'customer.synced', 'customer.service_enabled', 'customer.dns_provisioned']);
  });

  it('names the domains that the gateway gives it, in every answer and under one ETag', async () => {
    const names = {
      services: { teamsDirectRouting: { dns: { domains: ['contoso.1r1.gw.commsgw.azure.com', 'contoso.1r2.gw.commsgw.azure.com'] } } },
    };
    const put = await putService('teams-direct-routing', { subdomain: 'contoso', txtTokens: ['secret-a', 'secret-b'] });
    const read = await customer('getCustomer');
    expect(put.body).toMatchObject(names);
    expect(read.body).toMatchObject(names);
    expect(put.headers.get('etag')).toBe(read.headers.get('etag'));
  });
});

describe('the tenant of a customer', () => {
  const OTHER = { ...CUSTOMER, teamsTenantId: '5a000000-0000-4000-8000-000000000001' };
  const order = async (): Promise<void> => {
    const { id } = (await world.call('createOrder', { body: orderOf(['+441632960000']) })).body as { id: string };
    await world.settle(id, { '441632960000': { to: 'succeeded' } });
  };

  it('is locked while numbers rely on it: 409 TenantIdLocked', async () => {
    await order();
    const answer = await putContoso(world, { body: OTHER });
    expect([answer.status, answer.error.code, answer.error.target]).toEqual([409, 'TenantIdLocked', 'teamsTenantId']);
    expect((await putContoso(world, { body: { ...CUSTOMER, reference: 'same tenant' } })).status).toBe(200);
  });

  it('may be changed while there are none', async () => {
    expect((await putContoso(world, { body: OTHER })).status).toBe(200);
  });

  it('is left to the gateway where numbers may be of another service', async () => {
    const services = { teamsOperatorConnect: {}, zoomPhoneCloudPeering: {} };
    await world.settle(operationOf(await putContoso(world, { body: { ...CUSTOMER, services } })), DONE);
    await order();
    expect((await putContoso(world, { body: { ...OTHER, services } })).status).toBe(200);
  });
});

describe('DELETE /customers/{customerId}', () => {
  it('answers 202; the customer is shown until it is gone, takes no orders, and may be put again', async () => {
    await world.projectLane(LANE);
    const answer = await customer('deleteCustomer');
    expect([answer.status, answer.body]).toMatchObject([202, { kind: 'customer.delete', status: 'NotStarted' }]);
    expect(answer.headers.get('operation-location')).toBe(`${BASE}/api/operations/${operationOf(answer)}?api-version=2026-11-01`);
    expect((await customer('getCustomer')).body).toMatchObject({ status: 'Deleting' });
    expect(operationOf(await customer('deleteCustomer'))).toBe(operationOf(answer));
    expect((await world.call('createOrder', { body: orderOf(['+441632960000']) })).error.details).toMatchObject([
      { code: 'CustomerNotFound' },
    ]);
    await world.settle(operationOf(answer), DONE);
    await world.projectLane(LANE);
    expect((await customer('getCustomer')).status).toBe(404);
    expect((await world.call('listCustomers')).body).toEqual({ value: [] });
    expect((await customer('deleteCustomer')).status).toBe(204);
    expect(await typesTold()).toEqual(['customer.created', 'customer.synced', 'customer.deleted']);
    const anew = await putContoso(world, { body: CUSTOMER, headers: { 'if-none-match': '*' } });
    expect([anew.status, (await world.lanes.readLane(LANE))?.value]).toMatchObject([201, { accepted: 3, account: { exists: false } }]);
    expect((await typesTold()).at(-1)).toBe('customer.created');
    await world.projectLane(LANE);
    expect((await world.call('listCustomers')).body).toMatchObject({ value: [{ id: 'contoso' }] });
  });

  it('answers 409 while it has numbers that are not to go with it', async () => {
    const order = await world.call('createOrder', { body: orderOf(['+441632960000']) });
    await world.settle((order.body as { id: string }).id, { '441632960000': { to: 'succeeded' } });
    const kept = await customer('deleteCustomer');
    expect([kept.status, kept.error.code]).toEqual([409, 'CustomerHasNumbers']);
    const gone = await customer('deleteCustomer', { path: 'customers/contoso?releaseNumbers=true' });
    expect([gone.status, await payloadOf(gone)]).toEqual([202, { deleteNumbers: true }]);
  });

  it('is a customer like any other when it could not go', async () => {
    const answer = await customer('deleteCustomer');
    await world.settle(operationOf(answer), { '': { to: 'failed', executed: false, error: { code: 'CustomerHasNumbers' } } });
    expect((await customer('getCustomer')).body).toMatchObject({ status: 'Failed', errors: [{ code: 'CustomerHasNumbers' }] });
    expect((await world.call('getOperation', { params: { operationId: operationOf(answer) } })).body).toMatchObject({
      error: { code: 'CustomerHasNumbers', message: 'The customer still has numbers.' },
    });
    expect((await world.call('createOrder', { body: orderOf(['+441632960000']) })).status).toBe(202);
  });

  it('has nothing to do for another partner’s customer', async () => {
    expect((await customer('deleteCustomer', { as: 'beta' })).status).toBe(204);
    expect((await customer('getCustomer')).status).toBe(200);
  });
});

describe('GET /customers/{customerId}?refresh=true', () => {
  const refreshed = (): Promise<Answered> => customer('getCustomer', { path: 'customers/contoso?refresh=true' });
  const account = { name: 'acme-contoso', serviceDetails: { teamsOperatorConnect: { enabled: true, syncEnabled: true, numberCount: 7 } } };

  it('asks the gateway and keeps what it says', async () => {
    world.gateway.answer = { kind: 'answer', status: 200, body: account };
    expect((await refreshed()).body).toMatchObject({ services: { teamsOperatorConnect: { numberCount: 7 } } });
    expect((await customer('getCustomer')).body).toMatchObject({ services: { teamsOperatorConnect: { numberCount: 7 } } });
  });

  it('answers 429 when the budget has no room soon, and 502, 503 or 504 when the gateway does not tell', async () => {
    world.gateway.answer = { kind: 'ambiguous', reason: 'ECONNRESET' };
    expect((await refreshed()).error.code).toBe('UpstreamUnavailable');
    world.gateway.answer = { kind: 'ambiguous', reason: 'timeout' };
    expect((await refreshed()).error.code).toBe('UpstreamTimeout');
    world.gateway.answer = { kind: 'answer', status: 403, body: undefined };
    expect((await refreshed()).error.code).toBe('UpstreamRejected');
    world.gateway.permit = false;
    const busy = await refreshed();
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await customer('getCustomer')).status).toBe(200);
  });
});

describe('GET /customers', () => {
  const put = async (customerId: string, body: unknown = CUSTOMER, as = 'acme'): Promise<void> => {
    await world.call('putCustomer', { params: { customerId }, body, as });
    await world.projectLane(`acc.${as}-${customerId}`);
  };
  const list = async (query = '', as = 'acme') => {
    const { body } = await world.call('listCustomers', { path: `customers${query}`, as });
    return body as { value: { id: string }[]; nextLink?: string };
  };
  const ids = async (query = '', as = 'acme') => (await list(query, as)).value.map(({ id }) => id);

  beforeEach(async () => {
    await put('fabrikam', { services: { zoomPhoneCloudPeering: {} }, reference: 'crm-2' });
    await put('contoso-b', CUSTOMER, 'beta');
    await put('adatum');
    await world.projectLane(LANE);
  });

  it('shows the caller’s own, page by page', async () => {
    expect(await ids()).toEqual(['adatum', 'contoso', 'fabrikam']);
    expect(await ids('', 'beta')).toEqual(['contoso-b']);
    const first = await list('?maxpagesize=2');
    expect(first.value.map(({ id }) => id)).toEqual(['adatum', 'contoso']);
    const { search } = new URL(first.nextLink ?? '');
    const rest = await list(search);
    expect([rest.value.map(({ id }) => id), rest.nextLink]).toEqual([['fabrikam'], undefined]);
    // The same link in other hands shows their own.
    expect(await ids(search, 'beta')).toEqual(['contoso-b']);
  });

  it('filters by reference, tenant and service', async () => {
    expect(await ids('?reference=crm-2')).toEqual(['fabrikam']);
    expect(await ids('?service=zoomPhoneCloudPeering')).toEqual(['fabrikam']);
    expect(await ids(`?teamsTenantId=${CUSTOMER.teamsTenantId.toUpperCase()}`)).toEqual(['adatum', 'contoso']);
  });

  it('refuses tokens that it did not make', async () => {
    expect((await world.call('listCustomers', { path: 'customers?continuationToken=abc' })).error.code).toBe('InvalidContinuationToken');
  });
});
