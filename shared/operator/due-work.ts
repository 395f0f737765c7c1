/** What is due now over all lanes and logs, by kind, and since when: the length of the line, as the tables know it. */
import { z } from 'zod';
import { readDue } from '../platform/tables/due-scan.ts';
import { LANE_PARTITIONS, LOG_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

export const dueWork = z.strictObject({
  total: z.int().min(0),
  /** How many lanes or logs have it due: apply (send), fold, poll, publish, index, free, deliver, expire. */
  byKind: z.record(z.string(), z.int()),
  oldestAt: z.string().optional(),
});
export type DueWork = z.infer<typeof dueWork>;

/** Reads what the sweep reads. */
export const readDueWork = async (state: RowStore, nowMs: number): Promise<DueWork> => {
  const due = (await Promise.all([...LANE_PARTITIONS, ...LOG_PARTITIONS].map((partition) => readDue(state, partition, nowMs)))).flat();
  const byKind: Record<string, number> = {};
  for (const { kind } of due) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const oldest = due.reduce((earliest, { atMs }) => Math.min(earliest, atMs), Number.POSITIVE_INFINITY);
  return { total: due.length, byKind, ...(due.length === 0 ? {} : { oldestAt: new Date(oldest).toISOString() }) };
};
