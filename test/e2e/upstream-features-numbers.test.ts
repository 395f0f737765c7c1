/** Each feature of upstream's numbers, reached through the API and compared with what upstream stores: one test each. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, NumberOrderRequest } from '../../infra/client/client.ts';
import { clientOf, putAndConfirm, TENANT } from '../support/feature-rows.ts';
import { endOf, numbersFrom, orderOf, until } from '../support/orders-client.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { addFault, BATCH, requestsOf, storedNumbers, type StoredNumber } from '../support/upstream-view.ts';

const CUSTOMER = 'contoso';
const ACCOUNT = 'acme-contoso';
const RELEASE = 'Accounts_DeleteNumbers';
const ADDRESS = { id: 'addr-1', defaultLocationId: 'loc-1', country: 'GB' };

let stack: TestStack;
let acme: Client;
let orders = 0;
beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: '0 0 0 1 1 *' } });
  acme = clientOf(stack);
  const services = { teamsOperatorConnect: { sync: true }, zoomPhoneCloudPeering: {} };
  await putAndConfirm(acme, CUSTOMER, { teamsTenantId: TENANT, services });
  await stack.upstreamControl('POST', '/teams-data', { account: ACCOUNT, addresses: [ADDRESS] });
});
afterAll(() => stack.stop());

/** Places an order and waits for its end. */
const order = async (body: object) => {
  const placed = await acme.createOrder({ body: body as NumberOrderRequest, idempotencyKey: `feature-${++orders}` });
  return endOf(stack.api('acme'), placed.body.id);
};
const provision = (numbers: string[], profile: object = {}, more: object = {}) => {
  const usual = orderOf(CUSTOMER, numbers);
  return order({ ...usual, profile: { ...usual.profile, ...profile }, ...more });
};
const release = (numbers: string[]) => order({ action: 'release', customerId: CUSTOMER, numbers });
const stored = async (number: string): Promise<StoredNumber | undefined> =>
  (await storedNumbers(stack, ACCOUNT)).find(({ telephoneNumber }) => telephoneNumber === number);
const itemOf = async (orderId: string) => (await acme.listOrderItems({ params: { orderId }, query: { status: 'failed' } })).body.value[0];

test('add one number, then update it', async () => {
  const [number = ''] = numbersFrom(441632960000, 1);
  expect((await provision([number])).status).toBe('Succeeded');
  expect((await provision([number], { capabilities: ['InboundCalling'] }, { onExisting: 'update' })).status).toBe('Succeeded');
  expect((await stored(number))?.content).toMatchObject({
    serviceDetails: { teamsOperatorConnect: { configuration: { choosableCapabilities: ['InboundCalling'] } } },
  });
  expect((await provision([number], {}, { onExisting: 'skip' })).counts).toMatchObject({ skipped: 1 });
  expect((await provision([number], {}, { onExisting: 'fail' })).failures).toEqual([{ code: 'NumberExists', count: 1 }]);
});

test('usage, capabilities, emergency address, country code, assignment status and SIP header', async () => {
  const [number = ''] = numbersFrom(441632960010, 1);
  const settings = {
    usage: 'ConferenceAssignment',
    capabilities: [],
    additionalUsages: ['FirstPartyAppAssignment'],
    emergency: { civicAddressId: 'addr-1', locationId: 'loc-1', tenantMayUpdate: false },
    displayedCountryCode: 'GB',
    assignmentStatus: 'assigned',
    customSipHeader: 'acme-bill-7',
  };
  expect((await provision([number], settings)).status).toBe('Succeeded');
  expect((await stored(number))?.content).toEqual({
    telephoneNumber: number,
    accountName: ACCOUNT,
    serviceDetails: {
      teamsOperatorConnect: {
        enabled: true,
        assignmentStatus: 'assigned',
        configuration: {
          usage: 'ConferenceAssignment',
          choosableCapabilities: [],
          additionalUsages: ['FirstPartyAppAssignment'],
          civicAddressId: 'addr-1',
          locationId: 'loc-1',
          allowTenantAddressUpdate: false,
          displayedCountryCode: 'GB',
        },
      },
    },
    configuration: { customSipHeader: 'acme-bill-7' },
  });
});

test('numbers of a service without settings', async () => {
  const [number = ''] = numbersFrom(441632960020, 1);
  const zoom = { action: 'provision', customerId: CUSTOMER, numbers: [number], profile: { service: 'zoomPhoneCloudPeering' } };
  expect((await order(zoom)).status).toBe('Succeeded');
  expect((await stored(number))?.content).toMatchObject({ serviceDetails: { zoomPhoneCloudPeering: { enabled: true } } });
});

test('acquired and available capabilities and the assignment of one number', async () => {
  const [number = ''] = numbersFrom(441632960030, 1);
  await provision([number]);
  const params = { telephoneNumber: number.slice(1) };
  const seen = await acme.getNumber({ params, query: { refresh: 'true' } });
  expect(seen.body).toMatchObject({ telephoneNumber: number, customerId: CUSTOMER, status: 'Succeeded', errors: [] });
  expect(JSON.stringify(seen.body)).toContain('CallingUserAssignment');
});

