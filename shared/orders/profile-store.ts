/** Profiles in table `Partners`: one partition for each owner, so that its limit holds against concurrent puts. */
import { below } from '../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { Profile } from './profile.ts';

const PREFIX = 'profile';
const COUNT = 'count';
const keyOf = (id: string): string => `${PREFIX}|${id}`;
const partitionOf = (owner: string): string => `profiles-${owner}`;

export type StoredProfile = { profile: Profile; etag: string };

export type ProfileStore = {
  get: (owner: string, id: string) => Promise<StoredProfile | undefined>;
  /** All of an owner's, by id. */
  list: (owner: string) => Promise<Profile[]>;
  /** `moved` when somebody else was first: read and decide again. */
  save: (owner: string, profile: Profile, old: StoredProfile | undefined, limit: number) => Promise<'saved' | 'moved' | 'limitReached'>;
  remove: (owner: string, old: StoredProfile) => Promise<'removed' | 'moved'>;
};

type Count = { v: 1; profiles: number };

export const profileStore = (partners: RowStore): ProfileStore => {
  /** The write that counts, and the count after it; it is part of every change, so that its ETag orders all changes of an owner. */
  const counted = async (owner: string, step: 1 | 0 | -1): Promise<{ write: RowWrite; profiles: number }> => {
    const row = await partners.get(partitionOf(owner), COUNT);
    const profiles = ((row?.value as Count | undefined)?.profiles ?? 0) + step;
    const value: Count = { v: 1, profiles };
    return { write: row ? { kind: 'replace', key: COUNT, value, etag: row.etag } : { kind: 'insert', key: COUNT, value }, profiles };
  };
  const commit = async (owner: string, writes: readonly RowWrite[]): Promise<boolean> =>
    (await partners.commit(partitionOf(owner), writes)).outcome === 'committed';
  return {
    get: async (owner, id) => {
      const row = await partners.get(partitionOf(owner), keyOf(id));
      return row && { profile: row.value as Profile, etag: row.etag };
    },
    list: async (owner) => {
      const { from, to } = below(PREFIX);
      return (await partners.range(partitionOf(owner), from, to)).map((row) => row.value as Profile);
    },
    save: async (owner, profile, old, limit) => {
      const key = keyOf(profile.id);
      const { write, profiles } = await counted(owner, old ? 0 : 1);
      if (!old && profiles > limit) return 'limitReached';
      const row: RowWrite = old ? { kind: 'replace', key, value: profile, etag: old.etag } : { kind: 'insert', key, value: profile };
      return (await commit(owner, [write, row])) ? 'saved' : 'moved';
    },
    remove: async (owner, old) => {
      const key = keyOf(old.profile.id);
      const { write } = await counted(owner, -1);
      // Read after the count: a change in between makes the transaction fail.
      const isCurrent = (await partners.get(partitionOf(owner), key))?.etag === old.etag;
      return isCurrent && (await commit(owner, [write, { kind: 'delete', key }])) ? 'removed' : 'moved';
    },
  };
};
