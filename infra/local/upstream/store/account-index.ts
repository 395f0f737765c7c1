/** What is kept by account beside the account itself: its numbers in order, how many use each service, and every executed write. */
import { enabledServices } from '../resources/number-schema.ts';
import type { ExecutedWrite, NumberRecord } from '../resources/records.ts';
import { SERVICES } from '../resources/services.ts';
import type { NumberCounts } from '../resources/views.ts';
import { sortedKeys, type KeyList } from './sorted-keys.ts';

/** Enough to prove that a number was written once; older writes of a number rewritten for days are dropped. */
const MAX_WRITES_KEPT = 100;

export type AccountIndex = {
  numbersOf: (account: string) => KeyList;
  countsOf: (account: string) => NumberCounts;
  writesOf: (account: string) => ReadonlyMap<string, readonly ExecutedWrite[]>;
  replaceNumber: (key: string, before: NumberRecord | undefined, after: NumberRecord | undefined) => void;
  addWrite: (account: string, number: string, write: ExecutedWrite) => void;
  accounts: () => Iterable<string>;
  clear: () => void;
};

const noCounts = (): NumberCounts => Object.fromEntries(SERVICES.map((service) => [service, 0])) as NumberCounts;

const newEntry = () => ({ numbers: sortedKeys(), counts: noCounts(), writes: new Map<string, readonly ExecutedWrite[]>() });

export const accountIndex = (): AccountIndex => {
  const entries = new Map<string, ReturnType<typeof newEntry>>();
  const entryOf = (account: string): ReturnType<typeof newEntry> => {
    const entry = entries.get(account) ?? newEntry();
    entries.set(account, entry);
    return entry;
  };
  const count = (record: NumberRecord, by: 1 | -1): void => {
    const { counts } = entryOf(record.content.accountName);
    for (const service of enabledServices(record.content)) counts[service] += by;
  };
  return {
    numbersOf: (account) => (entries.get(account) ?? newEntry()).numbers,
    countsOf: (account) => (entries.get(account) ?? newEntry()).counts,
    writesOf: (account) => (entries.get(account) ?? newEntry()).writes,
    replaceNumber: (key, before, after) => {
      if (before) count(before, -1);
      if (before && before.content.accountName !== after?.content.accountName) entryOf(before.content.accountName).numbers.remove(key);
      if (!after) return;
      count(after, 1);
      entryOf(after.content.accountName).numbers.add(key);
    },
    addWrite: (account, number, write) => {
      const { writes } = entryOf(account);
      writes.set(number, [...(writes.get(number) ?? []), write].slice(-MAX_WRITES_KEPT));
    },
    accounts: () => entries.keys(),
    clear: () => entries.clear(),
  };
};
