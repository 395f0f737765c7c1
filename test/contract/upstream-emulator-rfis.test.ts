/** Requests for Information, repeatable requests and outcome rules of the upstream emulator over HTTPS. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  newPair,
  N1,
  numberBody,
  numberPath,
  startTestUpstream,
  TENANT,
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
beforeEach(() => up.control('POST', 'reset'));

describe('TeamsRequestsForInformation', () => {
  const rfi = `/teamsRequestsForInformation/${TENANT}`;
  beforeEach(() => up.control('POST', 'rfis', { rfis: [{ tenantId: TENANT, consentedCountries: ['US'] }] }));

  test('lists and gets what customers asked for, linked to the account of the tenant', async () => {
    expect((await up.call('GET', '/teamsRequestsForInformation')).body['value']).toMatchObject([{ tenantId: TENANT, status: 'active' }]);
    expect((await up.call('GET', rfi)).body['accountName']).toBeUndefined();
    await putAccount();
    expect((await up.call('GET', rfi)).body['accountName']).toBe('contoso');
  });

  test('merges the answer of the operator, pending then synced', async () => {
    const first = await up.call('PATCH', rfi, { body: { customerRelationship: { status: 'ConsentAcknowledged', comment: 'yes' } } });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ serviceProvisioningStatus: 'pending', consentedCountries: ['US'] });
    up.clock.advance(2_000);
    const second = await up.call('PATCH', rfi, { body: { customerRelationship: { status: 'AgreementSigned' } } });
    expect(second.body['customerRelationship']).toMatchObject({ status: 'AgreementSigned', comment: 'yes' });
  });

  test('refuses an unknown tenant, a tenant id that is none, an empty status and another media type', async () => {
    const body = { customerRelationship: { status: 'ConsentAcknowledged' } };
    expect((await up.call('PATCH', rfi.replace('a7f4', 'b7f4'), { body })).status).toBe(404);
    expect((await up.call('GET', '/teamsRequestsForInformation/contoso')).status).toBe(400);
    expect((await up.call('PATCH', rfi, { body: { customerRelationship: { status: '' } } })).status).toBe(400);
    expect((await up.call('PATCH', rfi, { body, headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
  });

  test('shows RFIs that appear, change and vanish later', async () => {
    const other = TENANT.replace('a7f4', 'c7f4');
    const ids = async () => ((await up.call('GET', '/teamsRequestsForInformation')).body['value'] as Json[]).map((r) => r['tenantId']);
    await up.control('POST', 'rfis', { rfis: [{ tenantId: other }], afterMs: 5_000 });
    await up.control('POST', 'rfis', { rfis: [{ tenantId: TENANT, status: 'removed' }], afterMs: 6_000 });
    await up.control('POST', 'rfis', { remove: [TENANT], afterMs: 7_000 });
    expect(await ids()).toEqual([TENANT]);
    up.clock.advance(6_000);
    expect(await ids()).toEqual([TENANT, other]);
    expect((await up.call('GET', rfi)).body['status']).toBe('removed');
    up.clock.advance(1_000);
    expect(await ids()).toEqual([other]);
  });
});

describe('repeatable requests', () => {
  beforeEach(() => putAccount());

  test('replays the stored answer for the same pair and executes once', async () => {
    const pair = newPair(up.clock);
    const numbers = [numberBody(N1, 'contoso')];
    const first = await batch(numbers, pair);
    up.clock.advance(5_000);
    const second = await batch(numbers, pair);
    expect(second.text).toBe(first.text);
    expect([first.headers['repeatability-result'], second.headers['repeatability-result']]).toEqual(['accepted', 'accepted']);
    const stored = (await up.control('GET', 'accounts/contoso')).body['numbers'];
    expect(stored).toMatchObject([
      { telephoneNumber: N1, status: 'synced', writeCount: 1, writes: [{ repeatabilityRequestId: pair['Repeatability-Request-ID'] }] },
    ]);
  });

  test('refuses half a pair, a pair used for another body, and one outside the window', async () => {
    const pair = newPair(up.clock);
    const { 'Repeatability-First-Sent': _sent, ...half } = pair;
    expect((await batch([numberBody(N1, 'contoso')], half)).status).toBe(400);
    await batch([numberBody(N1, 'contoso')], pair);
    const other = await batch([numberBody(N1, 'contoso', 'other')], pair);
    expect([other.status, other.headers['repeatability-result']]).toEqual([412, 'rejected']);
    const old = { ...newPair(up.clock), 'Repeatability-First-Sent': new Date(up.clock.now() - 86_401_000).toUTCString() };
    expect((await batch([numberBody(N1, 'contoso')], old)).headers['repeatability-result']).toBe('rejected');
  });

  test('forgets what it refused: the pair may be sent again', async () => {
    const pair = newPair(up.clock);
    expect((await batch([numberBody(N1, 'fabrikam')], pair)).status).toBe(400);
    expect((await batch([numberBody(N1, 'contoso')], pair)).status).toBe(200);
  });
});

describe('outcome rules', () => {
  beforeEach(() => putAccount());

  test('fails, holds and refuses numbers by suffix or exactly', async () => {
    const error = { code: 'NumberNotFound', message: 'No such number', target: 'oc' };
    await up.control('POST', 'rules', [
      { suffix: '7', outcome: 'failed', error },
      { number: '+15105850002', outcome: 'pending' },
      { number: '+15105850003', outcome: 'rejected', status: 409, times: 1 },
    ]);
    const numbers = ['+15105850007', '+15105850002', '+15105850001'];
    expect((await batch(numbers.map((n) => numberBody(n, 'contoso')))).status).toBe(200);
    up.clock.advance(3_600_000);
    expect(await Promise.all(numbers.map(statusOf))).toEqual(['failed', 'pending', 'synced']);
    expect((await up.call('GET', numberPath('+15105850007'))).body['serviceProvisioningErrors']).toEqual([error]);
    expect((await putNumber('+15105850003')).status).toBe(409);
    expect((await putNumber('+15105850003')).status).toBe(201);
  });
});
