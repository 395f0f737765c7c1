/** Records by key, with their keys in order. */
import { sortedKeys, type KeyList } from './sorted-keys.ts';

export type Collection<R> = {
  get: (key: string) => R | undefined;
  /** Replaces a record, or removes it when there is none. */
  put: (key: string, record: R | undefined) => void;
  keys: KeyList;
  entries: () => Iterable<[string, R]>;
  clear: () => void;
};

export const collection = <R>(): Collection<R> => {
  const records = new Map<string, R>();
  const keys = sortedKeys();
  return {
    get: (key) => records.get(key),
    put: (key, record) => {
      if (record === undefined) {
        records.delete(key);
        keys.remove(key);
      } else {
        records.set(key, record);
        keys.add(key);
      }
    },
    keys,
    entries: () => records,
    clear: () => {
      records.clear();
      keys.clear();
    },
  };
};
