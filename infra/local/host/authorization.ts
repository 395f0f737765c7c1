/** Key checks of HTTP functions: `x-functions-key` or `?code=` against the level that the function asks for. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AuthLevel } from './route-table.ts';

/** The host's keys. `host` opens function level, `master` both levels; a level without a key is closed to all. */
export type HostKeys = { master?: string; host?: string };

export const isAuthorized = (level: AuthLevel, request: IncomingMessage, url: URL, keys: HostKeys): boolean => {
  if (level === 'anonymous') return true;
  const header = request.headers['x-functions-key'];
  const given = (Array.isArray(header) ? header[0] : header) ?? url.searchParams.get('code') ?? undefined;
  return isSame(given, keys.master) || (level === 'function' && isSame(given, keys.host));
};

const isSame = (given: string | undefined, expected: string | undefined): boolean => {
  if (given === undefined || expected === undefined || expected === '') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};
