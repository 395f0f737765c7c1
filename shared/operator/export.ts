/** Use case: everything of a partner, page by page: what it could list itself, one list after another, and what the operator keeps of it. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { nextLinkTo, pageStart, pagingQuery } from '../platform/http/paging.ts';

export const NDJSON_TYPE = 'application/x-ndjson';

/** A page ends with the first list's page that makes it this long. */
const LINES_A_PAGE = 500;

export const exportedThing = z.strictObject({ kind: z.string(), value: z.record(z.string(), z.unknown()) });
export type ExportedThing = z.infer<typeof exportedThing>;
export const exportPage = z.strictObject({ value: z.array(exportedThing), nextLink: z.url().optional() }).meta({ id: 'PartnerExportPage' });
export type ExportPage = z.infer<typeof exportPage>;
export const exportQuery = z.strictObject({ continuationToken: pagingQuery.continuationToken, maxpagesize: pagingQuery.maxpagesize });
export type ExportQuery = z.output<typeof exportQuery>;

/** A page of one list; `next` leads to its next one. */
export type ListPage = { value: readonly object[]; next?: string | undefined };
/** A list of a partner's things, all of one kind. */
export type ExportedList = { kind: string; read: (partnerId: string, next: string | undefined) => Promise<ListPage | AppError> };

/** Where an export goes on: in which list, and where in it. */
const toPlace = (kind: string, next: string | undefined): string => JSON.stringify(next === undefined ? [kind] : [kind, next]);
const fromPlace = (text: string): { kind: string; next: string | undefined } | undefined => {
  try {
    const [kind, next] = JSON.parse(text) as unknown[];
    return typeof kind === 'string' && (next === undefined || typeof next === 'string') ? { kind, next } : undefined;
  } catch {
    return undefined;
  }
};

/** Error: ResourceNotFound, and what the lists answer. Throws AppError InvalidContinuationToken. */
export type ExportPartner = (partnerId: string, query: ExportQuery) => Promise<{ body: ExportPage } | AppError>;

export type ExportEffects = {
  isKnown: (partnerId: string) => Promise<boolean>;
  /** In the order in which they come. */
  lists: readonly ExportedList[];
  publicBaseUrl: string;
};

export const makeExportPartner =
  ({ isKnown, lists, publicBaseUrl }: ExportEffects): ExportPartner =>
  async (partnerId, query) => {
    if (!(await isKnown(partnerId))) return new AppError('ResourceNotFound', { target: 'partner' });
    const { after } = pageStart(query.continuationToken);
    const place = after === undefined ? { kind: lists[0]?.kind ?? '', next: undefined } : fromPlace(after);
    let at = lists.findIndex(({ kind }) => kind === place?.kind);
    if (!place || at === -1) throw new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    let { next } = place;
    const value: ExportedThing[] = [];
    const enough = Math.min(query.maxpagesize ?? LINES_A_PAGE, LINES_A_PAGE);
    for (let list = lists[at]; list && value.length < enough; list = lists[at]) {
      const page = await list.read(partnerId, next);
      if (page instanceof AppError) return page;
      const { kind } = list;
      value.push(...page.value.map((one) => ({ kind, value: { ...one } })));
      next = page.next;
      if (next === undefined) at += 1;
    }
    const list = lists[at];
    const path = `operator/partners/${partnerId}/export`;
    const nextLink = list ? { nextLink: nextLinkTo(publicBaseUrl, path, query, toPlace(list.kind, next)) } : {};
    return { body: { value, ...nextLink } };
  };

/** A line of JSON for each thing. */
export const toLines = ({ value }: ExportPage): string => value.map((one) => `${JSON.stringify(one)}\n`).join('');
