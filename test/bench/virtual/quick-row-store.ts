/**
 * A row store for long virtual runs: rows are kept as they are, in key order, without a trip through the encoding. What the encoding
 * and the transaction budget refuse is the simulator's to find; here only the order of things and their number count.
 */
import type { Row, RowStore, RowWrite } from '../../../shared/platform/tables/row-store.ts';
import { sortedKeys, type SortedKeys } from '../../../infra/local/upstream/store/sorted-keys.ts';
import { fits } from '../../fakes/fits.ts';

type Partition = { rows: Map<string, Row>; keys: SortedKeys };

export const quickRowStore = (): RowStore => {
  const partitions = new Map<string, Partition>();
  let version = 0;
  const partitionOf = (name: string): Partition => {
    const partition = partitions.get(name) ?? { rows: new Map<string, Row>(), keys: sortedKeys() };
    partitions.set(name, partition);
    return partition;
  };
  const perform = ({ rows, keys }: Partition, write: RowWrite): string | undefined => {
    if (write.kind === 'delete') {
      rows.delete(write.key);
      keys.remove(write.key);
      return undefined;
    }
    const etag = `"${++version}"`;
    if (!rows.has(write.key)) keys.add(write.key);
    rows.set(write.key, { key: write.key, value: write.value, etag });
    return etag;
  };
  return {
    get: async (name, key) => partitionOf(name).rows.get(key),
    range: async (name, from, to, limit = Number.POSITIVE_INFINITY) => {
      const { rows, keys } = partitionOf(name);
      const found: Row[] = [];
      for (let index = keys.indexOf(from); found.length < limit; index++) {
        const key = keys.at(index);
        if (key === undefined || key >= to) break;
        const row = rows.get(key);
        if (row) found.push(row);
      }
      return found;
    },
    commit: async (name, writes) => {
      const partition = partitionOf(name);
      if (!writes.every((write) => fits(partition.rows, write))) return { outcome: 'conflict' };
      const etags = new Map<string, string>();
      for (const write of writes) {
        const etag = perform(partition, write);
        if (etag !== undefined) etags.set(write.key, etag);
      }
      return { outcome: 'committed', etags };
    },
  };
};
