/** What nobody published: the upstream emulator's assumption for each row U1-U24 of its README. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../infra/local/upstream/settings.ts';
import {
  accountBody,
  N1,
  newPair,
  numberBody,
  numberPath,
  numberRange,
  startTestUpstream,
  TENANT,
  valuesOf,
  writesOn,
  type Json,
  type TestUpstream,
} from '../support/upstream-emulator.ts';

let up: TestUpstream;
const { putAccount, putNumber, batch, statusOf } = writesOn(() => up);
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
const addRule = async (rule: Json) => expect((await up.control('POST', 'rules', rule)).status).toBe(200);
const advanceBy = (advanceMs: number) => up.control('POST', 'clock', { advanceMs });
const RFI = `/teamsRequestsForInformation/${TENANT}`;
const patch = (customerRelationship: Json | null) => up.call('PATCH', RFI, { body: { customerRelationship } });
const numbersOf = (numbers: string[]) => numbers.map((number) => numberBody(number, 'contoso'));
const listNumbers = (query: Record<string, string>) => up.call('GET', '/accounts/contoso/numbers', { query });

test("U1 filters by field eq 'value' joined by and, and refuses any other filter", async () => {
  await batch(numbersOf(numberRange(3)));
  await addRule({ suffix: '2', outcome: 'pending' });
  await batch(numbersOf(['+15105850002']));
  up.clock.advance(2_000);
  const pending = await listNumbers({
    filter: "serviceProvisioningStatus eq 'pending' and accountName eq 'contoso'",
    countRecords: 'true',
  });
  expect(valuesOf(pending).map((number) => number['telephoneNumber'])).toEqual(['+15105850002']);
  expect(pending.headers['x-ms-record-count']).toBe('1');
  expect((await listNumbers({ filter: "startswith(telephoneNumber,'+1')" })).status).toBe(400);
  await set({ filter: 'ignored' });
  expect(valuesOf(await listNumbers({ filter: 'whatever' }))).toHaveLength(3);
  await set({ filter: 'refused' });
  expect((await listNumbers({ filter: "accountName eq 'contoso'" })).status).toBe(400);
});

test('U2 pages by 200, up to 500, in key order; or in an order that differs from listing to listing', async () => {
  const serviceDetails = numberBody(N1, '')['serviceDetails'];
  await up.control('POST', 'accounts', { ranges: [{ first: '+15105850000', count: 501, accountName: 'contoso', serviceDetails }] });
  const all = await listNumbers({});
  expect(valuesOf(all).map((number) => number['telephoneNumber'])).toEqual(numberRange(200));
  expect(valuesOf(await listNumbers({ maxpagesize: '9999' }))).toHaveLength(500);
  await set({ listOrder: 'unstable' });
  const rotated = valuesOf(await listNumbers({}));
  expect(rotated[0]).not.toEqual(valuesOf(all)[0]);
});

test('U3 counts refused calls, answers 429 with Retry-After, and recovers when the minute is over', async () => {
  await set({ limit: 1 });
  const refused = await up.call('GET', '/accounts');
  expect([refused.status, refused.headers['retry-after'], refused.headers['x-ms-error-code']]).toEqual([429, '60', 'TooManyRequests']);
  up.clock.advance(59_999);
  expect((await up.call('GET', '/accounts')).status).toBe(429);
  up.clock.advance(60_000);
  expect((await up.call('GET', '/accounts')).status).toBe(200);
});

test('U4 opens the reading actions to Read, the batch to Write, the batch deletion to Delete', async () => {
  const allowed = async (role: string) => {
    const token = (await up.issueToken?.([`ProvisioningAPI.${role}`])) ?? '';
    const actions = ['getTeamsCapabilityPlans', 'getTeamsAvailableCapabilities', 'createOrUpdateNumbers', 'deleteNumbers'];
    const statuses = await Promise.all(
      actions.map(async (action) => (await up.call('POST', `/accounts/contoso:${action}`, { token, body: {} })).status),
    );
    return actions.filter((_, i) => statuses[i] !== 403);
  };
  expect(await allowed('Read')).toEqual(['getTeamsCapabilityPlans', 'getTeamsAvailableCapabilities']);
  expect(await allowed('Write')).toEqual(['createOrUpdateNumbers']);
  expect(await allowed('Delete')).toEqual(['deleteNumbers']);
});

test('U5 refuses plain JSON on PATCH when strict', async () => {
  await set({ strictPatchType: true });
  const body = { customerRelationship: { status: 'ConsentAcknowledged' } };
  expect((await up.call('PATCH', RFI, { body, headers: { 'Content-Type': 'application/json' } })).status).toBe(415);
  expect((await up.call('PATCH', RFI, { body })).status).toBe(200);
});

test('U6 takes a null in a merge-patch as removal', async () => {
  await patch({ status: 'ConsentDeclined', comment: 'too far' });
  const cleared = await patch({ comment: null });
  expect(cleared.body['customerRelationship']).toMatchObject({ status: 'ConsentDeclined' });
  expect(cleared.body['customerRelationship']).not.toHaveProperty('comment');
  expect((await patch(null)).body).not.toHaveProperty('customerRelationship');
});

test('U7 takes a batch whole or not at all, names the bad numbers or keeps them to itself, and asks for at most 100', async () => {
  await addRule({ number: '+15105850001', outcome: 'rejected' });
  await addRule({ number: '+15105850003', outcome: 'rejected' });
  const refused = await batch(numbersOf(numberRange(4)));
  expect(refused.body).toMatchObject({
    error: { details: [{ target: 'numbers[1].telephoneNumber' }, { target: 'numbers[3].telephoneNumber' }] },
  });
  expect(valuesOf(await listNumbers({}))).toEqual([]);
  await set({ errorTargets: 'bare' });
  const bare = await batch(numbersOf(numberRange(4)));
  expect(Object.keys(bare.body['error'] as Json)).toEqual(['code', 'message']);
  const asked = numberRange(101).map((telephoneNumber) => ({ telephoneNumber }));
  expect((await up.call('POST', '/accounts/contoso:getTeamsAvailableCapabilities', { body: { numbers: asked } })).status).toBe(400);
});

test('U8 replaces the whole number in a batch', async () => {
  await batch([{ ...numberBody(N1, 'contoso'), configuration: { customSipHeader: 'header' } }]);
  const again = await batch([numberBody(N1, 'contoso')]);
  expect((again.body['numbers'] as Json[])[0]).not.toHaveProperty('configuration');
});

test('U9 answers 204 to a batch deletion of numbers that are not there, and 404 for an unknown account', async () => {
  const body = { numbers: [{ telephoneNumber: N1 }] };
  expect((await up.call('POST', '/accounts/contoso:deleteNumbers', { body })).status).toBe(204);
  expect((await up.call('POST', '/accounts/nobody:deleteNumbers', { body })).status).toBe(404);
});

test('U10 remembers a repeatable request for 24 h, and can ignore or reject all of them', async () => {
  const pair = newPair(up.clock);
  const send = () => up.call('PUT', numberPath(), { body: numberBody(N1, 'contoso'), headers: pair });
  expect((await send()).status).toBe(201);
  await advanceBy(86_399_000);
  const replay = await send();
  expect([replay.status, replay.headers['repeatability-result']]).toEqual([201, 'accepted']);
  await set({ repeatability: 'ignored' });
  const ignored = await send();
  expect([ignored.status, ignored.headers['repeatability-result']]).toEqual([200, undefined]);
  await set({ repeatability: 'rejected' });
  const rejected = await up.call('PUT', numberPath(), { body: numberBody(N1, 'contoso'), headers: newPair(up.clock) });
  expect([rejected.status, rejected.headers['repeatability-result']]).toEqual([412, 'rejected']);
});

test('U11 changes the ETag when sync ends, unless told not to', async () => {
  const etagsOf = async () => {
    const written = (await putAccount()).headers.etag;
    up.clock.advance(2_000);
    return [written, (await up.call('GET', '/accounts/contoso')).headers.etag];
  };
  const [before, after] = await etagsOf();
  expect(after).not.toBe(before);
  await set({ etagChangesOnSync: false });
  const [same, stays] = await etagsOf();
  expect(stays).toBe(same);
});

test('U12 leaves a failed number failed, unless its backend repairs it', async () => {
  await addRule({ number: N1, outcome: 'failed', times: 1 });
  await putNumber();
  await advanceBy(86_400_000);
  expect(await statusOf()).toBe('failed');
  await addRule({ number: N1, outcome: 'failed', repairedAfterMs: 1_000 });
  await putNumber();
  up.clock.advance(2_999);
  expect(await statusOf()).toBe('failed');
  up.clock.advance(1);
  expect((await up.call('GET', numberPath())).body).toMatchObject({ serviceProvisioningStatus: 'synced', serviceProvisioningErrors: [] });
});

test('U13 settles in 2 to 8 s, the slowest service deciding, or after what a rule says', async () => {
  expect(DEFAULT_SETTINGS.latencyMs).toEqual({ min: 2_000, max: 8_000 });
  await set({ latencyMsByService: { teamsOperatorConnect: { min: 30_000, max: 30_000 } } });
  await putNumber();
  up.clock.advance(29_999);
  expect(await statusOf()).toBe('pending');
  up.clock.advance(1);
  expect(await statusOf()).toBe('synced');
  await addRule({ number: N1, outcome: 'synced', afterMs: 5, assignedAfterMs: 10 });
  await putNumber();
  up.clock.advance(5);
  expect(await statusOf()).toBe('synced');
  up.clock.advance(10);
  expect((await up.call('GET', numberPath())).body['serviceDetails']).toMatchObject({
    teamsOperatorConnect: { assignmentStatus: 'assigned' },
  });
});

test('U14 keeps a number to one account', async () => {
  await putNumber();
  await putAccount('fabrikam');
  expect((await putNumber(N1, 'fabrikam')).status).toBe(409);
});

test('U15 refuses to disable a service that numbers use', async () => {
  await putNumber();
  const disabled = { teamsOperatorConnect: { enabled: false, syncEnabled: false } };
  expect((await putAccount('contoso', disabled)).status).toBe(409);
});

test('U16 keeps the state of an account apart from that of its numbers', async () => {
  await addRule({ number: N1, outcome: 'failed' });
  await putNumber();
  up.clock.advance(2_000);
  expect(await statusOf()).toBe('failed');
  expect((await up.call('GET', '/accounts/contoso')).body['serviceProvisioningStatus']).toBe('synced');
});

test('U17 takes any relationship status but an empty one, in any order', async () => {
  for (const status of ['ContractTerminated', 'ConsentAcknowledged', 'Something else']) expect((await patch({ status })).status).toBe(200);
  expect((await patch({ status: '' })).status).toBe(400);
});

test('U18 sets no limit to comments and correlation ids', async () => {
  const long = 'x'.repeat(10_000);
  expect((await patch({ comment: long })).status).toBe(200);
  expect((await up.call('PUT', '/accounts/contoso', { body: { ...accountBody('contoso'), correlationId: long } })).status).toBe(200);
});

test('U19 lets a deleted number linger, vanish at once, or fail to go', async () => {
  const remove = () => up.call('DELETE', numberPath());
  await putNumber();
  await remove();
  expect(await statusOf()).toBe('pending');
  up.clock.advance(2_000);
  expect(await statusOf()).toBeUndefined();
  await set({ deleteMode: 'immediate' });
  await putNumber();
  await remove();
  expect(await statusOf()).toBeUndefined();
  await set({ deleteMode: 'linger' });
  await addRule({ number: N1, on: 'delete', outcome: 'failed' });
  await putNumber();
  await remove();
  up.clock.advance(2_000);
  expect(await statusOf()).toBe('failed');
});

test('U20 has no feed of changes: a removed RFI stays listed as removed, or is gone, as its customer has it', async () => {
  await up.control('POST', 'rfis', { rfis: [{ tenantId: TENANT, status: 'removed' }] });
  expect(valuesOf(await up.call('GET', '/teamsRequestsForInformation'))).toMatchObject([{ status: 'removed' }]);
  await up.control('POST', 'rfis', { remove: [TENANT] });
  expect(valuesOf(await up.call('GET', '/teamsRequestsForInformation'))).toEqual([]);
});

test('U21 has one RFI per tenant', async () => {
  await up.control('POST', 'rfis', { rfis: [{ tenantId: TENANT.toUpperCase(), id: 'second' }] });
  expect(valuesOf(await up.call('GET', '/teamsRequestsForInformation'))).toMatchObject([{ id: 'second' }]);
});

test('U22 answers 401 and 403 with the published error body', async () => {
  const unknown = await up.call('GET', '/accounts', { token: false });
  const forbidden = await up.call('GET', '/accounts', { token: (await up.issueToken?.([])) ?? '' });
  expect([unknown, forbidden].map(({ status, body }) => [status, (body['error'] as Json)['code']])).toEqual([
    [401, 'Unauthorized'],
    [403, 'Forbidden'],
  ]);
});

test('U23 takes a full batch with addresses, and refuses 5 MB', async () => {
  const address = {
    civicAddressId: 'x'.repeat(36),
    locationId: 'y'.repeat(36),
    displayedCountryCode: 'US',
    allowTenantAddressUpdate: false,
  };
  const full = numberRange(100).map((telephoneNumber) => ({
    telephoneNumber,
    accountName: 'contoso',
    serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage: 'U', choosableCapabilities: [], ...address } } },
  }));
  expect((await batch(full)).status).toBe(200);
  const huge = await up.call('POST', '/accounts/contoso:createOrUpdateNumbers', { text: `{"numbers":["${'x'.repeat(5_000_000)}"]}` });
  expect(huge.status).toBe(413);
});

test('U24 serves one version and says so when asked for another', async () => {
  const older = await up.call('GET', '/accounts', { query: { 'api-version': '2023-10-01' } });
  expect([older.status, older.body]).toMatchObject([
    400,
    { error: { code: 'UnsupportedApiVersionValue', message: 'Supported: 2024-02-29-preview.' } },
  ]);
});
