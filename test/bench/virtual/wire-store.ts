/** A row store as it is met over a network: each call takes its time, and is counted. */
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { Random, Scheduler } from '../../simulation/scheduler.ts';
import type { Counters } from './counters.ts';

/** A call to Table Storage within its region. */
const CALL_MS = [5, 10] as const;
/** Rows that one answer of the service holds at most; more take another call. */
const ROWS_A_PAGE = 1_000;

export const wireStore = (inner: RowStore, scheduler: Scheduler, random: Random, counters: Counters): RowStore => {
  /** The effect happens somewhere on the way. */
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    const durationMs = random.between(...CALL_MS);
    const arrivesMs = durationMs * random.between(0.3, 0.7);
    await scheduler.sleep(arrivesMs);
    const result = await act();
    await scheduler.sleep(durationMs - arrivesMs);
    return result;
  };
  return {
    get: (partition, key) => {
      counters.gets++;
      return call(() => inner.get(partition, key));
    },
    range: async (partition, from, to, limit) => {
      counters.ranges++;
      const rows = await call(() => inner.range(partition, from, to, limit));
      for (let read = ROWS_A_PAGE; read < rows.length; read += ROWS_A_PAGE) {
        counters.ranges++;
        await scheduler.sleep(random.between(...CALL_MS));
      }
      return rows;
    },
    commit: async (partition, writes) => {
      counters.commits++;
      const result = await call(() => inner.commit(partition, writes));
      if (result.outcome === 'conflict') counters.conflicts++;
      return result;
    },
  };
};
