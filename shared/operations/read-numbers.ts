/** Finds given numbers of an account at upstream in few requests: by list pages while those may show more than looks one by one would. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import { accountPath, numberPath, numbersPath } from '../platform/upstream/paths.ts';
import type { AskUpstream } from './ask-upstream.ts';
import type { Seen } from './poll-fold.ts';
import { asResource, type Resource } from './resource.ts';

/** A page confirms hundreds; a few numbers are cheaper asked one by one. */
const MAX_SINGLES = 3;
/** Upstream publishes no cap for this version; 500 was the cap of the last one that did (2023-10-01 swagger). */
const PAGE_SIZE = 500;
/** Bounds a sweep against a nextLink that never ends. */
const MAX_PAGES = 400;

/** The account, `absent`, or undefined when upstream cannot tell now. */
export const readAccount = async (
  ask: AskUpstream,
  accountName: string,
  permitAsk: PermitAsk,
): Promise<{ resource: Resource; etag?: string } | 'absent' | undefined> => {
  const answer = await ask({ method: 'GET', path: accountPath(accountName) }, permitAsk);
  if (!answer) return undefined;
  if (answer.status === 404) return 'absent';
  return { resource: asResource(answer.body), ...(answer.etag === undefined ? {} : { etag: answer.etag }) };
};

const readSingles = async (
  ask: AskUpstream,
  accountName: string,
  digits: readonly string[],
  permitAsk: PermitAsk,
  onSeen: (seen: Seen) => Promise<void>,
): Promise<boolean> => {
  for (const one of digits) {
    const answer = await ask({ method: 'GET', path: numberPath(accountName, `+${one}`) }, permitAsk);
    if (!answer) return false;
    await onSeen(new Map([[one, answer.status === 404 ? 'gone' : asResource(answer.body)]]));
  }
  return true;
};

const pageItems = (body: unknown): Map<string, Resource> => {
  const value = asResource(body)['value'];
  const items = Array.isArray(value) ? value.map(asResource) : [];
  const digitsOf = (item: Resource): string => (typeof item['telephoneNumber'] === 'string' ? item['telephoneNumber'].slice(1) : '');
  return new Map(items.map((item) => [digitsOf(item), item]));
};

/** Pages still ahead of a list; as many as were read already where upstream does not count. */
const pagesAhead = (recordCount: number | undefined, listed: number, pages: number): number =>
  recordCount === undefined ? pages : Math.max(1, Math.ceil((recordCount - listed) / Math.max(1, listed / pages)));

/**
 * Hands each portion of what was found to `onSeen` as it comes. A number that is on no page is gone only when as many were listed as
 * upstream counted at the start and at the end: pages have no promised order, and a list may change while it is read.
 * False when upstream could not be read to the end: then nothing may be concluded from a number's absence.
 */
export const readNumbers = async (
  ask: AskUpstream,
  accountName: string,
  digits: readonly string[],
  permitAsk: PermitAsk,
  onSeen: (seen: Seen) => Promise<void>,
): Promise<boolean> => {
  if (digits.length <= MAX_SINGLES) return readSingles(ask, accountName, digits, permitAsk, onSeen);
  const missing = new Set(digits);
  const listed = new Set<string>();
  const counts = new Set<number | undefined>();
  const first = { maxpagesize: String(PAGE_SIZE), countRecords: 'true' };
  let path: string | undefined = numbersPath(accountName);
  for (let page = 0; path !== undefined && missing.size > 0 && page < MAX_PAGES; page++) {
    const answer = await ask({ method: 'GET', path, ...(page === 0 ? { query: first } : {}) }, permitAsk);
    if (!answer || answer.status === 404) return false;
    const items = pageItems(answer.body);
    counts.add(answer.recordCount);
    for (const one of items.keys()) listed.add(one);
    await onSeen(new Map([...items].filter(([one]) => missing.has(one))));
    for (const one of items.keys()) missing.delete(one);
    const next: unknown = asResource(answer.body)['nextLink'];
    path = typeof next === 'string' ? next : undefined;
    // A large account: what is left is asked for one by one, in fewer requests than the list has pages.
    if (path !== undefined && missing.size > 0 && missing.size <= pagesAhead(answer.recordCount, listed.size, page + 1))
      return readSingles(ask, accountName, [...missing], permitAsk, onSeen);
  }
  const isWhole = path === undefined && counts.size === 1 && counts.has(listed.size);
  if (isWhole) await onSeen(new Map([...missing].map((one) => [one, 'gone'])));
  return path === undefined || missing.size === 0;
};
