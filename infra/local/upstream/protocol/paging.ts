/** List pages: top, skip, maxpagesize, filter and count over keys in order, continued by the last key seen. */
import { badRequest, checked, type Answer, type Checked } from '../http/answer.ts';
import type { KeyList } from '../store/sorted-keys.ts';
import type { Settings } from '../settings.ts';
import { parseFilter, type Filter } from './filter.ts';

/** The 2023-10-01 version: default 200, at most 500; not restated for 2024-02-29-preview. */
export const DEFAULT_PAGE_SIZE = 200;
export const MAX_PAGE_SIZE = 500;

/** Where a listing goes on: after a key, in a listing that began after `start` (empty: from the first key). */
type Cursor = { after: string; start: string };

export type ListRequest = {
  keys: KeyList;
  /** The body of a key, or undefined when it left meanwhile. */
  toBody: (key: string) => Record<string, unknown> | undefined;
  query: URLSearchParams;
  /** Absolute URL of the list without its query. */
  url: string;
  settings: Pick<Settings, 'filter' | 'listOrder'>;
  random: () => number;
};

type Options = { top: number | undefined; skip: number; pageSize: number; filter: Filter | undefined; cursor: Cursor | undefined };

const wholeNumber = (query: URLSearchParams, name: string, least: number): Checked<number | undefined> => {
  const text = query.get(name);
  if (text === null) return checked(undefined);
  if (!/^\d{1,10}$/.test(text) || Number(text) < least) return badRequest(`${name} must be a whole number of at least ${least}.`, name);
  return checked(Number(text));
};

const toToken = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

const fromToken = (token: string | null): Checked<Cursor | undefined> => {
  if (token === null) return checked(undefined);
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Cursor>;
    if (typeof value.after === 'string' && typeof value.start === 'string') return checked({ after: value.after, start: value.start });
  } catch {
    // Falls through: any unreadable token is answered alike.
  }
  return badRequest('skiptoken is not one of ours.', 'skiptoken');
};

const readFilter = (query: URLSearchParams, mode: Settings['filter']): Checked<Filter | undefined> => {
  const text = query.get('filter');
  if (text === null || mode === 'ignored') return checked(undefined);
  const filter = mode === 'supported' ? parseFilter(text) : undefined;
  return filter ? checked(filter) : badRequest('The filter is not supported.', 'filter');
};

const readOptions = ({ query, settings }: ListRequest): Checked<Options> => {
  const top = wholeNumber(query, 'top', 0);
  const skip = wholeNumber(query, 'skip', 0);
  const size = wholeNumber(query, 'maxpagesize', 1);
  const filter = readFilter(query, settings.filter);
  const cursor = fromToken(query.get('skiptoken'));
  if (!top.ok) return top;
  if (!skip.ok) return skip;
  if (!size.ok) return size;
  if (!filter.ok) return filter;
  if (!cursor.ok) return cursor;
  const pageSize = Math.min(size.value ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  return checked({ top: top.value, skip: skip.value ?? 0, pageSize, filter: filter.value, cursor: cursor.value });
};

/** Half-open position ranges still to be read: from the cursor to the end, then round to where the listing began. */
const rangesFrom = (keys: KeyList, { after, start }: Cursor): [number, number][] => {
  const end = start === '' ? 0 : keys.indexAfter(start);
  if (start !== '' && after !== '' && after <= start) return [[keys.indexAfter(after), end]];
  return [
    [after === '' && start === '' ? 0 : keys.indexAfter(after === '' ? start : after), keys.size()],
    [0, end],
  ];
};

type Row = { key: string; body: Record<string, unknown> };

/** The next rows in listing order, beginning with the `skip`th that passes the filter. */
function* rows({ keys, toBody }: ListRequest, cursor: Cursor, skip: number, filter: Filter | undefined): Generator<Row> {
  let toSkip = skip;
  for (const [from, to] of rangesFrom(keys, cursor)) {
    // Without a filter every key counts, so skipping needs no reading.
    const jump = filter ? 0 : Math.min(toSkip, Math.max(0, to - from));
    toSkip -= jump;
    for (let index = from + jump; index < to; index++) {
      const key = keys.at(index) ?? '';
      const body = toBody(key);
      if (!body || (filter && !filter(body))) continue;
      if (toSkip > 0) toSkip--;
      else yield { key, body };
    }
  }
}

const firstCursor = ({ keys, settings, random }: ListRequest): Cursor => {
  if (settings.listOrder === 'stable') return { after: '', start: '' };
  return { after: '', start: keys.at(Math.floor(random() * keys.size())) ?? '' };
};

const toNextLink = ({ query, url }: ListRequest, cursor: Cursor, top: number | undefined): string => {
  const next = new URLSearchParams(query);
  next.delete('skip');
  if (top !== undefined) next.set('top', String(top));
  next.set('skiptoken', toToken(cursor));
  return `${url}?${next.toString()}`;
};

const countAll = ({ keys, toBody }: ListRequest, filter: Filter | undefined): number => {
  if (!filter) return keys.size();
  let count = 0;
  for (let index = 0; index < keys.size(); index++) {
    const body = toBody(keys.at(index) ?? '');
    if (body && filter(body)) count++;
  }
  return count;
};

/** One page as the API answers it: 200 `{ value, nextLink? }`, with the count over all pages when asked. */
export const listPage = (request: ListRequest): Checked<Answer> => {
  const options = readOptions(request);
  if (!options.ok) return options;
  const { top, skip, pageSize, filter } = options.value;
  const cursor = options.value.cursor ?? firstCursor(request);
  const wanted = Math.min(pageSize, top ?? pageSize);
  const page: Row[] = [];
  let more = false;
  for (const row of rows(request, cursor, skip, filter)) {
    more = page.length === wanted;
    if (more) break;
    page.push(row);
  }
  const left = top === undefined ? undefined : top - page.length;
  const last = page.at(-1);
  const nextLink = more && last && left !== 0 ? toNextLink(request, { after: last.key, start: cursor.start }, left) : undefined;
  const headers: Record<string, string> =
    request.query.get('countRecords') === 'true' ? { 'x-ms-record-count': String(countAll(request, filter)) } : {};
  return checked({ status: 200, headers, body: { value: page.map((row) => row.body), ...(nextLink ? { nextLink } : {}) } });
};
