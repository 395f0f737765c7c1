/** Every fault that the upstream emulator can be told to make, seen from its caller. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  N1,
  newPair,
  numberBody,
  numberPath,
  numberRange,
  startTestUpstream,
  valuesOf,
  writesOn,
  type Json,
  type TestUpstream,
} from '../support/upstream-emulator.ts';
import { seededRandom } from '../../infra/local/upstream/seeded-random.ts';

let up: TestUpstream;
const { putAccount, putNumber, batch } = writesOn(() => up);
beforeAll(async () => {
  up = await startTestUpstream({ spoilsAnswers: true });
});
afterAll(() => up.close());
beforeEach(async () => {
  await up.control('POST', 'reset');
  await putAccount();
});

const inject = async (effect: Json, more: Json = {}) => {
  const added = await up.control('POST', 'faults', { ...more, effect });
  expect(added.status).toBe(200);
};
const isStored = async () => (await up.call('GET', numberPath())).status === 200;
/** A number write that gives up after a moment: for faults that withhold the answer. */
const putAndGiveUp = () => up.call('PUT', numberPath(), { body: numberBody(N1, 'contoso'), giveUpAfterMs: 150 });

describe('errors', () => {
  test('5xx before the commit stores nothing, with Retry-After when told', async () => {
    await inject(
      { kind: 'status', when: 'beforeCommit', status: 503, code: 'Busy', retryAfterS: 7 },
      { operation: 'Accounts_CreateOrReplaceNumber' },
    );
    const refused = await putNumber();
    expect([refused.status, refused.headers['retry-after'], refused.headers['x-ms-error-code']]).toEqual([503, '7', 'Busy']);
    expect(await isStored()).toBe(false);
    expect((await putNumber()).status).toBe(201);
  });

  test('5xx after the commit leaves the write standing', async () => {
    await inject({ kind: 'status', when: 'afterCommit', status: 500 }, { operation: 'Accounts_CreateOrReplaceNumber' });
    expect((await putNumber()).status).toBe(500);
    expect(await isStored()).toBe(true);
  });

  test('strikes one route and one key only, after letting some pass, so many times', async () => {
    await inject(
      { kind: 'status', when: 'beforeCommit', status: 500 },
      { operation: 'Accounts_CreateOrUpdateNumbers', key: '+15105850002', skip: 1, times: 2 },
    );
    const statuses = [];
    for (const number of ['+15105850002', '+15105850001', '+15105850002', '+15105850002', '+15105850002']) {
      statuses.push((await batch([numberBody(number, 'contoso')])).status);
    }
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
  });

  test('strikes at a seeded rate, the same in every run', async () => {
    const runOnce = async () => {
      const seeded = await startTestUpstream({ certificates: up.certificates, random: seededRandom(7) });
      await seeded.control('POST', 'faults', { rate: 0.3, effect: { kind: 'status', when: 'beforeCommit', status: 502 } });
      const statuses: number[] = [];
      for (let i = 0; i < 60; i++) statuses.push((await seeded.call('GET', '/accounts')).status);
      await seeded.close();
      return statuses;
    };
    const statuses = await runOnce();
    expect(await runOnce()).toEqual(statuses);
    const struck = statuses.filter((status) => status === 502).length;
    expect(struck).toBeGreaterThan(6);
    expect(struck).toBeLessThan(36);
  });
});

describe('answers that never come', () => {
  test.each([
    ['drop', 'beforeCommit', false],
    ['drop', 'afterCommit', true],
    ['hang', 'beforeCommit', false],
    ['hang', 'afterCommit', true],
  ])('%s %s', async (kind, when, stored) => {
    await inject({ kind, when });
    await expect(putAndGiveUp()).rejects.toThrow(kind === 'drop' ? 'socket hang up' : 'abort');
    expect(await isStored()).toBe(stored);
    expect((await up.control('GET', 'requests')).body['requests']).toContainEqual(expect.objectContaining({ fault: kind, status: null }));
  });

  test('a write lands late, after its caller was cut off', async () => {
    await inject({ kind: 'lateCommit', ms: 5_000, caller: 'drop' });
    await expect(putAndGiveUp()).rejects.toThrow();
    expect(await isStored()).toBe(false);
    up.clock.advance(5_000);
    expect(await isStored()).toBe(true);
  });

  test('a write lands late, long after its caller gave up waiting', async () => {
    await inject({ kind: 'lateCommit', ms: 60_000, caller: 'hang' });
    await expect(putAndGiveUp()).rejects.toThrow('abort');
    up.clock.advance(59_999);
    expect(await isStored()).toBe(false);
    up.clock.advance(1);
    expect(await isStored()).toBe(true);
  });

  test('a late write that was repeated meanwhile is executed once', async () => {
    const pair = newPair(up.clock);
    await inject({ kind: 'lateCommit', ms: 5_000, caller: 'drop' });
    await expect(batch([numberBody(N1, 'contoso')], pair)).rejects.toThrow();
    expect((await batch([numberBody(N1, 'contoso')], pair)).status).toBe(200);
    up.clock.advance(10_000);
    expect((await up.control('GET', 'accounts/contoso')).body['numbers']).toMatchObject([{ status: 'synced', writeCount: 1 }]);
  });

  test('a late write overwrites a newer one when repeatability is ignored', async () => {
    await up.control('POST', 'settings', { repeatability: 'ignored' });
    await inject({ kind: 'lateCommit', ms: 5_000, caller: 'drop' });
    await expect(batch([numberBody(N1, 'contoso', 'Old')], newPair(up.clock))).rejects.toThrow();
    await batch([numberBody(N1, 'contoso', 'New')], newPair(up.clock));
    up.clock.advance(5_000);
    expect((await up.control('GET', 'accounts/contoso')).body['numbers']).toMatchObject([
      { writeCount: 2, ...{ content: numberBody(N1, 'contoso', 'Old') } },
    ]);
  });

  test('the first byte comes late, though the write was done at once', async () => {
    await inject({ kind: 'delay', ms: 3_000 });
    const answer = putNumber();
    await expect.poll(() => isStored()).toBe(true);
    up.clock.advance(3_000);
    expect((await answer).status).toBe(201);
  });
});

