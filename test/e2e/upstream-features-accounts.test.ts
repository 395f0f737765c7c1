/** Each feature of upstream's accounts and of a customer's tenant, reached through the API and compared with what upstream stores: one test each. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../infra/client/client.ts';
import { clientOf, codeOf, confirmed, putAndConfirm, storedAccount, TENANT } from '../support/feature-rows.ts';
import { endOf, numbersFrom, orderOf, placeOrder, orderIdOf, subscribe, until } from '../support/orders-client.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const HOOK = 'features';
const OPERATOR_CONNECT = { teamsTenantId: TENANT, services: { teamsOperatorConnect: { sync: true } } };

const ADDRESS = { id: 'addr-1', defaultLocationId: 'loc-1', country: 'GB', cityOrTown: 'London', validationStatus: 'validated' };

let stack: TestStack;
let acme: Client;
beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  acme = clientOf(stack);
  await stack.upstreamControl('POST', '/settings', { subdomainLatencyMs: { min: 500, max: 1_000 } });
  await subscribe(stack, HOOK, stack.hooks.urlOf(HOOK));
});
afterAll(() => stack.stop());

const typesOf = async (customerId: string): Promise<string[]> => {
  const { events } = await stack.hooks.view(HOOK);
  const bodies = events.map(({ event }) => event as { type: string; data: { customerId?: string } });
  return bodies.filter(({ data }) => data.customerId === customerId).map(({ type }) => type);
};
const hears = (customerId: string, type: string): Promise<unknown> =>
  until(
    `${type} of ${customerId} is heard`,
    () => typesOf(customerId),
    (types) => types.includes(type),
  );
const servicesOf = async (customerId: string): Promise<Record<string, unknown>> =>
  (await storedAccount(stack, `acme-${customerId}`))?.content?.serviceDetails ?? {};

// Each row has customers of its own; most of its time is waiting for the gateway.
test.concurrent('create an account with If-None-Match, correlationId and teamsTenantId', async () => {
  const put = { params: { customerId: 'created' }, body: { ...OPERATOR_CONNECT, reference: 'crm-4711' }, ifNoneMatch: '*' };
  expect((await acme.putCustomer(put)).status).toBe(201);
  expect(await codeOf(acme.putCustomer(put))).toBe('PreconditionFailed');
  await confirmed(acme, 'created');
  expect((await storedAccount(stack, 'acme-created'))?.content).toMatchObject({
    correlationId: 'crm-4711',
    serviceDetails: { teamsTenantId: TENANT, teamsOperatorConnect: { enabled: true, syncEnabled: true } },
  });
  await hears('created', 'customer.created');
  await hears('created', 'customer.synced');
});

test.concurrent('Direct Routing: call screening, subdomain and tokens; subdomainStatus', async () => {
  const routing = { subdomain: 'features', txtTokens: ['MS=ms1', 'MS=ms2'] as [string, string], callerIdScreening: false };
  const { body } = await acme.putCustomer({ params: { customerId: 'routed' }, body: { services: { teamsDirectRouting: routing } } });
  expect(body.services.teamsDirectRouting).toMatchObject({ txtTokens: ['***', '***'], dns: { status: 'NotProvisioned' } });
  await hears('routed', 'customer.dns_provisioned');
  expect((await servicesOf('routed'))['teamsDirectRouting']).toMatchObject({
    enabled: true,
    configuration: { callScreening: false, subdomain: 'features', subdomainTokens: { region1Token: 'MS=ms1', region2Token: 'MS=ms2' } },
  });
  const seen = (await acme.getCustomer({ params: { customerId: 'routed' } })).body;
  expect(seen).toMatchObject({ status: 'Succeeded', services: { teamsDirectRouting: { dns: { status: 'Provisioned' } } } });
});

test.concurrent('backend sync on and off', async () => {
  await putAndConfirm(acme, 'synced', { ...OPERATOR_CONNECT, services: { teamsOperatorConnect: { sync: false } } });
  expect((await servicesOf('synced'))['teamsOperatorConnect']).toMatchObject({ enabled: true, syncEnabled: false });
  await putAndConfirm(acme, 'synced', OPERATOR_CONNECT);
  expect((await servicesOf('synced'))['teamsOperatorConnect']).toMatchObject({ enabled: true, syncEnabled: true });
  const zoom = { params: { customerId: 'synced' }, body: { services: { zoomPhoneCloudPeering: { sync: true } } } };
  expect(await codeOf(acme.putCustomer(zoom))).toBe('SyncNotSupported');
});

test.concurrent('view an account, and update it with If-Match', async () => {
  const params = { customerId: 'viewed' };
  await putAndConfirm(acme, 'viewed', OPERATOR_CONNECT);
  const { body } = await acme.getCustomer({ params, query: { refresh: 'true' } });
  expect(body).toMatchObject({ id: 'viewed', accountName: 'acme-viewed', services: { teamsOperatorConnect: { numberCount: 0 } } });
  const change = { params, body: { ...OPERATOR_CONNECT, reference: 'second' } };
  expect(await codeOf(acme.putCustomer({ ...change, ifMatch: '"stale"' }))).toBe('PreconditionFailed');
  const etag = (await acme.getCustomer({ params })).headers.get('etag') ?? '';
  expect((await acme.putCustomer({ ...change, ifMatch: etag })).status).toBe(200);
  await confirmed(acme, 'viewed');
  expect((await storedAccount(stack, 'acme-viewed'))?.content?.correlationId).toBe('second');
});

test.concurrent('one service of an account, the others untouched', async () => {
  const customerId = 'serviced';
  await putAndConfirm(acme, customerId, OPERATOR_CONNECT);
  await acme.putCustomerService({ params: { customerId, service: 'zoom-phone-cloud-peering' }, body: {} });
  await confirmed(acme, customerId);
  expect(await servicesOf(customerId)).toMatchObject({ teamsOperatorConnect: { enabled: true }, zoomPhoneCloudPeering: { enabled: true } });
  await acme.deleteCustomerService({ params: { customerId, service: 'zoom-phone-cloud-peering' } });
  await confirmed(acme, customerId);
  expect(await servicesOf(customerId)).toMatchObject({
    teamsOperatorConnect: { enabled: true },
    zoomPhoneCloudPeering: { enabled: false },
  });
});

test.concurrent('list accounts: filter, top, skip and maxpagesize become named filters and pages', async () => {
  for (const n of [1, 2, 3]) await putAndConfirm(acme, `listed${n}`, { ...OPERATOR_CONNECT, reference: 'listing' });
  const query = { reference: 'listing', maxpagesize: '2' };
  const first = await until(
    'the list shows them',
    async () => (await acme.listCustomers({ query })).body,
    ({ value }) => value.length === 2,
  );
  const token = new URL(first.nextLink ?? '').searchParams.get('continuationToken') ?? '';
  const second = (await acme.listCustomers({ query: { ...query, continuationToken: token } })).body;
  expect([...first.value, ...second.value].map(({ id }) => id)).toEqual(['listed1', 'listed2', 'listed3']);
});

test.concurrent('delete an account: not while it has numbers, then with them, which anybody may have afterwards', async () => {
  const customerId = 'deleted';
  await putAndConfirm(acme, customerId, OPERATOR_CONNECT);
  const numbers = numbersFrom(441632968000, 3);
  const api = stack.api('acme');
  expect((await endOf(api, orderIdOf(await placeOrder(api, orderOf(customerId, numbers), 'deleted-1')))).status).toBe('Succeeded');
  expect(await codeOf(acme.deleteCustomer({ params: { customerId } }))).toBe('CustomerHasNumbers');
  await acme.deleteCustomer({ params: { customerId }, query: { releaseNumbers: 'true' } });
  await hears(customerId, 'customer.deleted');
  expect((await storedAccount(stack, 'acme-deleted'))?.content ?? null).toBeNull();
  expect(await codeOf(acme.getCustomer({ params: { customerId } }))).toBe('ResourceNotFound');
  await putAndConfirm(acme, 'heir', OPERATOR_CONNECT);
  const again = await endOf(api, orderIdOf(await placeOrder(api, orderOf('heir', numbers), 'deleted-2')));
  expect([again.status, again.counts.succeeded]).toEqual(['Succeeded', 3]);
});

test.concurrent('civic addresses, capability plans and available capabilities', async () => {
  const customerId = 'tenant';
  const params = { customerId };
  await putAndConfirm(acme, customerId, OPERATOR_CONNECT);
  await stack.upstreamControl('POST', '/teams-data', { account: 'acme-tenant', addresses: [ADDRESS] });
  const { body: addresses, headers } = await acme.listCivicAddresses({ params });
  expect(addresses.value).toMatchObject([{ id: 'addr-1', address: { country: 'GB', city: 'London' }, validated: true }]);
  expect(Number(headers.get('age'))).toBeLessThan(600);
  const one = { params: { ...params, civicAddressId: 'addr-1' } };
  expect((await acme.getCivicAddress(one)).body).toMatchObject({ defaultLocationId: 'loc-1' });
  expect(await codeOf(acme.getCivicAddress({ params: { ...params, civicAddressId: 'addr-2' } }))).toBe('ResourceNotFound');
  expect((await acme.listCapabilityPlans({ params })).body.value.map(({ usage }) => usage)).toContain('CallingUserAssignment');
  const api = stack.api('acme');
  const numbers = numbersFrom(441632968100, 2);
  await endOf(api, orderIdOf(await placeOrder(api, orderOf(customerId, numbers), 'tenant-1')));
  const common = await acme.getAvailableCapabilities({ params, body: { numbers } });
  expect(common.body.availableCapabilities).toContain('InboundCalling');
});

test.concurrent('what the backend would refuse is told before: validate, then the order', async () => {
  await putAndConfirm(acme, 'refused', OPERATOR_CONNECT);
  await stack.upstreamControl('POST', '/teams-data', { account: 'acme-refused', addresses: [ADDRESS] });
  // Known from here on.
  await acme.listCivicAddresses({ params: { customerId: 'refused' } });
  await acme.listCapabilityPlans({ params: { customerId: 'refused' } });
  const { profile } = orderOf('refused', []);
  const numbers = numbersFrom(441632968200, 1);
  const body = { action: 'provision' as const, customerId: 'refused', numbers, profile: { ...profile, usage: '' } };
  expect(await codeOf(acme.validateOrder({ body: body as never }))).toBe('InvalidRequest');
  const fax = { ...body, profile: { ...profile, usage: 'Fax', emergency: { civicAddressId: 'addr-9' } } } as never;
  const { problems, valid } = (await acme.validateOrder({ body: fax })).body;
  expect([valid, problems.map(({ code }) => code)]).toEqual([false, ['UsageNotOffered', 'CivicAddressNotFound']]);
  expect(await codeOf(acme.createOrder({ body: fax, idempotencyKey: 'refused-1' }))).toBe('InvalidRequest');
  expect((await acme.validateOrder({ body: { ...body, profile } as never })).body.valid).toBe(true);
});
