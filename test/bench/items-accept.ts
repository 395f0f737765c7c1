/** Accept of 1,000 items through the HTTP handler, storage left out, against JSON.parse of the same bytes; and of 10,000 numbers against the bare transaction it ends in. */
import type { TableClient } from '@azure/data-tables';
import { InvocationContext, type HttpRequest } from '@azure/functions';
import { orderRequest } from '../../shared/orders/order-request.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient } from '../../shared/platform/tables/client.ts';
import { toProperties } from '../../shared/platform/tables/row-codec.ts';
import type { RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import { TABLES, type TableName } from '../../functions/effects.ts';
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { startTestAzurite } from '../support/azurite.ts';
import { PROFILE } from '../support/sample-order.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { acmeToken } from '../unit/http/tokens.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsEach } from './timing.ts';

const ITEMS = 1_000;
const NUMBERS = 10_000;
const SITES = 40;
const REPEATS = 1_500;
const TRANSACTIONS = 60;
const FIRST = 441_632_960_000;
const KB = 1_000;

const orderText = (numbers: Record<string, unknown>): string =>
  JSON.stringify({ action: 'provision', customerId: 'contoso', profile: PROFILE, ...numbers });

const idOf = (n: number): string => `5a000000-0000-4000-8000-${n.toString().padStart(12, '0')}`;

/** Numbers of forty sites, each with its address, a header for its bill, and a reference. */
const itemAt = (n: number): Record<string, unknown> => ({
  telephoneNumber: `+${FIRST + n}`,
  settings: {
    usage: 'CallingUserAssignment',
    capabilities: ['InboundCalling', 'OutboundCalling'],
    emergency: { civicAddressId: idOf(n % SITES), locationId: idOf(SITES + (n % SITES)), tenantMayUpdate: false },
    customSipHeader: `acme-bill-${n % SITES}`,
  },
  reference: `crm-line-${n}`,
});

/** A request whose body has arrived: getting it is the host's affair. */
const requestWith = (body: ArrayBuffer, key: string): HttpRequest => {
  const headers = new Headers({ authorization: 'Bearer acme.x.y', 'content-type': 'application/json', 'idempotency-key': key });
  const arrayBuffer = (): Promise<ArrayBuffer> => Promise.resolve(body);
  const url = 'https://api.test/api/number-orders';
  return { method: 'POST', url, params: {}, query: new URL(url).searchParams, headers, arrayBuffer } as unknown as HttpRequest;
};

const startApp = async (table: (name: TableName) => RowStore) => {
  let ids = 0;
  const tokens = { acme: acmeToken('Partner.Read', 'Partner.Write') };
  const { call, handlerOf } = composedApp(tokens, { table, newId: () => `id${++ids}` });
  const customer = { teamsTenantId: idOf(0), services: { teamsOperatorConnect: {} } };
  const put = await call('customers/contoso', { token: 'acme', method: 'PUT', body: customer });
  if (put.status >= 300) throw new Error(`customer: ${put.status} ${put.error.code}`);
  const handler = handlerOf('number-orders');
  return async (body: ArrayBuffer): Promise<void> => {
    const { status = 200 } = await handler(
      requestWith(body, `key-${++ids}`),
      new InvocationContext({ functionName: 'bench', logHandler: () => undefined }),
    );
    if (status !== 202) throw new Error(`order: ${status}`);
  };
};

const frozenReads = (inner: RowStore, isFrozen: () => boolean): RowStore['get'] => {
  const kept = new Map<string, ReturnType<RowStore['get']>>();
  return (partition, key) => {
    if (!isFrozen()) return inner.get(partition, key);
    const at = `${partition} ${key}`;
    const row = kept.get(at) ?? inner.get(partition, key);
    kept.set(at, row);
    return row;
  };
};

type Written = (table: string, writes: readonly RowWrite[]) => ReturnType<RowStore['commit']>;
const forgotten: Written = () => Promise.resolve({ outcome: 'committed', etags: new Map() });

