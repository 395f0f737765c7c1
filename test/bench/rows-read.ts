/** The status of an order of 10,000 numbers through the handler, on Azurite, against reading two properties of 10,000 rows. */
import { odata, type TableClient } from '@azure/data-tables';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { TABLES, type TableName } from '../../functions/effects.ts';
import { startTestAzurite } from '../support/azurite.ts';
import { CUSTOMER, PROFILE } from '../support/sample-order.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { acmeToken } from '../unit/http/tokens.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsEach } from './timing.ts';

const NUMBERS = 10_000;
const FIRST = 441_632_960_000;
const ROWS_TABLE = 'Rows';
const PARTITION = 'a00';
const ROWS_A_TRANSACTION = 100;
const STATUS_READS = 100;
const ITEM_PAGES = 12;
const FULL_READS = 4;

/** One row a number, a property a field: what a status would have to be counted from without counters of its own. */
const fill = async (client: TableClient): Promise<void> => {
  for (let at = 0; at < NUMBERS; at += ROWS_A_TRANSACTION) {
    const rows = Array.from({ length: ROWS_A_TRANSACTION }, (_, n) => ({
      partitionKey: PARTITION,
      rowKey: String(FIRST + at + n),
      lane: 'acc.acme-contoso',
      operation: 17,
      state: 'submitted',
      seenStatus: 'pending',
      seenAt: '2026-11-01T00:00:00.000Z',
      wanted: JSON.stringify(PROFILE),
    }));
    await client.submitTransaction(rows.map((row) => ['create', row]));
  }
};

const readTwoProperties = async (client: TableClient): Promise<void> => {
  const queryOptions = { filter: odata`PartitionKey eq ${PARTITION}`, select: ['rowKey', 'state'] };
  const counts = new Map<unknown, number>();
  for await (const row of client.listEntities({ queryOptions })) counts.set(row['state'], (counts.get(row['state']) ?? 0) + 1);
  if (counts.get('submitted') !== NUMBERS) throw new Error('rows are missing');
};

/** The app over Azurite, with the table calls of one request counted. */
const startApp = (tableOf: (name: TableName) => RowStore) => {
  const counted = { rows: 0, calls: 0 };
  const table = (name: TableName): RowStore => {
    const inner = tableOf(name);
    return {
      commit: inner.commit,
      get: async (partition, key) => {
        counted.calls++;
        const row = await inner.get(partition, key);
        if (row) counted.rows++;
        return row;
      },
      range: async (...range) => {
        counted.calls++;
        const rows = await inner.range(...range);
        counted.rows += rows.length;
        return rows;
      },
    };
  };
  const tokens = { acme: acmeToken('Partner.Read', 'Partner.Write') };
  let ids = 0;
  const { call } = composedApp(tokens, { table, newId: () => `id${++ids}` });
  return { call, counted };
};

export const measureRowsRead = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  try {
    const settings = { connectionString: azurite.connectionString };
    await ensureTables(settings, [...TABLES, ROWS_TABLE]);
    const rows = tableClient(settings, ROWS_TABLE);
    await fill(rows);
    const { call, counted } = startApp((name) => azureRowStore(tableClient(settings, name)));
    await call('customers/{customerId}', { token: 'acme', method: 'PUT', params: { customerId: 'contoso' }, body: CUSTOMER });
    const body = {
      action: 'provision',
      customerId: 'contoso',
      ranges: [{ from: `+${FIRST}`, to: `+${FIRST + NUMBERS - 1}` }],
      profile: PROFILE,
    };
    const placed = await call('number-orders', { token: 'acme', method: 'POST', body, headers: { 'idempotency-key': 'k' } });
    const orderId = String((placed.body as { id?: string }).id);
    const get = async (path: string): Promise<void> => {
      const { status, error } = await call(path, { token: 'acme', params: { orderId } });
      if (status !== 200) throw new Error(`${path}: ${status} ${error.code}`);
    };
    Object.assign(counted, { rows: 0, calls: 0 });
    await get('number-orders/{orderId}');
    const { rows: rowsRead, calls } = counted;
    const statusMs = await cpuMsEach(STATUS_READS, () => get('number-orders/{orderId}'));
    const itemsMs = await cpuMsEach(ITEM_PAGES, () => get('number-orders/{orderId}/items'));
    const fullMs = await cpuMsEach(FULL_READS, () => readTwoProperties(rows));
    return {
      'status, client CPU ms': statusMs,
      'page of items, client CPU ms': itemsMs,
      'two properties of 10,000 rows, client CPU ms': fullMs,
      'status / two properties': statusMs / fullMs,
      'page of items / two properties': itemsMs / fullMs,
      'status, rows read': rowsRead,
      'status, table calls': calls,
    };
  } finally {
    await azurite.close();
  }
};
