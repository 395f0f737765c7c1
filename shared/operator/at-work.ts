/** Which lanes and logs have something to do, now or later: what an operator wants to look at stands there. */
import { readDue } from '../platform/tables/due-scan.ts';
import { LANE_PARTITIONS, LOG_PARTITIONS } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';

export type AtWork = { lanes: string[]; subscriptions: string[] };

const ownersOf = async (state: RowStore, partitions: readonly string[], count: number): Promise<string[]> => {
  const due = (await Promise.all(partitions.map((partition) => readDue(state, partition, Number.POSITIVE_INFINITY)))).flat();
  return [...new Set(due.sort((a, b) => a.atMs - b.atMs).map(({ owner }) => owner))].slice(0, count);
};

/** Those whose turn comes first, at most `count` of each. */
export const readAtWork = async (state: RowStore, count: number): Promise<AtWork> => {
  const [lanes, subscriptions] = await Promise.all([ownersOf(state, LANE_PARTITIONS, count), ownersOf(state, LOG_PARTITIONS, count)]);
  return { lanes, subscriptions };
};