/** Stores in memory; once frozen, what is read is read once, and what is written goes to `written`, which forgets it. */
const forgettingStores = (written = forgotten) => {
  let frozen = false;
  const stores = new Map<string, RowStore>();
  const forget = (name: string, inner: RowStore): RowStore => ({
    ...inner,
    get: frozenReads(inner, () => frozen),
    commit: (partition, writes) => (frozen ? written(name, writes) : inner.commit(partition, writes)),
  });
  const table = (name: string): RowStore => {
    const store = stores.get(name) ?? forget(name, memoryRowStore());
    stores.set(name, store);
    return store;
  };
  return { table, freeze: () => void (frozen = true) };
};

const measureItems = async (): Promise<Figures> => {
  const { table, freeze } = forgettingStores();
  const order = await startApp(table);
  freeze();
  const text = orderText({ items: Array.from({ length: ITEMS }, (_, n) => itemAt(n)) });
  const parsed = JSON.parse(text) as unknown;
  const bytes = new TextEncoder().encode(text).buffer;
  const parseMs = await cpuMsEach(REPEATS, () => JSON.parse(new TextDecoder().decode(bytes)) as unknown);
  const checkMs = await cpuMsEach(REPEATS, () => orderRequest.parse(parsed));
  const acceptMs = await cpuMsEach(REPEATS, () => order(bytes));
  return {
    '1,000 items, KB': text.length / KB,
    'JSON.parse of the items, CPU ms': parseMs,
    'items / JSON.parse': acceptMs / parseMs,
    'validation of items / JSON.parse': checkMs / parseMs,
  };
};

const listOf = (numbers: number): ArrayBuffer =>
  new TextEncoder().encode(orderText({ numbers: Array.from({ length: numbers }, (_, n) => `+${FIRST + n}`) })).buffer;

/** An order of a list whose transaction in `State` is made under keys of its own, everything else that is stored left out. */
const startListApp = async (state: RowStore) => {
  let last: readonly RowWrite[] = [];
  let n = 0;
  const stores = forgettingStores((table, writes) => {
    if (table !== 'State') return forgotten(table, writes);
    last = writes;
    const at = `order-${++n}`;
    const rows = writes.flatMap((write) => (write.kind === 'delete' ? [] : [write]));
    return state.commit(
      'order',
      rows.map(({ key, value }) => ({ kind: 'insert', key: `${at} ${key.replaceAll('|', ' ')}`, value })),
    );
  });
  const order = await startApp(stores.table);
  stores.freeze();
  return { order, last: () => last };
};

const measureList = async (): Promise<Figures> => {
  const azurite = await startTestAzurite();
  try {
    const tables = { connectionString: azurite.connectionString };
    await ensureTables(tables, TABLES);
    const client: TableClient = tableClient(tables, 'State');
    const list = listOf(NUMBERS);
    const alone = await startListApp(azureRowStore(client));
    await alone.order(list);
    const rows = alone
      .last()
      .flatMap((write) => (write.kind === 'delete' ? [] : [{ key: write.key, properties: toProperties(write.value) }]));
    let n = 0;
    const bare = (): Promise<unknown> => {
      const at = `bare-${++n}`;
      return client.submitTransaction(
        rows.map(({ key, properties }) => ['create', { partitionKey: 'bare', rowKey: `${at} ${key.replaceAll('|', ' ')}`, ...properties }]),
      );
    };
    const whole = await startApp((name) => azureRowStore(tableClient(tables, name)));
    const bareMs = await cpuMsEach(TRANSACTIONS, bare);
    const aloneMs = await cpuMsEach(TRANSACTIONS, () => alone.order(list));
    const wholeMs = await cpuMsEach(TRANSACTIONS, () => whole(list));
    return {
      'list of 10,000, CPU ms': aloneMs,
      'bare transaction, CPU ms': bareMs,
      'list / bare transaction': aloneMs / bareMs,
      'list with its other table calls / bare transaction': wholeMs / bareMs,
    };
  } finally {
    await azurite.close();
  }
};

export const measureItemsAccept = async (): Promise<Figures> => ({ ...(await measureItems()), ...(await measureList()) });
