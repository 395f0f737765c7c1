/** Use case: what was changed by whom, the newest first; a partner sees its own doings, an operator everybody's. */
import { z } from 'zod';
import { DEFAULT_PAGE_ITEMS, nextLinkTo, pageStart, pagingQuery } from '../platform/http/paging.ts';
import { auditEvent, toAuditEvent, type AuditRow } from './model.ts';
import type { AuditStore } from './store.ts';

/** Rows that one request looks at, over all owners. */
const MAX_LOOKED = 2_000;
const MIN_OF_AN_OWNER = 10;
const AT_ONCE = 16;

const time = z.iso.datetime({ offset: true });

export const auditQuery = z.strictObject({
  /** The name of an operation of this API, such as `createOrder`. */
  action: z.string().min(1).max(60).optional(),
  /** A path with its values, such as `customers/contoso`. */
  resource: z.string().min(1).max(300).optional(),
  /** A client id or the id of an API key. */
  actor: z.string().min(1).max(64).optional(),
  occurredAfter: time.optional(),
  occurredBefore: time.optional(),
  ...pagingQuery,
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditPage = z.strictObject({ value: z.array(auditEvent), nextLink: z.url().optional() }).meta({ id: 'AuditEventPage' });

/** Of these owners. Throws AppError InvalidContinuationToken. */
export type ListAudit = (
  owners: readonly string[],
  query: AuditQuery & { partnerId?: string | undefined },
) => Promise<{ body: z.input<typeof auditPage> }>;

type Found = { key: string; row: AuditRow };

const matches = ({ action, resource, actor: who }: AuditRow, query: AuditQuery): boolean =>
  (query.action === undefined || query.action === action) &&
  (query.resource === undefined || query.resource === resource) &&
  (query.actor === undefined || query.actor === who.clientId || query.actor === who.apiKeyId);

const byKey = (a: Found, b: Found): number => (a.key < b.key ? -1 : 1);

/** All owners' rows together as far as each of them was read, and where the reading ended; no end where all was read. */
const readTogether = async (store: AuditStore, owners: readonly string[], query: AuditQuery): Promise<{ rows: Found[]; end?: string }> => {
  const between = {
    afterMs: query.occurredAfter === undefined ? undefined : Date.parse(query.occurredAfter),
    beforeMs: query.occurredBefore === undefined ? undefined : Date.parse(query.occurredBefore),
  };
  const { after } = pageStart(query.continuationToken);
  const limit = Math.max(MIN_OF_AN_OWNER, Math.floor(MAX_LOOKED / Math.max(1, owners.length)));
  const rows: Found[] = [];
  let end: string | undefined;
  for (let at = 0; at < owners.length; at += AT_ONCE) {
    const read = await Promise.all(owners.slice(at, at + AT_ONCE).map((owner) => store.read(owner, between, after, limit)));
    for (const some of read) {
      const last = some.length === limit ? some.at(-1)?.key : undefined;
      if (last !== undefined && (end === undefined || last < end)) end = last;
    }
    rows.push(...read.flat());
  }
  return { rows: rows.sort(byKey), ...(end === undefined ? {} : { end }) };
};

export const makeListAudit =
  ({ store, publicBaseUrl }: { store: AuditStore; publicBaseUrl: string }): ListAudit =>
  async (owners, query) => {
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS } = query;
    const { rows, end } = await readTogether(store, owners, query);
    const found = rows.filter(({ key, row }) => (end === undefined || key <= end) && matches(row, query));
    const page = found.slice(0, size);
    const next = found.length > size ? page.at(-1)?.key : end;
    const value = page.map(({ row }) => toAuditEvent(row));
    return { body: { value, ...(next === undefined ? {} : { nextLink: nextLinkTo(publicBaseUrl, 'audit-events', query, next) }) } };
  };
