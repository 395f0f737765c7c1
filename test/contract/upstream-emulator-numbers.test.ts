/** Numbers, batches and lists of the upstream emulator over HTTPS, one block per operation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  accountBody,
  N1,
  numberBody,
  numberPath,
  numberRange,
  startTestUpstream,
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
beforeEach(() => up.control('POST', 'reset'));

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
    await up.call('PUT', numberPath(N1), { body: numberBody(N1, 'contoso', '') });
    up.clock.advance(2_000);
    expect((await up.call('GET', numberPath(N1))).body).toMatchObject({
      serviceProvisioningStatus: 'failed',
      serviceProvisioningErrors: [
        { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' },
      ],
    });
  });

  test('refuses a service that the account lacks, a foreign number and an unknown account', async () => {
    const aocp = { ...numberBody(N1, 'contoso'), serviceDetails: { azureOperatorCallProtection: { enabled: true } } };
    expect((await up.call('PUT', numberPath(N1), { body: aocp })).status).toBe(400);
    expect((await putNumber(N1, 'nobody')).status).toBe(404);
    await putNumber();
    await putAccount('fabrikam');
    expect((await putNumber(N1, 'fabrikam')).status).toBe(409);
    expect((await up.call('GET', numberPath(N1, 'fabrikam'))).status).toBe(404);
  });

  test('stays visible after a delete until its backend let go', async () => {
    await putNumber();
    up.clock.advance(2_000);
    expect((await up.call('DELETE', numberPath(N1))).status).toBe(204);
    expect(await statusOf()).toBe('pending');
    up.clock.advance(2_000);
    expect((await up.call('GET', numberPath(N1))).status).toBe(404);
    expect((await up.call('DELETE', numberPath(N1))).status).toBe(204);
  });
});

describe('Accounts_CreateOrUpdateNumbers, Accounts_DeleteNumbers', () => {
  beforeEach(() => putAccount());

  test('takes up to 100 numbers in one call, without an ETag', async () => {
    const answer = await batch(numberRange(100).map((n) => numberBody(n, 'contoso')));
    expect([answer.status, answer.headers.etag]).toEqual([200, undefined]);
    expect(answer.body['numbers']).toHaveLength(100);
    expect((answer.body['numbers'] as Json[]).every((n) => n['serviceProvisioningStatus'] === 'pending')).toBe(true);
  });

  test('refuses 101 numbers, none, and one twice, and stores nothing of it', async () => {
    for (const numbers of [numberRange(101), [], [N1, N1]]) {
      expect((await batch(numbers.map((n) => numberBody(n, 'contoso')))).status).toBe(400);
    }
    expect((await up.call('GET', '/numbers')).body['value']).toEqual([]);
  });

  test('refuses all for one bad number and names it', async () => {
    const answer = await batch([numberBody(N1, 'contoso'), numberBody('+15105850322', 'fabrikam')]);
    expect(answer.body).toMatchObject({ error: { code: 'InvalidRequest', target: 'numbers[1].accountName' } });
    expect((await up.call('GET', numberPath(N1))).status).toBe(404);
  });

  test('takes the action with an escaped colon, and no other method', async () => {
    const escaped = await up.call('POST', '/accounts/contoso%3AcreateOrUpdateNumbers', { body: { numbers: [numberBody(N1, 'contoso')] } });
    expect(escaped.status).toBe(200);
    const put = await up.call('PUT', '/accounts/contoso:createOrUpdateNumbers', { body: {} });
    expect([put.status, put.headers.allow]).toEqual([405, 'POST']);
  });

  test('deletes numbers, passing over those that are not there', async () => {
    await batch(numberRange(3).map((n) => numberBody(n, 'contoso')));
    const gone = await up.call('POST', '/accounts/contoso:deleteNumbers', {
      body: { numbers: [...numberRange(2), '+449999'].map((telephoneNumber) => ({ telephoneNumber })) },
    });
    expect(gone.status).toBe(204);
    up.clock.advance(2_000);
    expect(((await up.call('GET', '/accounts/contoso/numbers')).body['value'] as Json[]).map((n) => n['telephoneNumber'])).toEqual([
      numberRange(3)[2],
    ]);
  });
});

describe('Accounts_ListNumbers, ListNumbers', () => {
  test('pages by maxpagesize through absolute links', async () => {
    await putAccount();
    await batch(numberRange(5).map((n) => numberBody(n, 'contoso')));
    const seen: unknown[] = [];
    let page = await up.call('GET', '/accounts/contoso/numbers', { query: { maxpagesize: '2', countRecords: 'true' } });
    for (;;) {
      expect(page.headers['x-ms-record-count']).toBe('5');
      seen.push(valuesOf(page).map((n) => n['telephoneNumber']));
      const next = page.body['nextLink'];
      if (typeof next !== 'string') break;
      expect(next.startsWith(`${up.url}/accounts/contoso/numbers?`)).toBe(true);
      page = await up.follow(next);
    }
    expect(seen).toEqual([numberRange(5).slice(0, 2), numberRange(5).slice(2, 4), numberRange(5).slice(4)]);
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
