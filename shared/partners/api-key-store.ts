/** API keys in table `Principals`: found by the hash of the key, listed by partner. */
import { below } from '../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { apiKeyRow, isLive, MAX_LIVE_KEYS, withUse, type ApiKeyRow } from './api-key.ts';

/** Where a key is found by its hash; kept apart from the partitions of Entra tenants, which are GUIDs. */
const BY_HASH = 'api-keys';
const keysOf = (partnerId: string): string => `api-keys-of-${partnerId}`;
const GUARD = 'guard';
const KEY = 'key';
const MAX_TRIES = 10;

type Guard = { v: 1; changes: number };
/** A row of the partner's own partition: which keys it ever had, and where each is found. */
type Listed = { v: 1; hash: string };

export type AddedKey = 'added' | 'limitReached';

export type ApiKeyStore = {
  /** The row of a key that exists, live or not. */
  find: (hash: string) => Promise<ApiKeyRow | undefined>;
  /** All keys a partner ever had. */
  list: (partnerId: string) => Promise<ApiKeyRow[]>;
  /** Adds a key unless the partner has two live ones. */
  add: (row: ApiKeyRow, hash: string, nowMs: number) => Promise<AddedKey>;
  /** Ends a key for good; false when the partner has no such key. */
  revoke: (partnerId: string, keyId: string, nowMs: number) => Promise<boolean>;
  /** Notes a use, at most once an hour; losing the note to somebody else's is no loss. */
  noteUse: (hash: string, nowMs: number) => Promise<void>;
};

export const apiKeyStore = (principals: RowStore): ApiKeyStore => {
  const find = async (hash: string): Promise<ApiKeyRow | undefined> => {
    const row = await principals.get(BY_HASH, hash);
    return row && apiKeyRow.parse(row.value);
  };
  const listed = async (partnerId: string): Promise<{ id: string; hash: string }[]> => {
    const { from, to } = below(KEY);
    const rows = await principals.range(keysOf(partnerId), from, to);
    return rows.map((row) => ({ id: row.key.slice(KEY.length + 1), hash: (row.value as Listed).hash }));
  };
  const list = async (partnerId: string): Promise<ApiKeyRow[]> => {
    const rows = await Promise.all((await listed(partnerId)).map(({ hash }) => find(hash)));
    return rows.filter((row) => row !== undefined);
  };
  /** Inserts or replaces the key's row as `change` wants it; undefined when it wants nothing. */
  const update = async (hash: string, change: (row: ApiKeyRow) => ApiKeyRow | undefined): Promise<void> => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const row = await principals.get(BY_HASH, hash);
      const value = row && change(apiKeyRow.parse(row.value));
      if (!row || !value) return;
      const result = await principals.commit(BY_HASH, [{ kind: 'replace', key: hash, value, etag: row.etag }]);
      if (result.outcome === 'committed') return;
    }
    throw new Error('an API key stayed contended');
  };
  /** A key that lost the race for the last place, and that nobody was told of. */
  const forget = async (hash: string): Promise<void> => {
    await principals.commit(BY_HASH, [{ kind: 'delete', key: hash }]);
  };
  return {
    find,
    list,
    add: async (row, hash, nowMs) => {
      const partition = keysOf(row.partnerId);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const guard = await principals.get(partition, GUARD);
        const live = (await list(row.partnerId)).filter((key) => key.id !== row.id && isLive(key, nowMs));
        if (live.length >= MAX_LIVE_KEYS) {
          if (tries > 0) await forget(hash);
          return 'limitReached';
        }
        // The key first: until the partner's own row names it, nobody has been told of it.
        await principals.commit(BY_HASH, [{ kind: 'put', key: hash, value: row }]);
        const value: Guard = { v: 1, changes: ((guard?.value as Guard | undefined)?.changes ?? 0) + 1 };
        const guarded: RowWrite = guard ? { kind: 'replace', key: GUARD, value, etag: guard.etag } : { kind: 'insert', key: GUARD, value };
        const entry: Listed = { v: 1, hash };
        const result = await principals.commit(partition, [guarded, { kind: 'put', key: `${KEY}|${row.id}`, value: entry }]);
        if (result.outcome === 'committed') return 'added';
      }
      throw new Error('the API keys of a partner stayed contended');
    },
    revoke: async (partnerId, keyId, nowMs) => {
      const entry = (await listed(partnerId)).find(({ id }) => id === keyId);
      if (!entry) return false;
      await update(entry.hash, (row) => (row.revokedAt === undefined ? { ...row, revokedAt: new Date(nowMs).toISOString() } : undefined));
      return true;
    },
    noteUse: (hash, nowMs) => update(hash, (row) => withUse(row, nowMs)),
  };
};

/** Ends all keys of a partner for good; repeatable. */
export const revokeKeysOf = async (keys: Pick<ApiKeyStore, 'list' | 'revoke'>, partnerId: string, nowMs: number): Promise<void> => {
  const live = (await keys.list(partnerId)).filter(({ revokedAt }) => revokedAt === undefined);
  await Promise.all(live.map(({ id }) => keys.revoke(partnerId, id, nowMs)));
};
