/** Everything the emulator knows, indexed for its routes: by account, by number over all accounts, in key order. */
import type { AccountRecord, ExecutedWrite, NumberRecord, RfiRecord } from '../resources/records.ts';
import { enabledServices } from '../resources/number-schema.ts';
import { SERVICES } from '../resources/services.ts';
import type { TeamsData } from '../resources/teams-data.ts';
import type { NumberCounts } from '../resources/views.ts';
import { sortedKeys, type KeyList, type SortedKeys } from './sorted-keys.ts';

/** One replacement (or removal, without a record); what `--data` writes down. */
export type StoreChange =
  | { kind: 'account'; key: string; record?: AccountRecord | undefined }
  | { kind: 'number'; key: string; record?: NumberRecord | undefined }
  | { kind: 'rfi'; key: string; record?: RfiRecord | undefined }
  | { kind: 'teamsData'; key: string; record?: TeamsData | undefined }
  | { kind: 'write'; account: string; number: string; write: ExecutedWrite };

export type Store = {
  account: (name: string) => AccountRecord | undefined;
  number: (telephoneNumber: string) => NumberRecord | undefined;
  rfi: (tenantId: string) => RfiRecord | undefined;
  /** What Operator Connect knows about the tenant of an account. */
  teamsData: (account: string) => TeamsData | undefined;
  accountKeys: KeyList;
  numberKeys: KeyList;
  rfiKeys: KeyList;
  numberKeysOf: (account: string) => KeyList;
  numberCounts: (account: string) => NumberCounts;
  /** The account that serves a tenant; the first by name when several do. */
  accountOfTenant: (tenantId: string) => string | undefined;
  writesOf: (account: string) => ReadonlyMap<string, readonly ExecutedWrite[]>;
  /** Applies one change to every index and tells `onChange`. */
  apply: (change: StoreChange) => void;
  /** A new version for any resource, larger than all before: twelve digits, as in the published samples. */
  nextEtag: () => string;
  clear: () => void;
};

/** Enough to prove that a number was written once; older writes of a number rewritten for days are dropped. */
const MAX_WRITES_KEPT = 100;

const noCounts = (): NumberCounts => Object.fromEntries(SERVICES.map((service) => [service, 0])) as NumberCounts;

type AccountIndex = { numbers: SortedKeys; counts: NumberCounts; writes: Map<string, ExecutedWrite[]> };

const accountIndexes = (): { of: (account: string) => AccountIndex; find: (account: string) => AccountIndex; clear: () => void } => {
  const indexes = new Map<string, AccountIndex>();
  const empty = (): AccountIndex => ({ numbers: sortedKeys(), counts: noCounts(), writes: new Map() });
  return {
    of: (account) => {
      const index = indexes.get(account) ?? empty();
      indexes.set(account, index);
      return index;
    },
    find: (account) => indexes.get(account) ?? empty(),
    clear: () => indexes.clear(),
  };
};

const count = (index: AccountIndex, record: NumberRecord | undefined, by: 1 | -1): void => {
  if (record) for (const service of enabledServices(record.content)) index.counts[service] += by;
};

export const createStore = (onChange: (change: StoreChange) => void = () => undefined): Store => {
  const accounts = new Map<string, AccountRecord>();
  const numbers = new Map<string, NumberRecord>();
  const rfis = new Map<string, RfiRecord>();
  const teams = new Map<string, TeamsData>();
  const keys = { account: sortedKeys(), number: sortedKeys(), rfi: sortedKeys(), teamsData: sortedKeys() };
  const indexes = accountIndexes();
  let version = 0;

  const replace = <R>(map: Map<string, R>, order: SortedKeys, key: string, record: R | undefined): void => {
    if (record === undefined) {
      map.delete(key);
      order.remove(key);
    } else {
      map.set(key, record);
      order.add(key);
    }
  };
  const replaceNumber = (key: string, record: NumberRecord | undefined): void => {
    const before = numbers.get(key);
    if (before) {
      count(indexes.of(before.content.accountName), before, -1);
      if (before.content.accountName !== record?.content.accountName) indexes.of(before.content.accountName).numbers.remove(key);
    }
    if (record) {
      count(indexes.of(record.content.accountName), record, 1);
      indexes.of(record.content.accountName).numbers.add(key);
    }
    replace(numbers, keys.number, key, record);
  };
  const addWrite = (account: string, number: string, write: ExecutedWrite): void => {
    const { writes } = indexes.of(account);
    writes.set(number, [...(writes.get(number) ?? []), write].slice(-MAX_WRITES_KEPT));
  };
  const noteVersion = (etag: string | undefined): void => {
    if (etag !== undefined) version = Math.max(version, Number(etag));
  };

  return {
    account: (name) => accounts.get(name),
    number: (telephoneNumber) => numbers.get(telephoneNumber),
    rfi: (tenantId) => rfis.get(tenantId),
    teamsData: (account) => teams.get(account),
    accountKeys: keys.account,
    numberKeys: keys.number,
    rfiKeys: keys.rfi,
    numberKeysOf: (account) => indexes.find(account).numbers,
    numberCounts: (account) => indexes.find(account).counts,
    accountOfTenant: (tenantId) =>
      [...accounts.values()].find((a) => a.content.serviceDetails?.teamsTenantId?.toLowerCase() === tenantId.toLowerCase())?.content.name,
    writesOf: (account) => indexes.find(account).writes,
    apply: (change) => {
      if (change.kind === 'account') replace(accounts, keys.account, change.key, change.record);
      else if (change.kind === 'number') replaceNumber(change.key, change.record);
      else if (change.kind === 'rfi') replace(rfis, keys.rfi, change.key, change.record);
      else if (change.kind === 'teamsData') replace(teams, keys.teamsData, change.key, change.record);
      else addWrite(change.account, change.number, change.write);
      if (change.kind !== 'write') noteVersion(change.record?.etag);
      onChange(change);
    },
    nextEtag: () => String(++version).padStart(12, '0'),
    clear: () => {
      for (const map of [accounts, numbers, rfis, teams]) map.clear();
      for (const order of Object.values(keys)) order.clear();
      indexes.clear();
    },
  };
};
