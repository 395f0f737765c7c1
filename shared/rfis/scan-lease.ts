/** The scan's row in table `Leases`, changed by compare-and-set. */
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { IDLE, isWanted, type ScanState } from './scan-state.ts';

const PARTITION = 'rfi-scan';
const KEY = 'state';
const MAX_TRIES = 10;

export type ScanLease = {
  read: () => Promise<ScanState>;
  /** The state that `decide` made of the present one and that was written; undefined when it wanted none. */
  change: (decide: (state: ScanState) => ScanState | undefined) => Promise<ScanState | undefined>;
};

export const scanLease = (leases: RowStore): ScanLease => ({
  read: async () => ((await leases.get(PARTITION, KEY))?.value as ScanState | undefined) ?? IDLE,
  change: async (decide) => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = await leases.get(PARTITION, KEY);
      const value = decide(row ? (row.value as ScanState) : IDLE);
      if (!value) return undefined;
      const write: RowWrite = row ? { kind: 'replace', key: KEY, value, etag: row.etag } : { kind: 'insert', key: KEY, value };
      if ((await leases.commit(PARTITION, [write])).outcome === 'committed') return value;
    }
    throw new Error('the lease of the RFI scan stayed contended');
  },
});

/** Tells whether POST /rfis/sync asked for a scan that nobody runs. */
export const makeIsSyncRequested =
  ({ leases, now }: { leases: RowStore; now: () => number }) =>
  async (): Promise<boolean> =>
    isWanted(await scanLease(leases).read(), now());
