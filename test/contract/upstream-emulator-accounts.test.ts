/** Accounts of the upstream emulator over HTTPS, one block per operation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accountBody, codeOf, startTestUpstream, writesOn, type TestUpstream } from '../support/upstream-emulator.ts';

let up: TestUpstream;
const { putAccount, putNumber } = writesOn(() => up);
beforeAll(async () => {
  up = await startTestUpstream();
});
afterAll(() => up.close());
beforeEach(() => up.control('POST', 'reset'));

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
