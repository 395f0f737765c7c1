/** Time that runs faster, for everybody and for the table service's ETags alike, so that minutes of the ledger take seconds. */
import type { Row, RowStore } from '../../../shared/platform/tables/row-store.ts';
import { timeOfEtag } from '../../../shared/platform/budget/service-clock.ts';
import { type Clock, systemClock } from '../../../shared/platform/time/clock.ts';

/** `skewMs` in fast time: how wrong this clock is. */
export type FastTime = { originMs: number; speed: number; skewMs: number };

const toFast = ({ originMs, speed }: FastTime, realMs: number): number => originMs + (realMs - originMs) * speed;

/** The fast time that it truly is. */
export const trueNow = (time: FastTime): number => toFast(time, systemClock.now());

export const fastClock = (time: FastTime): Clock => ({
  now: () => trueNow(time) + time.skewMs,
  sleep: (ms) => systemClock.sleep(ms / time.speed),
});

export type Counted = { store: RowStore; operations: () => number; conflicts: () => number };

/** The store with ETags in fast time, and its calls counted. */
export const fastStore = (inner: RowStore, time: FastTime): Counted => {
  const innerOf = new Map<string, string>();
  let [operations, conflicts] = [0, 0];
  const toOuter = (innerEtag: string): string => {
    const ms = toFast(time, timeOfEtag(innerEtag) ?? Number.NaN);
    const outer = `W/"datetime'${encodeURIComponent(new Date(ms).toISOString())}'";${innerEtag}`;
    innerOf.set(outer, innerEtag);
    return outer;
  };
  const outerRow = (row: Row): Row => ({ ...row, etag: toOuter(row.etag) });
  const store: RowStore = {
    get: async (partition, key) => {
      operations++;
      const row = await inner.get(partition, key);
      return row && outerRow(row);
    },
    range: async (partition, from, to, limit) => (await inner.range(partition, from, to, limit)).map(outerRow),
    commit: async (partition, writes) => {
      operations++;
      const toInner = writes.map((write) => (write.kind === 'replace' ? { ...write, etag: innerOf.get(write.etag) ?? write.etag } : write));
      const result = await inner.commit(partition, toInner);
      if (result.outcome === 'committed')
        return { ...result, etags: new Map([...result.etags].map(([key, etag]) => [key, toOuter(etag)])) };
      conflicts++;
      return result;
    },
  };
  return { store, operations: () => operations, conflicts: () => conflicts };
};
