/** Keeps what differs from the gateway in one partition of table `Lists`. */
import type { RowStore } from '../../platform/tables/row-store.ts';
import { AFTER_DRIFT, DRIFT_PARTITION, driftIdOf, FIRST_DRIFT, seenAgain, type DriftRow, type FoundDrift } from './drift-row.ts';

const ROWS_A_READ = 500;
const ROWS_A_WRITE = 50;

export type DriftStore = {
  get: (id: string) => Promise<DriftRow | undefined>;
  put: (rows: readonly DriftRow[]) => Promise<void>;
  /** Records what a comparison found; repeatable. */
  found: (drift: readonly FoundDrift[], run: string, nowMs: number) => Promise<void>;
  /** Rows after this id, page by page. */
  pages: (after?: string) => AsyncGenerator<DriftRow[]>;
  remove: (ids: readonly string[]) => Promise<void>;
};

const portions = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

export const driftStore = (lists: RowStore): DriftStore => {
  const get = async (id: string): Promise<DriftRow | undefined> => (await lists.get(DRIFT_PARTITION, id))?.value as DriftRow | undefined;
  const put = async (rows: readonly DriftRow[]): Promise<void> => {
    for (const some of portions(rows, ROWS_A_WRITE))
      await lists.commit(
        DRIFT_PARTITION,
        some.map((value) => ({ kind: 'put', key: value.id, value })),
      );
  };
  return {
    get,
    put,
    found: async (drift, run, nowMs) => {
      for (const some of portions(drift, ROWS_A_WRITE)) {
        const old = await Promise.all(some.map(({ lane, digits }) => get(driftIdOf(lane, digits))));
        await put(some.map((one, n) => seenAgain(old[n], one, run, nowMs)));
      }
    },
    async *pages(after) {
      for (let from: string | undefined = after === undefined ? FIRST_DRIFT : `${after}\u0000`; from !== undefined;) {
        const rows = await lists.range(DRIFT_PARTITION, from, AFTER_DRIFT, ROWS_A_READ);
        yield rows.map(({ value }) => value as DriftRow);
        const last = rows.at(-1);
        from = last && rows.length === ROWS_A_READ ? `${last.key}\u0000` : undefined;
      }
    },
    remove: async (ids) => {
      for (const some of portions(ids, ROWS_A_WRITE)) {
        const there = (await Promise.all(some.map(get))).flatMap((row) => (row ? [row.id] : []));
        if (there.length === 0) continue;
        await lists.commit(
          DRIFT_PARTITION,
          there.map((key) => ({ kind: 'delete', key })),
        );
      }
    },
  };
};
