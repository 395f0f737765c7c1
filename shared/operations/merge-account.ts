/** Pure: an account as it is to be written, made from what upstream holds and what is wanted of it. */
import { patched } from '../platform/values/merge-patch.ts';

type Json = Record<string, unknown>;

/** Sent by upstream alone (azure-rest-api-specs voiceservices 2024-02-29-preview, `@visibility("read")`). */
const READ_ONLY = new Set(['serviceProvisioningStatus', 'serviceProvisioningErrors', 'numberCount', 'subdomainStatus']);

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of `seen` may be written back: read-only members leave at any depth, and null says no more than absence. */
const writable = (seen: Json): Json =>
  Object.fromEntries(
    Object.entries(seen)
      .filter(([name, value]) => !READ_ONLY.has(name) && value !== null && value !== undefined)
      .map(([name, value]) => [name, isObject(value) ? writable(value) : value]),
  );

/** The account with `wanted` in it and every setting that nobody here knows of; without `seen`, `wanted` alone. */
export const mergedAccount = (accountName: string, wanted: Json, seen: Json = {}): Json => ({
  ...patched(writable(seen), wanted),
  name: accountName,
});
