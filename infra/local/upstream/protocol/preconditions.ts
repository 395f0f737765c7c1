/** Decides If-Match, If-None-Match and their date forms against the current version of one resource; pure. */
import type { IncomingHttpHeaders } from 'node:http';

export type Version = { etag: string; modifiedMs: number };

export type Precondition =
  { kind: 'proceed' } | { kind: 'notModified' } | { kind: 'failed'; header: string } | { kind: 'invalid'; header: string };

/** Compares the opaque part: published samples are unquoted, HTTP wants quotes, so neither quotes nor `W/` decide. */
const bare = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//i, '')
    .replace(/^"(.*)"$/, '$1');

const names = (header: string, etag: string): boolean => header.split(',').some((item) => bare(item) === bare(etag));

const exists = (header: string, current: Version | undefined): boolean =>
  current !== undefined && (header.trim() === '*' || names(header, current.etag));

/** HTTP dates have no fraction, so a resource's own time is cut to the second before it is compared. */
const toSeconds = (ms: number): number => Math.floor(ms / 1000);

const since = (header: string, current: Version | undefined): boolean | undefined => {
  const dateMs = Date.parse(header);
  if (Number.isNaN(dateMs)) return undefined;
  return current !== undefined && toSeconds(current.modifiedMs) > toSeconds(dateMs);
};

const one = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const mustMatch = (headers: IncomingHttpHeaders, current: Version | undefined): Precondition => {
  const match = one(headers, 'if-match');
  if (match !== undefined) return exists(match, current) ? { kind: 'proceed' } : { kind: 'failed', header: 'If-Match' };
  const unmodified = one(headers, 'if-unmodified-since');
  if (unmodified === undefined) return { kind: 'proceed' };
  const changed = since(unmodified, current);
  if (changed === undefined) return { kind: 'invalid', header: 'If-Unmodified-Since' };
  return changed ? { kind: 'failed', header: 'If-Unmodified-Since' } : { kind: 'proceed' };
};

const mustDiffer = (headers: IncomingHttpHeaders, current: Version | undefined): Precondition => {
  const none = one(headers, 'if-none-match');
  if (none !== undefined) return exists(none, current) ? { kind: 'failed', header: 'If-None-Match' } : { kind: 'proceed' };
  const modified = one(headers, 'if-modified-since');
  if (modified === undefined || current === undefined) return { kind: 'proceed' };
  const changed = since(modified, current);
  if (changed === undefined) return { kind: 'invalid', header: 'If-Modified-Since' };
  return changed ? { kind: 'proceed' } : { kind: 'failed', header: 'If-Modified-Since' };
};

/**
 * Order of RFC 9110 section 13.2.2: an ETag form makes its date form void. `current` is undefined when the resource is absent.
 * A write refused by the second pair is `failed` (412); a GET refused by it is `notModified` (304).
 */
export const checkPreconditions = (method: string, headers: IncomingHttpHeaders, current: Version | undefined): Precondition => {
  const first = mustMatch(headers, current);
  if (first.kind !== 'proceed') return first;
  const second = mustDiffer(headers, current);
  return second.kind === 'failed' && method === 'GET' ? { kind: 'notModified' } : second;
};
