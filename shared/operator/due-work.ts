/** What lanes and logs have to do: the length of the line, as the tables know it, and who stands first in it. */
import { z } from 'zod';
import { readDue } from '../platform/tables/due-scan.ts';
import type { Due } from '../platform/tables/due.ts';
import { LANE_PARTITIONS, LOG_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

export const dueWork = z.strictObject({
  total: z.int().min(0),
  /** How many lanes or logs have it due: apply (send), fold, poll, publish, index, free, deliver, expire. */
  byKind: z.record(z.string(), z.int()),
  oldestAt: z.string().optional(),
});
export type DueWork = z.infer<typeof dueWork>;

/** All that is due, now or later. */
export type AllDue = { lanes: readonly Due[]; logs: readonly Due[] };
export type ReadAllDue = () => Promise<AllDue>;

const read = async (state: RowStore, partitions: readonly string[]): Promise<Due[]> =>
  (await Promise.all(partitions.map((partition) => readDue(state, partition, Number.POSITIVE_INFINITY)))).flat();

/** Reads what the sweep reads, and what it will. */
export const makeReadAllDue =
  (state: RowStore): ReadAllDue =>
  async () => {
    const [lanes, logs] = await Promise.all([read(state, LANE_PARTITIONS), read(state, LOG_PARTITIONS)]);
    return { lanes, logs };
  };

/** What is due now, by kind, and since when. */
export const toDueWork = ({ lanes, logs }: AllDue, nowMs: number): DueWork => {
  const due = [...lanes, ...logs].filter(({ atMs }) => atMs <= nowMs);
  const byKind: Record<string, number> = {};
  for (const { kind } of due) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const oldest = due.reduce((earliest, { atMs }) => Math.min(earliest, atMs), Number.POSITIVE_INFINITY);
  return { total: due.length, byKind, ...(due.length === 0 ? {} : { oldestAt: new Date(oldest).toISOString() }) };
};

/** Whose turn comes first, at most `count` of them. */
export const firstOwners = (due: readonly Due[], count: number): string[] =>
  [...new Set([...due].sort((a, b) => a.atMs - b.atMs).map(({ owner }) => owner))].slice(0, count);
