/** The row store over Azure Table Storage. */
import { odata, type TableClient, type TableEntityResult, type TransactionAction } from '@azure/data-tables';
import { fromTableKey, toTableKey } from './key-escape.ts';
import { type RowProperties, fromProperties, toProperties, wireBytesOf } from './row-codec.ts';
import type { CommitResult, Row, RowStore, RowWrite } from './row-store.ts';
import { isMissingRow, isWriteConflict } from './table-errors.ts';
import { checkTransaction } from './transaction-budget.ts';

/** A query answers at most 1,000 rows a page (Learn, "Query timeout and pagination"). */
const MAX_PAGE_ROWS = 1_000;

type Entity = { partitionKey: string; rowKey: string } & Record<string, unknown>;
/** What is left to do for one write once its value is encoded. */
type Encoded = { write: RowWrite; entity: Entity };

/** All writes with their values packed once, for the size check and for the request. Throws TransactionTooLarge. */
const encode = (partition: string, writes: readonly RowWrite[]): Encoded[] => {
  const packed = new Map<unknown, RowProperties>();
  for (const write of writes) if (write.kind !== 'delete') packed.set(write.value, toProperties(write.value));
  const propertiesOf = (value: unknown): RowProperties => packed.get(value) ?? {};
  checkTransaction(writes, (value) => wireBytesOf(propertiesOf(value)));
  return writes.map((write) => ({
    write,
    entity: {
      partitionKey: toTableKey(partition),
      rowKey: toTableKey(write.key),
      ...(write.kind === 'delete' ? {} : propertiesOf(write.value)),
    },
  }));
};

const toRow = (entity: TableEntityResult<Record<string, unknown>>): Row => ({
  key: fromTableKey(entity.rowKey ?? ''),
  value: fromProperties(entity),
  etag: entity.etag,
});

const toAction = ({ write, entity }: Encoded): TransactionAction => {
  switch (write.kind) {
    case 'insert':
      return ['create', entity];
    case 'replace':
      return ['update', entity, 'Replace', { etag: write.etag }];
    case 'put':
      return ['upsert', entity, 'Replace'];
    case 'delete':
      return ['delete', entity];
  }
};

/** The one write's new ETag; a delete has none. */
const writeOne = async (client: TableClient, { write, entity }: Encoded): Promise<string | undefined> => {
  switch (write.kind) {
    case 'insert':
      return (await client.createEntity(entity)).etag;
    case 'replace':
      return (await client.updateEntity(entity, 'Replace', { etag: write.etag })).etag;
    case 'put':
      return (await client.upsertEntity(entity, 'Replace')).etag;
    case 'delete':
      await client.deleteEntity(entity.partitionKey, entity.rowKey, write.etag === undefined ? {} : { etag: write.etag });
      return undefined;
  }
};

/** New ETags in the order of `writes`: the answer's parts stand in the order of the request's. */
const writeAll = async (client: TableClient, encoded: readonly Encoded[]): Promise<(string | undefined)[]> => {
  const [only] = encoded;
  if (only && encoded.length === 1) return [await writeOne(client, only)];
  const answer = await client.submitTransaction(encoded.map(toAction));
  return answer.subResponses.map((part) => part.etag?.trim());
};

const newEtags = (writes: readonly RowWrite[], etags: readonly (string | undefined)[]): Map<string, string> => {
  const byKey = new Map<string, string>();
  writes.forEach((write, n) => {
    const etag = etags[n];
    if (write.kind === 'delete') return;
    if (etag === undefined) throw new Error(`the table service gave no ETag for a ${write.kind}`);
    byKey.set(write.key, etag);
  });
  return byKey;
};

const commit = async (client: TableClient, partition: string, writes: readonly RowWrite[]): Promise<CommitResult> => {
  const encoded = encode(partition, writes);
  if (writes.length === 0) return { outcome: 'committed', etags: new Map() };
  try {
    return { outcome: 'committed', etags: newEtags(writes, await writeAll(client, encoded)) };
  } catch (error) {
    if (isWriteConflict(error)) return { outcome: 'conflict' };
    throw error;
  }
};

const range = async (client: TableClient, partition: string, from: string, to: string, limit: number): Promise<Row[]> => {
  if (limit <= 0) return [];
  const [p, low, high] = [partition, from, to].map(toTableKey);
  const filter = odata`PartitionKey eq ${p} and RowKey ge ${low} and RowKey lt ${high}`;
  const rows: Row[] = [];
  const pages = client.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: Math.min(limit, MAX_PAGE_ROWS) });
  for await (const page of pages) {
    for (const entity of page) rows.push(toRow(entity));
    if (rows.length >= limit) return rows.slice(0, limit);
  }
  return rows;
};

/** Rows of one table. Connection failures, time-outs and service errors are thrown after the client's own retries. */
export const azureRowStore = (client: TableClient): RowStore => ({
  get: async (partition, key) => {
    try {
      return toRow(await client.getEntity(toTableKey(partition), toTableKey(key)));
    } catch (error) {
      if (isMissingRow(error)) return undefined;
      throw error;
    }
  },
  range: (partition, from, to, limit = Number.POSITIVE_INFINITY) => range(client, partition, from, to, limit),
  commit: (partition, writes) => commit(client, partition, writes),
});
