/** Reads what is due; timers and sweeps start here. */
import { fromDueKey, type Due } from './due.ts';
import { below } from './keys.ts';
import type { RowStore } from './row-store.ts';

/** Everything due in one partition up to `nowMs`, oldest first. */
export const readDue = async (store: RowStore, partition: string, nowMs: number): Promise<Due[]> => {
  const { from, to } = below('due');
  const rows = await store.range(partition, from, to);
  return rows
    .map((row) => fromDueKey(row.key))
    .filter((due) => due.atMs <= nowMs)
    .sort((a, b) => a.atMs - b.atMs);
};
