/** Whether a partner has customers still, by the list of them. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { customersPartition, type ListedCustomer } from './project.ts';

const AFTER_LAST_KEY = '~';
const PAGE_ROWS = 1_000;

export type HasCustomers = (partner: string) => Promise<boolean>;

/** Ends at the first one that was not removed; only those that were are passed over, page by page. */
export const makeHasCustomers =
  (lists: RowStore): HasCustomers =>
  async (partner) => {
    let from: string | undefined = '';
    while (from !== undefined) {
      const rows = await lists.range(customersPartition(partner), from, AFTER_LAST_KEY, PAGE_ROWS);
      if (rows.some(({ value }) => (value as ListedCustomer).removed !== true)) return true;
      const last = rows.at(-1);
      // A space sorts behind the whole id and before every longer one.
      from = last && rows.length === PAGE_ROWS ? `${last.key} ` : undefined;
    }
    return false;
  };
