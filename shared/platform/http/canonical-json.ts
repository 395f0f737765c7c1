/** Pure: one text for all JSON that says the same, whatever the order of its keys; the fingerprint of a request. */
import { createHash } from 'node:crypto';

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** `value` as JSON with sorted keys. Takes what JSON.parse gives, nested within reason. */
export const canonicalJson = (value: unknown): string => {
  // An order's 10,000 numbers in one go: nothing in them to sort.
  if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as object)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
};

/** SHA-256 in hex over query (without api-version, which says how to read a request and not what it wants) and body. */
export const requestHash = (query: Readonly<Record<string, string>>, body: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(query))
    .update('\n')
    .update(body === undefined ? '' : canonicalJson(body))
    .digest('hex');
