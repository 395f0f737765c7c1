/** GET /rfis: the caller's RFIs by tenant id, page by page; every page is authorised by its own caller, not by its link. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { fromPageToken, nextLinkTo } from '../platform/http/paging.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { AFTER_TENANT_IDS, ALL_RFIS, partnerRfis, type RfiListRow } from './list-rows.ts';
import { tenantKeyOf } from './model.ts';
import { rfiView, toRfiView, type RfiReader, type RfiView } from './view.ts';

const DEFAULT_PAGE_ROWS = 100;
const MAX_PAGE_ROWS = 500;
/** Rows that one request looks at for what few RFIs fit; its page may end short and say where to go on. */
const MAX_ROWS_READ = 2_000;

export const rfiListQuery = z.strictObject({
  relationship: z.string().min(1).max(200).optional(),
  /** Changed after this time, by upstream's own word. */
  updatedAfter: z.iso.datetime({ offset: true }).optional(),
  maxpagesize: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
    .transform((text) => Math.min(Number(text), MAX_PAGE_ROWS))
    .optional(),
  continuationToken: z.string().min(1).max(500).optional(),
});
export type RfiListQuery = z.infer<typeof rfiListQuery>;

export const rfiPage = z.strictObject({ value: z.array(rfiView), nextLink: z.url().optional() }).meta({ id: 'RfiPage' });

export type ListRfis = (reader: RfiReader, query: RfiListQuery) => Promise<{ body: z.input<typeof rfiPage> } | AppError>;

type Filter = Pick<RfiListQuery, 'relationship' | 'updatedAfter'>;

const fits = ({ content }: RfiListRow & { listed: true }, { relationship, updatedAfter }: Filter): boolean => {
  if (relationship !== undefined && content.relationship?.status !== relationship) return false;
  return updatedAfter === undefined || Date.parse(content.lastModifiedOn ?? '') > Date.parse(updatedAfter);
};

type Found = { rows: (RfiListRow & { listed: true })[]; next: string | undefined };

/** Up to `count` matching rows after `after`, and the key to go on after when there may be more. */
const findRows = async (lists: RowStore, reader: RfiReader, filter: Filter, after: string, count: number): Promise<Found> => {
  const partition = reader.partner === undefined ? ALL_RFIS : partnerRfis(reader.partner);
  const rows: Found['rows'] = [];
  // A space sorts behind the whole id and before every other one.
  let from = after === '' ? '' : `${after} `;
  for (let read = 0; read < MAX_ROWS_READ;) {
    const wanted = Math.min(MAX_PAGE_ROWS, MAX_ROWS_READ - read) + 1;
    const some = await lists.range(partition, from, AFTER_TENANT_IDS, wanted);
    for (const [n, { key, value }] of some.entries()) {
      const row = value as RfiListRow;
      if (row.listed && fits(row, filter)) rows.push(row);
      if (rows.length === count) return { rows, next: n + 1 < some.length ? key : undefined };
    }
    const last = some.at(-1);
    if (!last || some.length < wanted) return { rows, next: undefined };
    from = `${last.key} `;
    read += some.length;
    if (read >= MAX_ROWS_READ) return { rows, next: last.key };
  }
  return { rows, next: undefined };
};

/** `baseUrl` is the public address without /api. */
export const makeListRfis =
  ({ lists, baseUrl }: { lists: RowStore; baseUrl: string }): ListRfis =>
  async (reader, { maxpagesize, continuationToken, ...filter }) => {
    const after = continuationToken === undefined ? '' : tenantKeyOf(fromPageToken(continuationToken) ?? '');
    if (after === undefined) return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    const { rows, next } = await findRows(lists, reader, filter, after, maxpagesize ?? DEFAULT_PAGE_ROWS);
    const value: RfiView[] = rows.map((row) => toRfiView(row, reader));
    if (next === undefined) return { body: { value } };
    return { body: { value, nextLink: nextLinkTo(baseUrl, 'rfis', { ...filter, maxpagesize }, next) } };
  };
