import { beforeEach, expect, test } from 'vitest';
import type { UsagePage } from '../../../shared/usage/list.ts';
import { memoryTables } from '../../fakes/memory-tables.ts';
import { composedApp } from './composed-app.ts';
import type { Call } from './http-call.ts';
import { acmeToken, operatorToken } from './tokens.ts';

const tokens = { operator: operatorToken(), acme: acmeToken('Partner.Read') };

let table: ReturnType<typeof memoryTables>;
let wakeUp: (() => void)[];
let app: ReturnType<typeof composedApp>;

beforeEach(() => {
  table = memoryTables();
  wakeUp = [];
  app = composedApp(tokens, {
    clock: { now: () => Date.parse('2026-11-22T02:00:00Z'), sleep: () => Promise.resolve() },
    later: (_, run) => void wakeUp.push(run),
    table,
  });
});

const ask = (path: string, call: Call & { token?: string } = {}) => app.call(path, { token: 'operator', ...call });
const usageOf = async (path = 'operator/usage') => (await ask(path)).body as UsagePage;
/** Lets what waits for its time go on, until the table has it. */
const writeDown = async (requests: number): Promise<void> => {
  for (const run of wakeUp.splice(0)) run();
  for (let n = 0; n < 1_000; n++) {
    const rows = await table('Usage').range('acme', 'req|', 'req}');
    if (rows.some(({ value }) => (value as { requests: number }).requests === requests)) return;
  }
  throw new Error('the requests were never written');
};

test("counts a partner's requests, refused ones among them, and nobody else's", async () => {
  for (let n = 0; n < 3; n++) await ask('me', { token: 'acme' });
  await ask('me');
  await ask('customers?colour=red', { token: 'acme' });
  await ask('operator/partners', { token: 'acme' });
  await writeDown(4);
  expect((await usageOf()).value).toMatchObject([{ partnerId: 'acme', day: '2026-11-22', requests: 4, orders: 0 }]);
  await ask('me', { token: 'acme' });
  await writeDown(5);
  expect((await usageOf()).value).toMatchObject([{ requests: 5 }]);
});

test('comes as CSV, for one partner, and for the days that were asked for', async () => {
  await ask('me', { token: 'acme' });
  await writeDown(1);
  const csv = await ask('operator/usage', { headers: { accept: 'text/csv' } });
  expect([csv.headers.get('content-type'), csv.text.split('\r\n')[1]]).toEqual([
    'text/csv; charset=utf-8',
    'acme,2026-11-22,0,0,0,0,0,0,0,1,',
  ]);
  expect((await usageOf('operator/usage?partnerId=beta')).value).toEqual([]);
  expect((await usageOf('operator/usage?from=2026-10-01&to=2026-10-31')).value).toEqual([]);
  expect((await ask('operator/usage?from=2026-11-02&to=2026-11-01')).error.code).toBe('InvalidRequest');
  expect((await ask('operator/usage?from=yesterday')).error.code).toBe('InvalidRequest');
  expect((await ask('operator/usage?continuationToken=x')).error.code).toBe('InvalidContinuationToken');
});

test('comes in pages of whole partners', async () => {
  const usage = table('Usage');
  for (const partner of ['acme', 'beta'])
    for (const day of ['2026-11-01', '2026-11-02'])
      await usage.commit(partner, [{ kind: 'put', key: `req|${day}|i`, value: { v: 1, requests: 2 } }]);
  const first = await usageOf('operator/usage?maxpagesize=1');
  expect(first.value.map(({ partnerId, day }) => `${partnerId} ${day}`)).toEqual(['acme 2026-11-01', 'acme 2026-11-02']);
  const rest = await usageOf(first.nextLink?.split('/api/')[1]);
  expect(rest.value.map(({ partnerId }) => partnerId)).toEqual(['beta', 'beta']);
  expect(rest.nextLink).toBeUndefined();
  const csv = await ask('operator/usage?maxpagesize=1', { headers: { accept: 'text/csv' } });
  expect(csv.headers.get('link')).toBe(`<${first.nextLink ?? ''}>; rel="next"`);
});
