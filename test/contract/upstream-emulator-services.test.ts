/** The five services of the upstream emulator, and what it passes through from Operator Connect. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  accountBody,
  N1,
  numberPath,
  startTestUpstream,
  TENANT,
  valuesOf,
  writesOn,
  type Json,
  type TestUpstream,
} from '../support/upstream-emulator.ts';

let up: TestUpstream;
const { putAccount, putNumber, statusOf } = writesOn(() => up);
beforeAll(async () => {
  up = await startTestUpstream({ settings: { subdomainLatencyMs: { min: 10_000, max: 10_000 } } });
});
afterAll(() => up.close());
beforeEach(() => up.control('POST', 'reset'));

const ON = { enabled: true, syncEnabled: true };
const OFF = { enabled: true, syncEnabled: false };
const putServices = async (services: Json) => {
  const { status, body } = await up.call('PUT', '/accounts/contoso', {
    body: { name: 'contoso', serviceDetails: { teamsTenantId: TENANT, ...services } },
  });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body['serviceProvisioningStatus'];
};
const putNumberWith = (serviceDetails: Json) =>
  up.call('PUT', numberPath(), { body: { telephoneNumber: N1, accountName: 'contoso', serviceDetails } });
const countsOf = async () => {
  const details = (await up.call('GET', '/accounts/contoso')).body['serviceDetails'] as Record<string, { numberCount?: number }>;
  return Object.fromEntries(
    Object.entries(details).flatMap(([name, service]) => (service.numberCount === undefined ? [] : [[name, service.numberCount]])),
  );
};

describe('syncing', () => {
  test.each([
    ['teamsOperatorConnect', ON, 'pending'],
    ['teamsOperatorConnect', OFF, 'synced'],
    ['teamsPhoneMobile', ON, 'pending'],
    ['teamsPhoneMobile', OFF, 'synced'],
    ['azureOperatorCallProtection', { enabled: true }, 'pending'],
    ['teamsDirectRouting', ON, 'synced'],
    ['zoomPhoneCloudPeering', ON, 'synced'],
  ])('an account with %s %j alone answers %s, and so do its numbers', async (service, details, expected) => {
    expect(await putServices({ [service]: details })).toBe(expected);
    const configuration =
      service.startsWith('teams') && service !== 'teamsDirectRouting' ? { configuration: { usage: 'U', choosableCapabilities: [] } } : {};
    const number = await putNumberWith({ [service]: { enabled: true, ...configuration } });
    expect([number.status, number.body['serviceProvisioningStatus']]).toEqual([201, expected]);
    up.clock.advance(2_000);
    expect(await statusOf()).toBe('synced');
  });

  test('starts anew with every update, also the one that switches it off', async () => {
    await putServices({ teamsOperatorConnect: ON });
    up.clock.advance(2_000);
    expect(await putServices({ teamsOperatorConnect: OFF })).toBe('pending');
    up.clock.advance(2_000);
    expect(await putServices({ teamsOperatorConnect: OFF })).toBe('synced');
  });

  test('drops the outcome of a write that was replaced before it ended', async () => {
    await putServices({ teamsOperatorConnect: ON });
    await up.control('POST', 'rules', { number: N1, outcome: 'failed', times: 1 });
    await putNumber();
    up.clock.advance(1_000);
    await putNumber();
    up.clock.advance(1_000);
    expect(await statusOf()).toBe('pending');
    up.clock.advance(1_000);
    expect(await statusOf()).toBe('synced');
  });

  test('refuses Phone Mobile without usage in the name of its backend', async () => {
    await putServices({ teamsPhoneMobile: ON });
    await putNumberWith({ teamsPhoneMobile: { enabled: true } });
    up.clock.advance(2_000);
    expect((await up.call('GET', numberPath())).body['serviceProvisioningErrors']).toMatchObject([
      { code: 'InvalidRequest', target: 'tpm' },
    ]);
  });

  test('takes a number that is written again while it is leaving', async () => {
    await putServices({ teamsOperatorConnect: ON });
    await putNumber();
    await up.call('DELETE', numberPath());
    expect((await putNumber()).status).toBe(200);
    up.clock.advance(10_000);
    expect(await statusOf()).toBe('synced');
  });
});

describe('numbers of an account', () => {
  test('are counted by service, whatever happens to them', async () => {
    await putServices({ teamsOperatorConnect: ON, zoomPhoneCloudPeering: OFF, azureOperatorCallProtection: { enabled: true } });
    await putNumberWith({ zoomPhoneCloudPeering: { enabled: true }, azureOperatorCallProtection: { enabled: false } });
    expect(await countsOf()).toEqual({ teamsOperatorConnect: 0, zoomPhoneCloudPeering: 1, azureOperatorCallProtection: 0 });
    await putNumberWith({ azureOperatorCallProtection: { enabled: true } });
    expect(await countsOf()).toEqual({ teamsOperatorConnect: 0, zoomPhoneCloudPeering: 0, azureOperatorCallProtection: 1 });
    await up.call('DELETE', numberPath());
    up.clock.advance(2_000);
    expect(await countsOf()).toEqual({ teamsOperatorConnect: 0, zoomPhoneCloudPeering: 0, azureOperatorCallProtection: 0 });
  });

  test('need the tenant id for the Teams services only', async () => {
    await up.call('PUT', '/accounts/contoso', {
      body: { name: 'contoso', serviceDetails: { teamsOperatorConnect: ON, zoomPhoneCloudPeering: OFF } },
    });
    expect((await putNumber()).status).toBe(400);
    expect((await putNumberWith({ zoomPhoneCloudPeering: { enabled: true } })).status).toBe(201);
  });

  test('may have no service at all, and then have nothing to sync', async () => {
    await putServices({ teamsOperatorConnect: ON });
    expect((await putNumberWith({})).body['serviceProvisioningStatus']).toBe('synced');
  });
});

describe('Direct Routing', () => {
  const withSubdomain = (subdomain: string) => ({
    teamsDirectRouting: {
      ...OFF,
      configuration: { callScreening: true, subdomain, subdomainTokens: { region1Token: 'MS=ms1', region2Token: 'MS=ms2' } },
    },
  });
  const subdomainStatus = async () => {
    const details = (await up.call('GET', '/accounts/contoso')).body['serviceDetails'] as { teamsDirectRouting: Json };
    return details.teamsDirectRouting['subdomainStatus'];
  };

  test('programs its subdomain in its own time, and again when it changes', async () => {
    await putServices(withSubdomain('first'));
    expect(await subdomainStatus()).toBe('notProvisioned');
    up.clock.advance(5_000);
    await putServices({ ...withSubdomain('first'), zoomPhoneCloudPeering: OFF });
    up.clock.advance(5_000);
    expect(await subdomainStatus()).toBe('provisioned');
    await putServices(withSubdomain('second'));
    expect(await subdomainStatus()).toBe('inconsistent');
    up.clock.advance(10_000);
    expect(await subdomainStatus()).toBe('provisioned');
  });

  test('has nothing to program without a configuration', async () => {
    await putServices({ teamsDirectRouting: OFF });
    up.clock.advance(60_000);
    expect(await subdomainStatus()).toBe('notProvisioned');
  });
});

describe('Accounts_ListTeamsCivicAddresses, Accounts_GetTeamsCivicAddress', () => {
  const address = (id: string) => ({ id, defaultLocationId: `${id}-1`, country: 'US', validationStatus: 'validated', latitude: '38.9' });
  const path = '/accounts/contoso/teamsCivicAddresses';

  test('gives what was loaded for the account, with paging, a count and an ETag', async () => {
    await putAccount();
    expect((await up.call('GET', path)).body).toEqual({ value: [] });
    await up.control('POST', 'teams-data', { account: 'contoso', addresses: ['a', 'b', 'c'].map(address) });
    const page = await up.call('GET', path, { query: { maxpagesize: '2', countRecords: 'true' } });
    expect([valuesOf(page).length, page.headers['x-ms-record-count']]).toEqual([2, '3']);
    expect(valuesOf(await up.follow(String(page.body['nextLink'])))).toEqual([address('c')]);
    const one = await up.call('GET', `${path}/b`);
    expect(one.body).toEqual(address('b'));
    expect((await up.call('GET', `${path}/b`, { headers: { 'If-None-Match': one.headers.etag ?? '' } })).status).toBe(304);
  });

  test('answers 404 for an unknown account or address, and 405 to a write', async () => {
    expect((await up.call('GET', path)).status).toBe(404);
    await putAccount();
    expect((await up.call('GET', `${path}/nowhere`)).status).toBe(404);
    expect((await up.call('PUT', `${path}/a`, { body: address('a') })).status).toBe(405);
  });
});

describe('Accounts_GetTeamsCapabilityPlans, Accounts_GetTeamsAvailableCapabilities', () => {
  const plans = () => up.call('POST', '/accounts/contoso:getTeamsCapabilityPlans');
  const capabilities = (numbers: string[]) =>
    up.call('POST', '/accounts/contoso:getTeamsAvailableCapabilities', {
      body: { numbers: numbers.map((telephoneNumber) => ({ telephoneNumber })) },
    });

  test('gives usual plans to Teams accounts, loaded ones instead, and none to others', async () => {
    await putAccount();
    expect(((await plans()).body['capabilityPlans'] as Json[]).map((plan) => plan['usage'])).toEqual([
      'CallingUserAssignment',
      'ConferenceAssignment',
      'FirstPartyAppAssignment',
    ]);
    const own = [{ name: 'own', usage: 'CallingUserAssignment', supportsTollFree: true }];
    await up.control('POST', 'teams-data', { account: 'contoso', plans: own });
    expect((await plans()).body).toEqual({ capabilityPlans: own });
    await putServices({ zoomPhoneCloudPeering: OFF });
    expect((await plans()).body).toEqual({ capabilityPlans: [] });
  });

  test('says what numbers of the account can do, and 404 for any other', async () => {
    await putAccount();
    await putNumber();
    expect((await capabilities([N1])).body).toEqual({ availableCapabilities: ['UserAssignment', 'InboundCalling', 'OutboundCalling'] });
    await up.control('POST', 'teams-data', { account: 'contoso', capabilities: ['TollFree'] });
    expect((await capabilities([N1])).body).toEqual({ availableCapabilities: ['TollFree'] });
    expect((await capabilities([N1, '+15105850999'])).status).toBe(404);
    expect((await capabilities(['+1'])).status).toBe(400);
  });

  test('answers 404 for an unknown account', async () => {
    expect((await plans()).status).toBe(404);
  });
});

test('a deleted account takes its numbers along, and its name is free again', async () => {
  await putAccount();
  await putNumber();
  await up.call('DELETE', '/accounts/contoso', { query: { deleteNumbers: 'true' } });
  up.clock.advance(2_000);
  expect((await up.call('PUT', '/accounts/contoso', { body: accountBody('contoso'), headers: { 'If-None-Match': '*' } })).status).toBe(201);
  expect(await countsOf()).toEqual({ teamsOperatorConnect: 0 });
});
