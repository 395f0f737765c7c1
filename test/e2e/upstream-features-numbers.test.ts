/** Each feature of a number as upstream keeps it, reached through the API and compared with what upstream stores: one test each. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, CUSTOMER, startNumbersFeature, type NumbersFeature } from '../support/numbers-feature.ts';
import { numbersFrom } from '../support/orders-client.ts';

let world: NumbersFeature;
beforeAll(async () => {
  world = await startNumbersFeature();
});
afterAll(() => world.stack.stop());
const itemOf = async (orderId: string) =>
  (await world.acme.listOrderItems({ params: { orderId }, query: { status: 'failed' } })).body.value[0];

test('add one number, then update it', async () => {
  const [number = ''] = numbersFrom(441632960000, 1);
  expect((await world.provision([number])).status).toBe('Succeeded');
  expect((await world.provision([number], { capabilities: ['InboundCalling'] }, { onExisting: 'update' })).status).toBe('Succeeded');
  expect((await world.stored(number))?.content).toMatchObject({
    serviceDetails: { teamsOperatorConnect: { configuration: { choosableCapabilities: ['InboundCalling'] } } },
  });
  expect((await world.provision([number], {}, { onExisting: 'skip' })).counts).toMatchObject({ skipped: 1 });
  expect((await world.provision([number], {}, { onExisting: 'fail' })).failures).toEqual([{ code: 'NumberExists', count: 1 }]);
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
  expect((await world.provision([number], settings)).status).toBe('Succeeded');
  expect((await world.stored(number))?.content).toEqual({
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
  expect((await world.order(zoom)).status).toBe('Succeeded');
  expect((await world.stored(number))?.content).toMatchObject({ serviceDetails: { zoomPhoneCloudPeering: { enabled: true } } });
});

test('acquired and available capabilities and the assignment of one number', async () => {
  const [number = ''] = numbersFrom(441632960030, 1);
  await world.provision([number]);
  const params = { telephoneNumber: number.slice(1) };
  const seen = await world.acme.getNumber({ params, query: { refresh: 'true' } });
  expect(seen.body).toMatchObject({ telephoneNumber: number, customerId: CUSTOMER, status: 'Succeeded', errors: [] });
  expect(JSON.stringify(seen.body)).toContain('CallingUserAssignment');
});

test('serviceProvisioningStatus and its errors: a number that the backend refuses, in its own words', async () => {
  const numbers = numbersFrom(441632960040, 3);
  const error = { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' };
  await world.stack.upstreamControl('POST', '/rules', { number: numbers[1], outcome: 'failed', error, times: 1 });
  const ended = await world.provision(numbers);
  expect(ended).toMatchObject({ status: 'PartiallySucceeded', failures: [{ code: 'UpstreamSyncFailed', count: 1 }] });
  expect(await itemOf(ended.id)).toMatchObject({
    telephoneNumber: numbers[1],
    error: { code: 'UpstreamSyncFailed', upstream: [error] },
    retryable: true,
  });
});

test('a number that the gateway itself refuses is found among a hundred', async () => {
  const numbers = numbersFrom(441632960100, 100);
  await world.stack.upstreamControl('POST', '/rules', { number: numbers[41], outcome: 'rejected', status: 400 });
  const ended = await world.provision(numbers);
  expect(ended).toMatchObject({ status: 'PartiallySucceeded', counts: { succeeded: 99, failed: 1 } });
  expect(await itemOf(ended.id)).toMatchObject({ telephoneNumber: numbers[41], error: { code: 'UpstreamRejected' } });
});
