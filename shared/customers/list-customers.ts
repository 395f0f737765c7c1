/** Use case: a partner's customers by id, page by page; every page is authorised by its own caller, not by its link. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_PAGE_ITEMS, fromPageToken, nextLinkTo, pagingQuery } from '../platform/http/paging.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { SERVICES } from '../platform/upstream/services.ts';
import { customersPartition, type ListedCustomer } from './project.ts';

const AFTER_LAST_KEY = '~';
/** Rows that one request looks at for a rare filter; its page may end short and say where to go on. */
const MAX_ROWS_READ = 2_000;

export const customerListQuery = z.strictObject({
  reference: z.string().min(1).max(100).optional(),
  teamsTenantId: z.guid().toLowerCase().optional(),
  /** Customers that have this service. */
  service: z.enum(SERVICES).optional(),
  ...pagingQuery,
});
export type CustomerListQuery = z.output<typeof customerListQuery>;

const listedCustomer = z.strictObject({
  id: z.string(),
  accountName: z.string(),
  teamsTenantId: z.string().optional(),
  reference: z.string().optional(),
  services: z.array(z.enum(SERVICES)),
  createdAt: z.string(),
});
export const customerPage = z.strictObject({ value: z.array(listedCustomer), nextLink: z.url().optional() }).meta({ id: 'CustomerPage' });

/** Error: InvalidContinuationToken. */
export type ListCustomers = (partner: string, query: CustomerListQuery) => Promise<{ body: z.input<typeof customerPage> } | AppError>;

const matches = (row: ListedCustomer, { reference, teamsTenantId, service }: CustomerListQuery): boolean =>
  row.removed !== true &&
  (reference === undefined || row.reference === reference) &&
  (teamsTenantId === undefined || row.teamsTenantId === teamsTenantId) &&
  (service === undefined || row.services.includes(service));

const toItem = ({ customerId, accountName, teamsTenantId, reference, services, createdAt }: ListedCustomer) => ({
  id: customerId,
  accountName,
  ...(teamsTenantId === undefined ? {} : { teamsTenantId }),
  ...(reference === undefined ? {} : { reference }),
  services,
  createdAt,
});

export const makeListCustomers =
  ({ lists, publicBaseUrl }: { lists: RowStore; publicBaseUrl: string }): ListCustomers =>
  async (partner, query) => {
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS, continuationToken } = query;
    const after = continuationToken === undefined ? '' : fromPageToken(continuationToken);
    if (after === undefined) return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    // A space sorts behind the whole id and before every longer one.
    const rows = await lists.range(customersPartition(partner), after === '' ? '' : `${after} `, AFTER_LAST_KEY, MAX_ROWS_READ);
    const found: ListedCustomer[] = [];
    for (const [n, { key, value }] of rows.entries()) {
      if (matches(value as ListedCustomer, query)) found.push(value as ListedCustomer);
      const isLast = n + 1 === rows.length;
      if (found.length < size && !(isLast && rows.length === MAX_ROWS_READ)) continue;
      if (isLast && rows.length < MAX_ROWS_READ) break;
      return { body: { value: found.map(toItem), nextLink: nextLinkTo(publicBaseUrl, 'customers', query, key) } };
    }
    return { body: { value: found.map(toItem) } };
  };

/** The ids of a partner's customers, those after `after`; fewer than `limit` mean that there are no more. */
export type ListCustomerIds = (partner: string, limit: number, after?: string) => Promise<string[]>;

export const makeListCustomerIds =
  ({ lists }: { lists: RowStore }): ListCustomerIds =>
  async (partner, limit, after = '') => {
    const ids: string[] = [];
    for (let from = after; ids.length < limit;) {
      const rows = await lists.range(customersPartition(partner), from === '' ? '' : `${from} `, AFTER_LAST_KEY, limit);
      ids.push(...rows.filter(({ value }) => (value as ListedCustomer).removed !== true).map(({ key }) => key));
      from = rows.at(-1)?.key ?? from;
      if (rows.length < limit) break;
    }
    return ids.slice(0, limit);
  };