describe('answers that are spoiled', () => {
  test('malformed JSON, an empty body, HTML', async () => {
    await inject({ kind: 'malformedJson' });
    const malformed = await up.call('GET', '/accounts');
    expect(malformed.status).toBe(200);
    expect(() => JSON.parse(malformed.text) as unknown).toThrow();
    await inject({ kind: 'emptyBody' });
    expect((await up.call('GET', '/accounts')).text).toBe('');
    await inject({ kind: 'html', status: 502 });
    const html = await up.call('GET', '/accounts');
    expect([html.status, html.headers['content-type']]).toEqual([502, 'text/html']);
  });

  test('an enum member that nobody published', async () => {
    await inject({ kind: 'unknownEnum' });
    expect((await up.call('GET', '/accounts')).body['value']).toMatchObject([{ serviceProvisioningStatus: 'reconciling' }]);
  });

  test.each([
    ['null', { serviceProvisioningErrors: null }],
    ['empty', { serviceProvisioningErrors: [] }],
    ['absent', {}],
  ])('no errors as %s', async (value, expected) => {
    await inject({ kind: 'errorsAs', value });
    const { serviceProvisioningErrors } = (await up.call('GET', '/accounts/contoso')).body;
    expect(serviceProvisioningErrors === undefined ? {} : { serviceProvisioningErrors }).toEqual(expected);
  });

  test('a page that comes twice', async () => {
    await batch(numberRange(3).map((number) => numberBody(number, 'contoso')));
    const first = await up.call('GET', '/numbers', { query: { maxpagesize: '2' } });
    await inject({ kind: 'duplicatePage' });
    const repeated = await up.follow(String(first.body['nextLink']));
    expect(valuesOf(repeated)).toEqual(valuesOf(first));
    expect(repeated.body['nextLink']).toBeUndefined();
  });

  test('a nextLink that leads to itself', async () => {
    await batch(numberRange(3).map((number) => numberBody(number, 'contoso')));
    await inject({ kind: 'nextLinkLoop' }, { times: 3 });
    let page = await up.call('GET', '/numbers', { query: { maxpagesize: '2' } });
    const link = page.body['nextLink'];
    for (let i = 0; i < 2; i++) {
      page = await up.follow(String(page.body['nextLink']));
      expect(page.body['nextLink']).toBe(link);
    }
  });
});

describe('a region that fails', () => {
  test('hangs until its time is over, and for ever on connections from before', async () => {
    await up.control('POST', 'region', { failForMs: 60_000 });
    await expect(putAndGiveUp()).rejects.toThrow('abort');
    up.clock.advance(60_000);
    const fresh = { headers: { Connection: 'close' } };
    await expect
      .poll(async () => (await up.call('GET', '/accounts', { ...fresh, giveUpAfterMs: 300 }).catch(() => undefined))?.status)
      .toBe(200);
  });

  test('lives on at another address with the same data', async () => {
    const { body } = await up.control('POST', 'region', { failForMs: 60_000, as: 'drop', move: true });
    await expect(putAndGiveUp()).rejects.toThrow('socket hang up');
    const moved = await up.follow(`${String(body['url'])}/accounts?api-version=2024-02-29-preview&maxpagesize=1`);
    expect(valuesOf(moved)).toMatchObject([{ name: 'contoso' }]);
    const { requests, total } = (await up.control('GET', 'requests')).body as { requests: Json[]; total: number };
    expect(requests.filter((request) => request['fault'] === 'region')).toHaveLength(1);
    expect(total).toBe(requests.length - 1);
  });
});

describe('the clock', () => {
  test('moves syncing ahead on demand, and neither tokens nor the limit', async () => {
    await up.control('POST', 'clock', { advanceMs: 10 * 86_400_000 });
    const account = await up.call('GET', '/accounts/contoso');
    expect([account.status, account.body['serviceProvisioningStatus']]).toEqual([200, 'synced']);
    expect((await up.control('GET', 'requests')).body['requests']).toMatchObject([{ atMs: up.clock.now() }, { atMs: up.clock.now() }]);
  });
});
