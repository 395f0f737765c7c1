/** Everything the emulator knows, indexed for its routes: by account, by number over all accounts, in key order. */
import type { AccountRecord, ExecutedWrite, NumberRecord, RfiRecord } from '../resources/records.ts';
import type { TeamsData } from '../resources/teams-data.ts';
import type { NumberCounts } from '../resources/views.ts';
import { accountIndex } from './account-index.ts';
import { collection } from './collection.ts';
import { sortedKeys, type KeyList, type SortedKeys } from './sorted-keys.ts';

/** One replacement (or removal, without a record); what `--data` writes down. */
export type StoreChange =
  | { kind: 'account'; key: string; record?: AccountRecord | undefined }
  | { kind: 'number'; key: string; record?: NumberRecord | undefined }
  | { kind: 'rfi'; key: string; record?: RfiRecord | undefined }
  | { kind: 'teamsData'; key: string; record?: TeamsData | undefined }
  | { kind: 'write'; account: string; number: string; write: ExecutedWrite }
  | { kind: 'version'; last: number }
  | { kind: 'clear' };

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
  /** The changes that make an empty store equal to this one. */
  dump: () => Iterable<StoreChange>;
};

/** Accounts by the tenant they serve. */
const tenantIndex = () => {
  const byTenant = new Map<string, SortedKeys>();
  const keyOf = (record: AccountRecord | undefined): string | undefined => record?.content.serviceDetails?.teamsTenantId?.toLowerCase();
  return {
    find: (tenantId: string): string | undefined => byTenant.get(tenantId.toLowerCase())?.at(0),
    replace: (name: string, before: AccountRecord | undefined, after: AccountRecord | undefined): void => {
      const [from, to] = [keyOf(before), keyOf(after)];
      if (from !== undefined) byTenant.get(from)?.remove(name);
      if (to === undefined) return;
      const accounts = byTenant.get(to) ?? sortedKeys();
      accounts.add(name);
      byTenant.set(to, accounts);
    },
    clear: () => byTenant.clear(),
  };
};

export const createStore = (onChange: (change: StoreChange) => void = () => undefined): Store => {
  const accounts = collection<AccountRecord>();
  const numbers = collection<NumberRecord>();
  const rfis = collection<RfiRecord>();
  const teams = collection<TeamsData>();
  const byAccount = accountIndex();
  const byTenant = tenantIndex();
  let version = 0;

  const applyTo: { [K in StoreChange['kind']]: (change: Extract<StoreChange, { kind: K }>) => void } = {
    account: ({ key, record }) => {
      byTenant.replace(key, accounts.get(key), record);
      accounts.put(key, record);
    },
    number: ({ key, record }) => {
      byAccount.replaceNumber(key, numbers.get(key), record);
      numbers.put(key, record);
    },
    rfi: ({ key, record }) => rfis.put(key, record),
    teamsData: ({ key, record }) => teams.put(key, record),
    write: ({ account, number, write }) => byAccount.addWrite(account, number, write),
    version: ({ last }) => void (version = Math.max(version, last)),
    clear: () => {
      for (const part of [accounts, numbers, rfis, teams, byAccount, byTenant]) part.clear();
    },
  };
  function* dump(): Generator<StoreChange> {
    yield { kind: 'version', last: version };
    for (const [key, record] of accounts.entries()) yield { kind: 'account', key, record };
    for (const [key, record] of numbers.entries()) yield { kind: 'number', key, record };
    for (const [key, record] of rfis.entries()) yield { kind: 'rfi', key, record };
    for (const [key, record] of teams.entries()) yield { kind: 'teamsData', key, record };
    for (const account of byAccount.accounts()) {
      for (const [number, writes] of byAccount.writesOf(account))
        for (const write of writes) yield { kind: 'write', account, number, write };
    }
  }

  return {
    account: accounts.get,
    number: numbers.get,
    rfi: rfis.get,
    teamsData: teams.get,
    accountKeys: accounts.keys,
    numberKeys: numbers.keys,
    rfiKeys: rfis.keys,
    numberKeysOf: byAccount.numbersOf,
    numberCounts: byAccount.countsOf,
    accountOfTenant: byTenant.find,
    writesOf: byAccount.writesOf,
    apply: (change) => {
      (applyTo[change.kind] as (change: StoreChange) => void)(change);
      if ('record' in change && change.record) version = Math.max(version, Number(change.record.etag));
      onChange(change);
    },
    nextEtag: () => String(++version).padStart(12, '0'),
    dump,
  };
};
