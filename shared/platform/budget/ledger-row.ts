/** The one row that holds the ledger: read, compare-and-set, and the service's clock as its ETags tell it. */
import type { RowStore } from '../tables/row-store.ts';
import type { Clock } from '../time/clock.ts';
import { EMPTY_LEDGER, type Ledger, tidy } from './ledger.ts';
import type { BudgetTimes } from './rules.ts';
import { learn, type ServiceClock, timeOfEtag, toOwnMs, toServiceMs } from './service-clock.ts';

export const BUDGET_TABLE = 'Budget';
const PARTITION = 'upstream';
const KEY = 'ledger';

/** Others that wrote within this time may have written again, so the row is read before it is written. */
const OTHERS_MS = 60_000;
/** Except straight after a write of one's own. */
const JUST_NOW_MS = 50;

export class ServiceTimeUnknown extends Error {
  readonly code = 'ServiceTimeUnknown';
}

/** The ledger as of one version of the row. */
export type Version = { ledger: Ledger; etag: string };

export type LedgerRow = {
  /** The newest version known: from memory while nobody else seems to write, since a write that builds on an old one fails. */
  read: () => Promise<Version>;
  /** Whether others were seen to write of late. */
  isShared: () => boolean;
  /** What was seen last, old as it may be. */
  lastSeen: () => Ledger | undefined;
  /** The newest version in the table. */
  readFresh: () => Promise<Version>;
  /** Replaces exactly `version`. Resolves to the service's time of the write, or undefined when somebody else was first. */
  replace: (version: Version, ledger: Ledger) => Promise<number | undefined>;
  /** The service's time now. Only after a read. */
  nowMs: () => number;
  /** The earliest own time that can have been that service time. */
  toOwnMs: (serviceMs: number) => number;
};

const serviceTime = (etag: string): number => {
  const ms = timeOfEtag(etag);
  if (ms === undefined) throw new ServiceTimeUnknown('the ETag of the budget row carries no time');
  return ms;
};

/** `backOff` waits before a try that somebody else's write made necessary. */
export const openLedgerRow = (store: RowStore, clock: Clock, times: BudgetTimes, backOff: () => Promise<void>): LedgerRow => {
  let newest: Version | undefined;
  let seen: Version | undefined;
  let seenAtMs = 0;
  let othersAtMs = Number.NEGATIVE_INFINITY;
  let service: ServiceClock | undefined;

  const isShared = (): boolean => clock.now() - othersAtMs < OTHERS_MS;

  const see = (version: Version): Version => {
    [newest, seen, seenAtMs] = [version, version, clock.now()];
    return version;
  };

  const write = async (ledger: Ledger, etag: string | undefined): Promise<number | undefined> => {
    const startedMs = clock.now();
    const change = etag === undefined ? { kind: 'insert' as const } : { kind: 'replace' as const, etag };
    newest = undefined;
    const result = await store.commit(PARTITION, [{ ...change, key: KEY, value: ledger }]);
    if (result.outcome === 'conflict') {
      othersAtMs = clock.now();
      return undefined;
    }
    const newEtag = result.etags.get(KEY) ?? '';
    const serviceMs = serviceTime(newEtag);
    service = learn(service, { startedMs, endedMs: clock.now(), serviceMs });
    see({ ledger: tidy(ledger, serviceMs, times), etag: newEtag });
    return serviceMs;
  };

  const load = async (): Promise<Version | undefined> => {
    const row = await store.get(PARTITION, KEY);
    if (row && seen && row.etag !== seen.etag) othersAtMs = clock.now();
    return row && { ledger: tidy({ ...EMPTY_LEDGER, ...(row.value as Ledger) }, serviceTime(row.etag), times), etag: row.etag };
  };

  /** Writes the row as it is, where it is missing or the service's clock is not known yet. */
  const read = async (): Promise<Version> => {
    for (;;) {
      const version = newest ?? (await load());
      if (version && service) return version === newest ? version : see(version);
      if ((await write(version?.ledger ?? EMPTY_LEDGER, version?.etag)) === undefined) await backOff();
    }
  };

  const known = (): ServiceClock => {
    if (!service) throw new ServiceTimeUnknown('the budget row was not read yet');
    return service;
  };

  return {
    read: () => {
      if (isShared() && clock.now() - seenAtMs > JUST_NOW_MS) newest = undefined;
      return read();
    },
    isShared,
    lastSeen: () => seen?.ledger,
    readFresh: () => {
      newest = undefined;
      return read();
    },
    replace: (version, ledger) => write(ledger, version.etag),
    nowMs: () => toServiceMs(known(), clock.now()),
    toOwnMs: (serviceMs) => toOwnMs(known(), serviceMs),
  };
};
