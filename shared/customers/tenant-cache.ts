/** What upstream said of customers' tenants, kept in table `Cache`, every row of which may be lost at any time. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { TransactionTooLarge } from '../platform/tables/transaction-budget.ts';

/** `of`: what the customer was like; what was read of another state of it says nothing. */
export type CachedRow = { v: 1; of: string; atMs: number; value: unknown };

export type TenantCache = {
  get: (lane: string, key: string) => Promise<CachedRow | undefined>;
  put: (lane: string, key: string, row: CachedRow) => Promise<void>;
};

/** Over one table: a partition for each customer. What is too large for a row is not kept, without an error. */
export const tenantCache = (table: RowStore): TenantCache => ({
  get: async (lane, key) => (await table.get(lane, key))?.value as CachedRow | undefined,
  put: async (lane, key, value) => {
    try {
      await table.commit(lane, [{ kind: 'put', key, value }]);
    } catch (error) {
      // More than a row holds is answered, and asked for again the next time.
      if (!(error instanceof TransactionTooLarge)) throw error;
    }
  },
});
