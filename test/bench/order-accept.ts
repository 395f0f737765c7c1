/** Accept of a 10,000-number order through the HTTP handler, in this process, over stores that count and encode but do not keep. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { toProperties } from '../../shared/platform/tables/row-codec.ts';
import type { RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import { SEGMENT_NUMBERS } from '../../shared/operations/model.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { CUSTOMER, PROFILE } from '../support/sample-order.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { acmeToken } from '../unit/http/tokens.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsEach } from './timing.ts';

const NUMBERS = 10_000;
const REPEATS = 24;
const PARSES = 400;
const LEAST_REPEATS = 200;
const BYTES_PER_MB = 1_000_000;

/** Transactions by table, the rows of the last one, and the most memory in use at any of them. */
type Counted = { transactions: Map<string, number>; rows: number; mostBytes: number };

/** In use now, what nobody needs any more but was not collected yet included. */
const bytesInUse = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Reads what `inner` holds; once `frozen`, writes are encoded as the real store encodes them, counted, and forgotten. */
const countingStore = (name: string, inner: RowStore, counted: Counted, isFrozen: () => boolean): RowStore => ({
  ...inner,
  commit: (partition: string, writes: readonly RowWrite[]) => {
    if (!isFrozen()) return inner.commit(partition, writes);
    counted.transactions.set(name, (counted.transactions.get(name) ?? 0) + 1);
    if (name === 'State') counted.rows = writes.length;
    for (const write of writes) if (write.kind !== 'delete') toProperties(write.value);
    counted.mostBytes = Math.max(counted.mostBytes, bytesInUse());
    return Promise.resolve({ outcome: 'committed', etags: new Map() });
  },
});

const FIRST = 441_632_960_000;
const orderText = (numbers: Record<string, unknown>): string =>
  JSON.stringify({ action: 'provision', customerId: 'contoso', profile: PROFILE, ...numbers });

const startApp = async () => {
  const counted: Counted = { transactions: new Map(), rows: 0, mostBytes: 0 };
  let frozen = false;
  let ids = 0;
  const stores = new Map<string, RowStore>();
  const table = (name: string): RowStore => {
    const store = stores.get(name) ?? countingStore(name, memoryRowStore(), counted, () => frozen);
    stores.set(name, store);
    return store;
  };
  const tokens = { acme: acmeToken('Partner.Read', 'Partner.Write') };
  const { call } = composedApp(tokens, { table, newId: () => `id${++ids}` });
  const put = await call('customers/{customerId}', { token: 'acme', method: 'PUT', params: { customerId: 'contoso' }, body: CUSTOMER });
  if (put.status >= 300) throw new Error(`customer: ${put.status} ${put.error.code}`);
  frozen = true;
  const order = async (body: string): Promise<void> => {
    const headers = { 'idempotency-key': `key-${++ids}` };
    const { status, error } = await call('number-orders', { token: 'acme', method: 'POST', body, headers });
    if (status !== 202) throw new Error(`order: ${status} ${error.code}`);
  };
  return { order, counted };
};

/** Most memory that one order takes beyond what was in use before it: looked at with its rows encoded, and at its end. */
const extraMemoryMb = async (order: (body: string) => Promise<void>, body: string, counted: Counted): Promise<number> => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const before = bytesInUse();
  counted.mostBytes = 0;
  await order(body);
  return (Math.max(counted.mostBytes, bytesInUse()) - before) / BYTES_PER_MB;
};

/** What no way of accepting the list can do without: read it, hash it for its key, and write its numbers into rows. */
const leastOf = (list: string) => (): void => {
  const { numbers } = JSON.parse(list) as { numbers: string[] };
  createHash('sha256').update(list).digest();
  for (let at = 0; at < numbers.length; at += SEGMENT_NUMBERS) toProperties({ numbers: numbers.slice(at, at + SEGMENT_NUMBERS) });
};

export const measureOrderAccept = async (): Promise<Figures> => {
  const list = orderText({ numbers: Array.from({ length: NUMBERS }, (_, n) => `+${FIRST + n}`) });
  const range = orderText({ ranges: [{ from: `+${FIRST}`, to: `+${FIRST + NUMBERS - 1}` }] });
  const { order, counted } = await startApp();
  await order(list);
  const transactions = { state: counted.transactions.get('State') ?? 0, keys: counted.transactions.get('Keys') ?? 0 };
  const others = [...counted.transactions].filter(([name]) => name !== 'State' && name !== 'Keys').length;
  const parseMs = await cpuMsEach(PARSES, () => JSON.parse(list) as unknown);
  const leastMs = await cpuMsEach(LEAST_REPEATS, leastOf(list));
  const listMs = await cpuMsEach(REPEATS, () => order(list));
  const rangeMs = await cpuMsEach(REPEATS, () => order(range));
  const extraMb = await extraMemoryMb(order, list, counted);
  return {
    'list, CPU ms': listMs,
    'range, CPU ms': rangeMs,
    'JSON.parse of the list, CPU ms': parseMs,
    'least work, CPU ms': leastMs,
    'list / least work': listMs / leastMs,
    'list / JSON.parse': listMs / parseMs,
    'range / JSON.parse': rangeMs / parseMs,
    'transactions in State': transactions.state,
    'transactions in Keys': transactions.keys,
    'transactions elsewhere': others,
    'rows in State': counted.rows,
    'extra memory, MB': extraMb,
  };
};
