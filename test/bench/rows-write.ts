/** Number rows on Azurite: in transactions of our budget, one after the other, against single upserts, 32 at a time. */
import type { TableClient } from '@azure/data-tables';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { startTestAzurite } from '../support/azurite.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsOf, repeat } from './timing.ts';

const TABLE = 'Rows';
const PARTITION = 'a00';
const ROWS = 10_000;
/** The two take turns, so that a busy neighbour slows both. */
const TURNS = 5;
const ROWS_A_TRANSACTION = 90;
const SINGLES_AT_ONCE = 32;
const US_PER_MS = 1_000;

/** What is kept of one number. */
export const numberRow = (n: number): Record<string, unknown> => ({
  v: 1,
  digits: String(441_632_960_000 + n),
  lane: 'acc.acme-contoso',
  state: 'submitted',
  op: 17,
  batch: Math.floor(n / 100),
  wanted: { serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage: 'CallingUserAssignment' } } } },
  seenAt: '2026-11-01T00:00:00.000Z',
  seenStatus: 'pending',
});
export const numberKey = (kind: string, n: number): string => `num|${kind}|${441_632_960_000 + n}`;

const inTransactions = async (client: TableClient, from: number, count: number): Promise<void> => {
  const store = azureRowStore(client);
  for (let at = from; at < from + count; at += ROWS_A_TRANSACTION) {
    const size = Math.min(ROWS_A_TRANSACTION, from + count - at);
    const writes = Array.from({ length: size }, (_, n) => ({
      kind: 'put' as const,
      key: numberKey('t', at + n),
      value: numberRow(at + n),
    }));
    await store.commit(PARTITION, writes);
  }
};

const oneByOne = async (client: TableClient, from: number, count: number): Promise<void> => {
  const store = azureRowStore(client);
  let next = from;
  await repeat(count, SINGLES_AT_ONCE, () => {
    const n = next++;
    return store.commit(PARTITION, [{ kind: 'put', key: numberKey('s', n), value: numberRow(n) }]);
  });
};

type Cost = { wallMs: number; cpuMs: number };

const costOf = async (act: () => Promise<void>): Promise<Cost> => {
  const startedMs = performance.now();
  const cpuMs = await cpuMsOf(act);
  return { wallMs: performance.now() - startedMs, cpuMs };
};

export const measureRowsWrite = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  try {
    const settings = { connectionString: azurite.connectionString };
    await ensureTables(settings, [TABLE]);
    const client = tableClient(settings, TABLE);
    const total = { many: { wallMs: 0, cpuMs: 0 }, single: { wallMs: 0, cpuMs: 0 } };
    const add = (sum: Cost, cost: Cost): void => {
      sum.wallMs += cost.wallMs;
      sum.cpuMs += cost.cpuMs;
    };
    await inTransactions(client, ROWS, ROWS_A_TRANSACTION);
    await oneByOne(client, ROWS, ROWS_A_TRANSACTION);
    const share = ROWS / TURNS;
    for (let turn = 0; turn < TURNS; turn++) {
      add(total.single, await costOf(() => oneByOne(client, turn * share, share)));
      add(total.many, await costOf(() => inTransactions(client, turn * share, share)));
    }
    const perRow = (ms: number): number => (ms * US_PER_MS) / ROWS;
    return {
      'in transactions, us / row': perRow(total.many.wallMs),
      'one by one, us / row': perRow(total.single.wallMs),
      'in transactions, client CPU us / row': perRow(total.many.cpuMs),
      'one by one, client CPU us / row': perRow(total.single.cpuMs),
      'transactions / one by one': total.many.wallMs / total.single.wallMs,
      'transactions / one by one, client CPU': total.many.cpuMs / total.single.cpuMs,
    };
  } finally {
    await azurite.close();
  }
};