test('serviceProvisioningStatus and its errors: a number that the backend refuses, in its own words', async () => {
  const numbers = numbersFrom(441632960040, 3);
  const error = { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' };
  await stack.upstreamControl('POST', '/rules', { number: numbers[1], outcome: 'failed', error, times: 1 });
  const ended = await provision(numbers);
  expect(ended).toMatchObject({ status: 'PartiallySucceeded', failures: [{ code: 'UpstreamSyncFailed', count: 1 }] });
  expect(await itemOf(ended.id)).toMatchObject({
    telephoneNumber: numbers[1],
    error: { code: 'UpstreamSyncFailed', upstream: [error] },
    retryable: true,
  });
});

test('a number that the gateway itself refuses is found among a hundred', async () => {
  const numbers = numbersFrom(441632960100, 100);
  await stack.upstreamControl('POST', '/rules', { number: numbers[41], outcome: 'rejected', status: 400 });
  const ended = await provision(numbers);
  expect(ended).toMatchObject({ status: 'PartiallySucceeded', counts: { succeeded: 99, failed: 1 } });
  expect(await itemOf(ended.id)).toMatchObject({ telephoneNumber: numbers[41], error: { code: 'UpstreamRejected' } });
});

test('batches of up to 100: 250 numbers are put and deleted in three requests each', async () => {
  const numbers = numbersFrom(441632961000, 250);
  const sent = async (): Promise<number[]> => {
    const [puts, deletes] = await Promise.all([requestsOf(stack, BATCH), requestsOf(stack, RELEASE)]);
    return [puts.length, deletes.length];
  };
  const before = await sent();
  expect((await provision(numbers)).counts.succeeded).toBe(250);
  expect((await release(numbers)).counts.succeeded).toBe(250);
  expect((await sent()).map((n, at) => n - (before[at] ?? 0))).toEqual([3, 3]);
  expect((await stored(numbers[0] ?? ''))?.status).toBeNull();
});

test('list numbers: of one customer, of all customers, and of the whole gateway with its count', async () => {
  const numbers = numbersFrom(441632962000, 3);
  await provision(numbers);
  const listed = await until(
    'the list shows them',
    async () => (await acme.listCustomerNumbers({ params: { customerId: CUSTOMER }, query: { maxpagesize: '1000' } })).body.value,
    (value) => numbers.every((number) => value.some(({ telephoneNumber }) => telephoneNumber === number)),
  );
  expect(listed.every(({ customerId }) => customerId === CUSTOMER)).toBe(true);
  const page = (await acme.listNumbers({ query: { maxpagesize: '2' } })).body;
  expect([page.value.length, page.nextLink]).toEqual([2, expect.stringContaining('continuationToken=')]);
  const all = (await clientOf(stack, 'operator').listUpstreamNumbers({})).body as { value: unknown[] };
  expect(all.value.length).toBeGreaterThanOrEqual(numbers.length);
  expect((await clientOf(stack, 'globex').listNumbers({})).body.value).toEqual([]);
});

test('remove a number', async () => {
  const [number = ''] = numbersFrom(441632963000, 1);
  await provision([number]);
  expect((await release([number])).status).toBe('Succeeded');
  expect((await stored(number))?.status).toBeNull();
});

test('limit and trouble: 429 and 503 reach nobody who orders, and no minute sees more than a hundred requests', async () => {
  await addFault(stack, { operation: BATCH, times: 1, effect: { kind: 'status', when: 'beforeCommit', status: 429, retryAfterS: 1 } });
  expect((await provision(numbersFrom(441632964000, 2))).status).toBe('Succeeded');
  await addFault(stack, { operation: BATCH, times: 1, effect: { kind: 'status', when: 'afterCommit', status: 503, retryAfterS: 1 } });
  expect((await provision(numbersFrom(441632964010, 2))).status).toBe('Succeeded');
  const { body } = await stack.upstreamControl('GET', '/requests');
  expect((body as { maxInAny60s: number }).maxInAny60s).toBeLessThanOrEqual(100);
});

test('Repeatability: every write of a number carries an id, and an order repeated by its key sends nothing again', async () => {
  const [number = ''] = numbersFrom(441632965000, 1);
  const body = orderOf(CUSTOMER, [number]) as NumberOrderRequest;
  const first = await acme.createOrder({ body, idempotencyKey: 'repeated' });
  await endOf(stack.api('acme'), first.body.id);
  const again = await acme.createOrder({ body, idempotencyKey: 'repeated' });
  expect([again.body.id, again.headers.get('idempotency-replayed')]).toEqual([first.body.id, 'true']);
  const { writes = [], writeCount } = (await stored(number)) ?? {};
  expect(writeCount).toBe(1);
  expect(writes.every(({ repeatabilityRequestId }) => repeatabilityRequestId !== undefined)).toBe(true);
});
