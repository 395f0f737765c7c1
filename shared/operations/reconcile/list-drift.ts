/** Use case: what differs from the gateway, page by page, as JSON and as CSV. */
import { z } from 'zod';
import { AppError } from '../../platform/errors/app-error.ts';
import { toCsv } from '../../platform/http/csv.ts';
import { DEFAULT_PAGE_ITEMS, fromPageToken, nextLinkTo, pagingQuery } from '../../platform/http/paging.ts';
import { DRIFT_KINDS, type DriftRow } from './drift-row.ts';
import type { DriftStore } from './drift-store.ts';

/** Rows that one request looks at for a rare filter; its page may end short and say where to go on. */
const MAX_ROWS_READ = 5_000;

export const driftQuery = z.strictObject({
  kind: z.enum(DRIFT_KINDS).optional(),
  status: z.enum(['open', 'accepted', 'reapplied']).optional(),
  partnerId: z.string().min(1).max(20).optional(),
  customerId: z.string().min(1).max(40).optional(),
  ...pagingQuery,
});
export type DriftQuery = z.output<typeof driftQuery>;

export const driftBody = z
  .strictObject({
    id: z.string(),
    kind: z
      .enum(DRIFT_KINDS)
      .describe('`…Missing`: the gateway has it no longer; `numberExtra`: the gateway has one in the account that is unknown here.'),
    status: z.enum(['open', 'accepted', 'reapplied']),
    partnerId: z.string(),
    customerId: z.string(),
    accountName: z.string(),
    telephoneNumber: z.string().optional(),
    /** A JSON pointer each, with what is wanted here and what the gateway shows, where there is anything. */
    fields: z.array(z.strictObject({ field: z.string(), ours: z.string().optional(), upstream: z.string().optional() })),
    /** What puts back what is ours. */
    operationId: z.string().optional(),
    firstSeenAt: z.string(),
    lastSeenAt: z.string(),
  })
  .meta({ id: 'Drift' });
export type DriftBody = z.infer<typeof driftBody>;
export const driftPage = z.strictObject({ value: z.array(driftBody), nextLink: z.url().optional() }).meta({ id: 'DriftPage' });

export const toDriftBody = (row: DriftRow): DriftBody => ({
  id: row.id,
  kind: row.kind,
  status: row.state,
  partnerId: row.partner,
  customerId: row.customerId,
  accountName: row.accountName,
  ...(row.digits === '' ? {} : { telephoneNumber: `+${row.digits}` }),
  fields: row.fields,
  ...(row.operationId === undefined ? {} : { operationId: row.operationId }),
  firstSeenAt: row.firstSeenAt,
  lastSeenAt: row.lastSeenAt,
});

const HEADINGS = [
  'id',
  'kind',
  'status',
  'partnerId',
  'customerId',
  'accountName',
  'telephoneNumber',
  'field',
  'ours',
  'upstream',
  'firstSeenAt',
  'lastSeenAt',
] as const;

/** A line for each field that differs, and one for each thing that is missing or extra. */
export const toDriftCsv = (all: readonly DriftBody[]): string =>
  toCsv(
    HEADINGS,
    all.flatMap(({ fields, operationId: _, ...row }) => (fields.length === 0 ? [row] : fields.map((field) => ({ ...row, ...field })))),
  );

/** Error: InvalidContinuationToken. */
export type ListDrift = (query: DriftQuery) => Promise<z.input<typeof driftPage> | AppError>;

const fits = (row: DriftRow, { kind, status, partnerId, customerId }: DriftQuery): boolean =>
  (kind === undefined || row.kind === kind) &&
  (status === undefined || row.state === status) &&
  (partnerId === undefined || row.partner === partnerId) &&
  (customerId === undefined || row.customerId === customerId);

export const makeListDrift =
  ({ drift, publicBaseUrl }: { drift: DriftStore; publicBaseUrl: string }): ListDrift =>
  async (query) => {
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS, continuationToken } = query;
    const after = continuationToken === undefined ? undefined : fromPageToken(continuationToken);
    if (continuationToken !== undefined && after === undefined)
      return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    const value: DriftBody[] = [];
    let read = 0;
    for await (const rows of drift.pages(after)) {
      for (const row of rows) {
        read++;
        if (fits(row, query)) value.push(toDriftBody(row));
        if (value.length === size || read === MAX_ROWS_READ)
          return { value, nextLink: nextLinkTo(publicBaseUrl, 'operator/drift', query, row.id) };
      }
    }
    return { value };
  };
