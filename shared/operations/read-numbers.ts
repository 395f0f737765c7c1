/** Finds given numbers of an account at upstream in the fewest requests: one by one when few, by list pages when many. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import { accountPath, numberPath, numbersPath } from '../platform/upstream/paths.ts';
import type { AskUpstream } from './ask-upstream.ts';
import type { Seen } from './poll-fold.ts';

/** A page confirms hundreds; a few numbers are cheaper asked one by one. */
const MAX_SINGLES = 3;
/** Upstream publishes no cap for this version; 500 was the cap of the last one that did (2023-10-01 swagger). */
const PAGE_SIZE = 500;
/** Bounds a sweep against a nextLink that never ends. */
const MAX_PAGES = 400;

export type Resource = Record<string, unknown>;
const asResource = (body: unknown): Resource => (typeof body === 'object' && body !== null ? (body as Resource) : {});

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
    if (answer.status !== 404) await onSeen(new Map([[one, asResource(answer.body)]]));
  }
  return true;
};

const pageItems = (body: unknown, wanted: ReadonlySet<string>): Map<string, Resource> => {
  const value = asResource(body)['value'];
  const items = Array.isArray(value) ? value.map(asResource) : [];
  const digitsOf = (item: Resource): string => (typeof item['telephoneNumber'] === 'string' ? item['telephoneNumber'].slice(1) : '');
  return new Map(items.map((item) => [digitsOf(item), item] as const).filter(([digits]) => wanted.has(digits)));
};

/**
 * Hands each portion of what was found to `onSeen` as it comes. False when upstream could not be read to the end:
 * then nothing may be concluded from a number's absence.
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
  let path: string | undefined = numbersPath(accountName);
  for (let page = 0; path !== undefined && missing.size > 0 && page < MAX_PAGES; page++) {
    const query: { query?: Record<string, string> } = page === 0 ? { query: { maxpagesize: String(PAGE_SIZE) } } : {};
    const answer = await ask({ method: 'GET', path, ...query }, permitAsk);
    if (!answer || answer.status === 404) return false;
    const seen = pageItems(answer.body, missing);
    await onSeen(seen);
    for (const one of seen.keys()) missing.delete(one);
    const next: unknown = asResource(answer.body)['nextLink'];
    path = typeof next === 'string' ? next : undefined;
  }
  return true;
};
