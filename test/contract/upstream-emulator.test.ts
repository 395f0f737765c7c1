/** The upstream emulator over HTTPS: one block per operation, as the published contract of 2024-02-29-preview says. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  accountBody,
  newPair,
  numberBody,
  startTestUpstream,
  TENANT,
  type Json,
  type Reply,
  type TestUpstream,
} from '../support/upstream-emulator.ts';

let up: TestUpstream;
beforeAll(async () => {
  up = await startTestUpstream();
});
afterAll(() => up.close());
beforeEach(() => up.control('POST', 'reset'));

const N1 = '+15105850321';
const at = (number: string, account = 'contoso') => `/accounts/${account}/numbers/${encodeURIComponent(number)}`;
const putAccount = (name = 'contoso', details: Json = {}) => up.call('PUT', `/accounts/${name}`, { body: accountBody(name, details) });
const putNumber = (number = N1, account = 'contoso') => up.call('PUT', at(number, account), { body: numberBody(number, account) });
const batch = (numbers: Json[], headers: Record<string, string> = {}) =>
  up.call('POST', '/accounts/contoso:createOrUpdateNumbers', { body: { numbers }, headers });
const range = (count: number, first = 15105850000n) => Array.from({ length: count }, (_, i) => `+${first + BigInt(i)}`);
const codeOf = (reply: Reply) => (reply.body['error'] as { code: string }).code;
const statusOf = async (number = N1) => (await up.call('GET', at(number))).body['serviceProvisioningStatus'];

describe('Accounts_CreateOrReplace', () => {
  test('answers 201 when new, 200 when replaced, pending, with an ETag that changes', async () => {
    const created = await putAccount();
    const replaced = await putAccount();
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      ...accountBody('contoso', { teamsOperatorConnect: { enabled: true, syncEnabled: true, numberCount: 0 } }),
      serviceProvisioningStatus: 'pending',
      serviceProvisioningErrors: [],
    });
    expect(replaced.status).toBe(200);
    expect(replaced.headers.etag).not.toBe(created.headers.etag);
  });

  test('ends synced after the latency, with another ETag', async () => {
    const created = await putAccount();
    up.clock.advance(1_999);
    expect((await up.call('GET', '/accounts/contoso')).body['serviceProvisioningStatus']).toBe('pending');
    up.clock.advance(1);
    const synced = await up.call('GET', '/accounts/contoso');
    expect(synced.body['serviceProvisioningStatus']).toBe('synced');
    expect(synced.headers.etag).not.toBe(created.headers.etag);
  });

  test('creates only once under If-None-Match: *', async () => {
    const ask = { body: accountBody('contoso'), headers: { 'If-None-Match': '*' } };
    expect((await up.call('PUT', '/accounts/contoso', ask)).status).toBe(201);
    const again = await up.call('PUT', '/accounts/contoso', ask);
    expect([again.status, codeOf(again), again.headers['x-ms-error-code']]).toEqual([412, 'ConditionNotMet', 'ConditionNotMet']);
  });

  test('replaces under the current ETag and refuses a stale one', async () => {
    const etag = (await putAccount()).headers.etag ?? '';
    const put = () => up.call('PUT', '/accounts/contoso', { body: accountBody('contoso'), headers: { 'If-Match': etag } });
    expect((await put()).status).toBe(200);
    expect((await put()).status).toBe(412);
  });

  test('refuses a name that differs from the path, a bad name and a wrong body', async () => {
    expect((await up.call('PUT', '/accounts/other', { body: accountBody('contoso') })).status).toBe(400);
    expect((await up.call('PUT', '/accounts/a%20b', { body: accountBody('a b') })).status).toBe(400);
    expect((await up.call('PUT', '/accounts/contoso', { text: '{"name":' })).status).toBe(400);
    const wrong = await putAccount('contoso', { teamsOperatorConnect: { enabled: 'yes' } });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'InvalidRequest']);
  });

  test('locks the tenant id and the services that numbers use', async () => {
    await putAccount();
    await putNumber();
    expect((await putAccount('contoso', { teamsTenantId: 'another' })).status).toBe(409);
    expect((await putAccount('contoso', { teamsOperatorConnect: { enabled: false, syncEnabled: true } })).status).toBe(409);
  });
});

describe('Accounts_Get, Accounts_List', () => {
  test('answers 404 for an unknown account and 304 for one not changed', async () => {
    expect((await up.call('GET', '/accounts/nobody')).status).toBe(404);
    const etag = (await putAccount()).headers.etag ?? '';
    const unchanged = await up.call('GET', '/accounts/contoso', { headers: { 'If-None-Match': etag } });
    expect([unchanged.status, unchanged.text, unchanged.headers.etag]).toEqual([304, '', etag]);
  });

  test('lists accounts with the number count recomputed', async () => {
    await putAccount();
    await putNumber();
    const list = await up.call('GET', '/accounts', { query: { countRecords: 'true' } });
    expect(list.headers['x-ms-record-count']).toBe('1');
    expect(list.body['value']).toMatchObject([{ name: 'contoso', serviceDetails: { teamsOperatorConnect: { numberCount: 1 } } }]);
  });
});

describe('Accounts_Delete', () => {
  test('refuses while numbers exist, unless they are to go too', async () => {
    await putAccount();
    await putNumber();
    expect((await up.call('DELETE', '/accounts/contoso')).status).toBe(400);
    expect((await up.call('DELETE', '/accounts/contoso', { query: { deleteNumbers: 'true' } })).status).toBe(204);
    expect((await up.call('GET', '/accounts/contoso')).body['serviceProvisioningStatus']).toBe('pending');
    up.clock.advance(2_000);
    expect((await up.call('GET', '/accounts/contoso')).status).toBe(404);
    expect((await up.call('GET', '/numbers')).body['value']).toEqual([]);
  });

  test('answers 204 for what is not there', async () => {
    expect((await up.call('DELETE', '/accounts/nobody')).status).toBe(204);
  });
});

describe('Accounts_CreateOrReplaceNumber, Accounts_GetNumber, Accounts_DeleteNumber', () => {
  beforeEach(() => putAccount());

  test('creates pending and unassigned, then syncs', async () => {
    const created = await putNumber();
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      serviceProvisioningStatus: 'pending',
      serviceDetails: { teamsOperatorConnect: { assignmentStatus: 'unassigned' } },
    });
    up.clock.advance(2_000);
    expect(await statusOf()).toBe('synced');
  });

  test('takes %2B and a literal plus for the same number', async () => {
    await putNumber();
    expect((await up.call('GET', `/accounts/contoso/numbers/${N1}`)).status).toBe(200);
  });

  test('ends failed with the published error when the usage is empty', async () => {
    await up.call('PUT', at(N1), { body: numberBody(N1, 'contoso', '') });
    up.clock.advance(2_000);
    expect((await up.call('GET', at(N1))).body).toMatchObject({
      serviceProvisioningStatus: 'failed',
      serviceProvisioningErrors: [
        { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' },
      ],
    });
  });

  test('refuses a service that the account lacks, a foreign number and an unknown account', async () => {
    const aocp = { ...numberBody(N1, 'contoso'), serviceDetails: { azureOperatorCallProtection: { enabled: true } } };
    expect((await up.call('PUT', at(N1), { body: aocp })).status).toBe(400);
    expect((await putNumber(N1, 'nobody')).status).toBe(404);
    await putNumber();
    await putAccount('fabrikam');
    expect((await putNumber(N1, 'fabrikam')).status).toBe(409);
    expect((await up.call('GET', at(N1, 'fabrikam'))).status).toBe(404);
  });

  test('stays visible after a delete until its backend let go', async () => {
    await putNumber();
    up.clock.advance(2_000);
    expect((await up.call('DELETE', at(N1))).status).toBe(204);
    expect(await statusOf()).toBe('pending');
    up.clock.advance(2_000);
    expect((await up.call('GET', at(N1))).status).toBe(404);
    expect((await up.call('DELETE', at(N1))).status).toBe(204);
  });
});

describe('Accounts_CreateOrUpdateNumbers, Accounts_DeleteNumbers', () => {
  beforeEach(() => putAccount());

  test('takes up to 100 numbers in one call, without an ETag', async () => {
    const answer = await batch(range(100).map((n) => numberBody(n, 'contoso')));
    expect([answer.status, answer.headers.etag]).toEqual([200, undefined]);
    expect(answer.body['numbers']).toHaveLength(100);
    expect((answer.body['numbers'] as Json[]).every((n) => n['serviceProvisioningStatus'] === 'pending')).toBe(true);
  });

  test('refuses 101 numbers, none, and one twice, and stores nothing of it', async () => {
    for (const numbers of [range(101), [], [N1, N1]]) {
      expect((await batch(numbers.map((n) => numberBody(n, 'contoso')))).status).toBe(400);
    }
    expect((await up.call('GET', '/numbers')).body['value']).toEqual([]);
  });

  test('refuses all for one bad number and names it', async () => {
    const answer = await batch([numberBody(N1, 'contoso'), numberBody('+15105850322', 'fabrikam')]);
    expect(answer.body).toMatchObject({ error: { code: 'InvalidRequest', target: 'numbers[1].accountName' } });
    expect((await up.call('GET', at(N1))).status).toBe(404);
  });

  test('takes the action with an escaped colon, and no other method', async () => {
    const escaped = await up.call('POST', '/accounts/contoso%3AcreateOrUpdateNumbers', { body: { numbers: [numberBody(N1, 'contoso')] } });
    expect(escaped.status).toBe(200);
    const put = await up.call('PUT', '/accounts/contoso:createOrUpdateNumbers', { body: {} });
    expect([put.status, put.headers.allow]).toEqual([405, 'POST']);
  });

  test('deletes numbers, passing over those that are not there', async () => {
    await batch(range(3).map((n) => numberBody(n, 'contoso')));
    const gone = await up.call('POST', '/accounts/contoso:deleteNumbers', {
      body: { numbers: [...range(2), '+449999'].map((telephoneNumber) => ({ telephoneNumber })) },
    });
    expect(gone.status).toBe(204);
    up.clock.advance(2_000);
    expect(((await up.call('GET', '/accounts/contoso/numbers')).body['value'] as Json[]).map((n) => n['telephoneNumber'])).toEqual([
      range(3)[2],
    ]);
  });
});

describe('Accounts_ListNumbers, ListNumbers', () => {
  test('pages by maxpagesize through absolute links', async () => {
    await putAccount();
    await batch(range(5).map((n) => numberBody(n, 'contoso')));
    const seen: unknown[] = [];
    let page = await up.call('GET', '/accounts/contoso/numbers', { query: { maxpagesize: '2', countRecords: 'true' } });
    for (;;) {
      expect(page.headers['x-ms-record-count']).toBe('5');
      seen.push((page.body['value'] as Json[]).map((n) => n['telephoneNumber']));
      const next = page.body['nextLink'];
      if (typeof next !== 'string') break;
      expect(next.startsWith(`${up.url}/accounts/contoso/numbers?`)).toBe(true);
      page = await up.follow(next);
    }
    expect(seen).toEqual([range(5).slice(0, 2), range(5).slice(2, 4), range(5).slice(4)]);
  });

  test('gives 200 rows unless asked for more, and never more than 500', async () => {
    await up.control('POST', 'accounts', {
      accounts: [accountBody('contoso')],
      ranges: [{ first: '+15105850000', count: 600, accountName: 'contoso', serviceDetails: numberBody(N1, '')['serviceDetails'] }],
    });
    const sizeOf = async (query: Record<string, string>) => ((await up.call('GET', '/numbers', { query })).body['value'] as Json[]).length;
    expect(await sizeOf({})).toBe(200);
    expect(await sizeOf({ maxpagesize: '501' })).toBe(500);
    expect(await sizeOf({ maxpagesize: '500', skip: '590' })).toBe(10);
    expect(await sizeOf({ top: '7' })).toBe(7);
  });

  test('refuses sizes that are no numbers', async () => {
    expect((await up.call('GET', '/numbers', { query: { maxpagesize: '0' } })).status).toBe(400);
    expect((await up.call('GET', '/numbers', { query: { top: '-1' } })).status).toBe(400);
    expect((await up.call('GET', '/numbers', { query: { skiptoken: 'x' } })).status).toBe(400);
  });
});

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
    expect((await up.call('GET', at('+15105850007'))).body['serviceProvisioningErrors']).toEqual([error]);
    expect((await putNumber('+15105850003')).status).toBe(409);
    expect((await putNumber('+15105850003')).status).toBe(201);
  });
});
