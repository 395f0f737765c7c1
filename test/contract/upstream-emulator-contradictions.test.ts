/** Where the published texts contradict each other: what the upstream emulator does for each row C1-C25 of its README. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  accountBody,
  N1,
  numberBody,
  numberPath,
  startTestUpstream,
  TENANT,
  writesOn,
  type Ask,
  type Json,
  type TestUpstream,
} from '../support/upstream-emulator.ts';

let up: TestUpstream;
const { putAccount, putNumber } = writesOn(() => up);
beforeAll(async () => {
  up = await startTestUpstream();
});
afterAll(() => up.close());
beforeEach(async () => {
  await up.control('POST', 'reset');
  await up.control('POST', 'rfis', { rfis: [{ tenantId: TENANT }] });
  await putAccount();
});

const set = async (settings: Json) => expect((await up.control('POST', 'settings', settings)).status).toBe(200);
const getAccount = async (ask: Ask = {}) => (await up.call('GET', '/accounts/contoso', ask)).body;
const RFI = `/teamsRequestsForInformation/${TENANT}`;
const ANSWER = { customerRelationship: { status: 'ConsentAcknowledged' } };

const directRouting = (subdomain: string, token = 'MS=ms1234') => ({
  teamsDirectRouting: {
    enabled: true,
    syncEnabled: false,
    configuration: { callScreening: true, subdomain, subdomainTokens: { region1Token: token, region2Token: token } },
  },
});

test('C1 accepts both spellings of the version, or only the official one when strict', async () => {
  const statusOf = async (version: string) => (await up.call('GET', '/accounts', { query: { 'api-version': version } })).status;
  expect([await statusOf('2024-02-29'), await statusOf('2024-02-29-preview')]).toEqual([200, 200]);
  await set({ strictApiVersion: true });
  expect([await statusOf('2024-02-29'), await statusOf('2024-02-29-preview')]).toEqual([400, 200]);
});

test('C2 ignores an ETag header in a request: the write is unconditional', async () => {
  expect((await up.call('PUT', '/accounts/contoso', { body: accountBody('contoso'), headers: { ETag: '123' } })).status).toBe(200);
});

test('C3 answers 201 to a PUT that creates and 200 to one that replaces', async () => {
  expect([(await putNumber()).status, (await putNumber()).status]).toEqual([201, 200]);
});

test('C4 wants api-version on PATCH and takes merge-patch or plain JSON', async () => {
  expect((await up.call('PATCH', RFI, { body: ANSWER, query: { 'api-version': '' } })).status).toBe(400);
  const json = { body: ANSWER, headers: { 'Content-Type': 'application/json; charset=utf-8' } };
  expect((await up.call('PATCH', RFI, json)).status).toBe(200);
});

test('C5 says synced when it is done', async () => {
  up.clock.advance(2_000);
  expect((await getAccount())['serviceProvisioningStatus']).toBe('synced');
});

test('C6 shows no errors as [], or as null or not at all when told', async () => {
  expect((await getAccount())['serviceProvisioningErrors']).toEqual([]);
  await set({ noErrorsAs: 'null' });
  expect((await getAccount({ unchecked: true }))['serviceProvisioningErrors']).toBeNull();
  await set({ noErrorsAs: 'absent' });
  expect(await getAccount()).not.toHaveProperty('serviceProvisioningErrors');
});

test('C7 does not know /account', async () => {
  expect((await up.call('GET', '/account/contoso')).status).toBe(404);
});

test('C8 takes a GUID as tenant id and nothing else, in any case of letters', async () => {
  expect((await up.call('GET', '/teamsRequestsForInformation/contosoTenantId')).status).toBe(400);
  expect((await up.call('GET', RFI.replace('a7f4bd5c', 'A7F4BD5C'))).status).toBe(200);
});

test('C9 echoes a sent assignmentStatus and else says unassigned, or assigned when told', async () => {
  const oc = (await putNumber()).body['serviceDetails'];
  expect(oc).toMatchObject({ teamsOperatorConnect: { assignmentStatus: 'unassigned' } });
  const sent = { ...numberBody(N1, 'contoso'), serviceDetails: { teamsOperatorConnect: { enabled: true, assignmentStatus: 'assigned' } } };
  expect((await up.call('PUT', numberPath(), { body: sent })).body).toMatchObject({
    serviceDetails: { teamsOperatorConnect: { assignmentStatus: 'assigned' } },
  });
  await set({ defaultAssignment: 'assigned' });
  expect((await putNumber()).body['serviceDetails']).toMatchObject({ teamsOperatorConnect: { assignmentStatus: 'assigned' } });
});

test('C10 ignores read-only members that are sent', async () => {
  const body = { ...accountBody('contoso', { teamsOperatorConnect: { enabled: true, syncEnabled: true, numberCount: 77 } }) };
  const answer = await up.call('PUT', '/accounts/contoso', { body: { ...body, serviceProvisioningStatus: 'failed' } });
  expect(answer.body).toMatchObject({ serviceProvisioningStatus: 'pending', serviceDetails: { teamsOperatorConnect: { numberCount: 0 } } });
});

test('C11 checks emergency addresses only when some were loaded', async () => {
  const withAddress = (address: Json) => ({
    telephoneNumber: N1,
    accountName: 'contoso',
    serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage: 'U', choosableCapabilities: [], ...address } } },
  });
  const statusOf = async (address: Json) => (await up.call('PUT', numberPath(), { body: withAddress(address) })).status;
  expect(await statusOf({ civicAddressId: 'anything', locationId: 'anything' })).toBe(201);
  const addresses = ['a', 'b'].map((id) => ({ id, defaultLocationId: `${id}1`, locations: [{ id: `${id}1`, civicAddressId: id }] }));
  await up.control('POST', 'teams-data', { account: 'contoso', addresses });
  expect(await statusOf({ civicAddressId: 'anything' })).toBe(400);
  expect(await statusOf({ civicAddressId: 'a', locationId: 'b1' })).toBe(400);
  expect(await statusOf({ civicAddressId: 'a', locationId: 'a1' })).toBe(200);
  expect(await statusOf({ locationId: 'b1' })).toBe(200);
});

test('C12 always sends numberCount, for each service', async () => {
  await putAccount('multi', { ...directRouting('contoso'), zoomPhoneCloudPeering: { enabled: true, syncEnabled: true } });
  expect((await up.call('GET', '/accounts/multi')).body['serviceDetails']).toMatchObject({
    teamsOperatorConnect: { numberCount: 0 },
    teamsDirectRouting: { numberCount: 0 },
    zoomPhoneCloudPeering: { numberCount: 0 },
  });
});

test('C13 takes a subdomain of 10 characters and refuses 11', async () => {
  expect((await putAccount('a', directRouting('abcdefghij'))).status).toBe(201);
  expect((await putAccount('b', directRouting('abcdefghijk'))).status).toBe(400);
});

test('C14 takes an equals sign in a subdomain token', async () => {
  expect((await putAccount('a', directRouting('a', 'MS=ms12345'))).status).toBe(201);
  expect((await putAccount('b', directRouting('a', 'MS:ms12345'))).status).toBe(400);
});

test('C15 takes a number of 16 characters and refuses 17', async () => {
  expect((await putNumber('+123456789012345')).status).toBe(201);
  expect((await putNumber('+1234567890123456')).status).toBe(400);
});

test('C16 says provisioned in lower case, after notProvisioned', async () => {
  const statusOf = async () => ((await up.call('GET', '/accounts/dr')).body['serviceDetails'] as Json)['teamsDirectRouting'];
  await putAccount('dr', directRouting('contoso'));
  expect(await statusOf()).toMatchObject({ subdomainStatus: 'notProvisioned' });
  up.clock.advance(15_000);
  expect(await statusOf()).toMatchObject({ subdomainStatus: 'provisioned' });
});

test('C17 compares ETags without quotes and W/, and sends them unquoted or quoted', async () => {
  const etag = (await putAccount()).headers.etag ?? '';
  expect(etag).toMatch(/^\d{12}$/);
  for (const form of [etag, `"${etag}"`, `W/"${etag}"`, `"other", "${etag}"`]) {
    expect((await up.call('GET', '/accounts/contoso', { headers: { 'If-Match': form } })).status).toBe(200);
  }
  expect((await up.call('GET', '/accounts/contoso', { headers: { 'If-Match': 'other' } })).status).toBe(412);
  await set({ etagStyle: 'quoted' });
  expect((await up.call('GET', '/accounts/contoso')).headers.etag).toBe(`"${etag}"`);
});

test('C18 sends JSON that parses, with nextLink as a string', async () => {
  await putAccount('second');
  const page = await up.call('GET', '/accounts', { query: { maxpagesize: '1' } });
  expect(new URL(String((JSON.parse(page.text) as Json)['nextLink'])).origin).toBe(up.url);
});

test.each([
  ['429', 429, '60'],
  ['429WithoutRetryAfter', 429, undefined],
  ['503', 503, '60'],
])('C19 limits in a rolling minute and then answers %s', async (limitAnswer, status, retryAfter) => {
  await set({ limit: 1, limitAnswer });
  const refused = await up.call('GET', '/accounts');
  expect([refused.status, refused.headers['retry-after']]).toEqual([status, retryAfter]);
});

test('C19 can also leave a call over the limit hanging', async () => {
  await set({ limit: 1, limitAnswer: 'hang' });
  await expect(up.call('GET', '/accounts', { giveUpAfterMs: 150 })).rejects.toThrow('abort');
});

test('C20 opens each POST action to the role of what it does, or all to Write when lenient', async () => {
  const write = { token: (await up.issueToken?.(['ProvisioningAPI.Write'])) ?? '' };
  const plans = () => up.call('POST', '/accounts/contoso:getTeamsCapabilityPlans', write);
  const remove = () => up.call('POST', '/accounts/contoso:deleteNumbers', { ...write, body: { numbers: [{ telephoneNumber: N1 }] } });
  expect([(await plans()).status, (await remove()).status]).toEqual([403, 403]);
  await set({ lenientRoles: true });
  expect([(await plans()).status, (await remove()).status]).toEqual([200, 204]);
});

test('C21 answers an RFI update pending, or synced when told', async () => {
  expect((await up.call('PATCH', RFI, { body: ANSWER })).body['serviceProvisioningStatus']).toBe('pending');
  await set({ rfiUpdate: 'synced' });
  expect((await up.call('PATCH', RFI, { body: ANSWER })).body['serviceProvisioningStatus']).toBe('synced');
});

test('C22 takes the batch as a POST action and refuses a PUT with 405', async () => {
  const numbers = [numberBody(N1, 'contoso')];
  expect((await up.call('PUT', '/accounts/contoso:createOrUpdateNumbers', { body: { numbers } })).status).toBe(405);
  expect((await up.call('POST', '/accounts/contoso:createOrUpdateNumbers', { body: { numbers } })).status).toBe(200);
});

test('C23 answers an empty list with 200', async () => {
  const empty = await up.call('GET', '/numbers');
  expect([empty.status, empty.body]).toEqual([200, { value: [] }]);
});

test('C24 never creates an RFI: 200 for a known tenant, 404 for an unknown one', async () => {
  expect((await up.call('PATCH', RFI, { body: ANSWER })).status).toBe(200);
  expect((await up.call('PATCH', RFI.replace('a7f4', 'b7f4'), { body: ANSWER })).status).toBe(404);
});

test('C25 takes a custom SIP header for Phone Mobile too', async () => {
  await putAccount('mobile', { teamsPhoneMobile: { enabled: true, syncEnabled: true } });
  const body = {
    telephoneNumber: N1,
    accountName: 'mobile',
    serviceDetails: { teamsPhoneMobile: { enabled: true } },
    configuration: { customSipHeader: 'contoso' },
  };
  expect((await up.call('PUT', numberPath(N1, 'mobile'), { body })).status).toBe(201);
});
