/** The row store in memory, with the same outcomes and the same budget as the real one. */
import { fromProperties, toProperties, wireBytesOf } from '../../shared/platform/tables/row-codec.ts';
import type { Row, RowStore } from '../../shared/platform/tables/row-store.ts';
import { checkTransaction } from '../../shared/platform/tables/transaction-budget.ts';
import { fits } from './fits.ts';

type Kept = { value: unknown; etag: string };

const bytesOf = (value: unknown): number => wireBytesOf(toProperties(value));
/** What a value is after a trip to the table and back. */
const copy = (value: unknown): unknown => fromProperties(toProperties(value));

/** What a store holds at one moment; opaque. */
export type Moment = ReadonlyMap<string, ReadonlyMap<string, Kept>>;

export type MemoryRowStore = RowStore & {
  /** The store as it is now, to be compared or to be brought back. */
  moment: () => Moment;
  restore: (moment: Moment) => void;
  partitions: () => string[];
  keys: (partition: string) => string[];
  all: (partition: string) => Row[];
};

export const memoryRowStore = (): MemoryRowStore => {
  const tables = new Map<string, Map<string, Kept>>();
  let version = 0;
  const rowsOf = (partition: string): Map<string, Kept> => {
    const rows = tables.get(partition) ?? new Map<string, Kept>();
    tables.set(partition, rows);
    return rows;
  };
  const sorted = (partition: string): Row[] =>
    [...rowsOf(partition)]
      .map(([key, kept]) => ({ key, value: copy(kept.value), etag: kept.etag }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    get: async (partition, key) => {
      const kept = rowsOf(partition).get(key);
      return kept && { key, value: copy(kept.value), etag: kept.etag };
    },
    range: async (partition, from, to, limit = Number.POSITIVE_INFINITY) => {
      const keys = [...rowsOf(partition).keys()].filter((key) => key >= from && key < to).sort();
      return keys.slice(0, limit).flatMap((key) => {
        const kept = rowsOf(partition).get(key);
        return kept ? [{ key, value: copy(kept.value), etag: kept.etag }] : [];
      });
    },
    commit: async (partition, writes) => {
      checkTransaction(writes, bytesOf);
      const rows = rowsOf(partition);
      if (!writes.every((write) => fits(rows, write))) return { outcome: 'conflict' };
      const etags = new Map<string, string>();
      for (const write of writes) {
        if (write.kind === 'delete') rows.delete(write.key);
        else {
          const etag = `"${++version}"`;
          rows.set(write.key, { value: copy(write.value), etag });
          etags.set(write.key, etag);
        }
      }
      return { outcome: 'committed', etags };
    },
    moment: () => new Map([...tables].filter(([, rows]) => rows.size > 0).map(([partition, rows]) => [partition, new Map(rows)])),
    restore: (moment) => {
      tables.clear();
      for (const [partition, rows] of moment) tables.set(partition, new Map(rows));
    },
    partitions: () => [...tables.keys()],
    keys: (partition) => [...rowsOf(partition).keys()],
    all: sorted,
  };
};
