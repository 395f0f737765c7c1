/** Everything stored about one account and its numbers, written for checks that compare it with what was ordered. */
import type { ExecutedWrite } from '../resources/records.ts';
import { isLeaving } from '../resources/sync-state.ts';
import type { World } from '../world.ts';

export type InspectedNumber = {
  telephoneNumber: string;
  /** Null for a number that is gone. */
  content: unknown;
  status: string | null;
  errors: unknown;
  leaving: boolean;
  etag: string | null;
  writeCount: number;
  writes: readonly ExecutedWrite[];
};

const inspectNumber = (world: World, account: string, telephoneNumber: string, writes: readonly ExecutedWrite[]): InspectedNumber => {
  const found = world.store.number(telephoneNumber);
  const record = found?.content.accountName === account ? found : undefined;
  return {
    telephoneNumber,
    content: record?.content ?? null,
    status: record?.state.status ?? null,
    errors: record?.state.errors ?? [],
    leaving: record ? isLeaving(record.state) : false,
    etag: record?.etag ?? null,
    writeCount: writes.length,
    writes,
  };
};

/** Undefined when the account neither exists nor ever had a number written. Numbers that are gone but were written are listed too. */
export const inspectAccount = (world: World, name: string): Record<string, unknown> | undefined => {
  const record = world.store.account(name);
  const writes = world.store.writesOf(name);
  if (!record && writes.size === 0) return undefined;
  const keys = world.store.numberKeysOf(name);
  const stored = Array.from({ length: keys.size() }, (_, index) => keys.at(index) ?? '');
  const numbers = [...new Set([...stored, ...writes.keys()])].map((key) => inspectNumber(world, name, key, writes.get(key) ?? []));
  return {
    name,
    content: record?.content ?? null,
    status: record?.state.status ?? null,
    errors: record?.state.errors ?? [],
    subdomainStatus: record?.subdomain?.status ?? null,
    etag: record?.etag ?? null,
    numberCount: stored.length,
    numbers,
  };
};
