/** Pure: what all listings share: the size of a page, the opaque token that carries a listing on, and the link to the next page. */
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { DEFAULT_API_VERSION } from './api-version.ts';

export const DEFAULT_PAGE_ITEMS = 100;
export const MAX_PAGE_ITEMS = 1_000;
const MAX_TOKEN_CHARS = 1_000;

/** Part of the query of every listing. A size over the limit means the limit. */
export const pagingQuery = {
  maxpagesize: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
    .transform((text) => Math.min(Number(text), MAX_PAGE_ITEMS))
    .optional(),
  continuationToken: z.string().min(1).max(MAX_TOKEN_CHARS).optional(),
};

/** The token that goes on after the item of this key. It says where, not who may: each page is authorised by its own caller. */
export const toPageToken = (after: string): string => Buffer.from(JSON.stringify([1, after])).toString('base64url');

/** The key to go on after; undefined for what `toPageToken` did not make. */
export const fromPageToken = (token: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const [version, after] = Array.isArray(value) ? (value as unknown[]) : [];
    return version === 1 && typeof after === 'string' && toPageToken(after) === token ? after : undefined;
  } catch {
    return undefined;
  }
};

/** Where a page begins: after a key, or with the first. Throws AppError InvalidContinuationToken. */
export const pageStart = (token: string | undefined): { after?: string } => {
  if (token === undefined) return {};
  const after = fromPageToken(token);
  if (after === undefined) throw new AppError('InvalidContinuationToken', { target: 'continuationToken' });
  return { after };
};

/** Absolute; `path` is below `/api/`, and what of `query` is undefined is left out. */
export const nextLinkTo = (
  publicBaseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  after: string,
): string => {
  const all = new URLSearchParams({ 'api-version': DEFAULT_API_VERSION });
  for (const [name, value] of Object.entries(query)) if (value !== undefined && name !== 'continuationToken') all.set(name, String(value));
  all.set('continuationToken', toPageToken(after));
  return `${publicBaseUrl}/api/${path}?${all.toString()}`;
};

/** One page of items sorted by key: those after `after`, and the key that the next page goes on after. */
export const pageAfter = <T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  after: string | undefined,
  size: number = DEFAULT_PAGE_ITEMS,
): { page: T[]; next: string | undefined } => {
  const rest = after === undefined ? [...items] : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { page, next: rest.length > size && last !== undefined ? keyOf(last) : undefined };
};
