/** The one row that holds the ledger: read, compare-and-set, and the service's clock as its ETags tell it. */
import type { RowStore } from '../tables/row-store.ts';
import type { Clock } from '../time/clock.ts';
import { EMPTY_LEDGER, type Ledger, tidy } from './ledger.ts';
import { learn, type ServiceClock, timeOfEtag, toOwnMs, toServiceMs } from './service-clock.ts';

export const BUDGET_TABLE = 'Budget';
const PARTITION = 'upstream';
const KEY = 'ledger';

export class ServiceTimeUnknown extends Error {
  readonly code = 'ServiceTimeUnknown';
}

/** The ledger as of one version of the row. */
export type Version = { ledger: Ledger; etag: string };

export type LedgerRow = {
  /** The newest version known: from memory when the last write was ours, since a write that builds on an old one fails. */
  read: () => Promise<Version>;
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
export const openLedgerRow = (store: RowStore, clock: Clock, backOff: () => Promise<void>): LedgerRow => {
  let newest: Version | undefined;
  let service: ServiceClock | undefined;

  const write = async (ledger: Ledger, etag: string | undefined): Promise<number | undefined> => {
    const startedMs = clock.now();
    const change = etag === undefined ? { kind: 'insert' as const } : { kind: 'replace' as const, etag };
    newest = undefined;
    const result = await store.commit(PARTITION, [{ ...change, key: KEY, value: ledger }]);
    if (result.outcome === 'conflict') return undefined;
    const newEtag = result.etags.get(KEY) ?? '';
    const serviceMs = serviceTime(newEtag);
    service = learn(service, { startedMs, endedMs: clock.now(), serviceMs });
    newest = { ledger: tidy(ledger, serviceMs), etag: newEtag };
    return serviceMs;
  };

  const load = async (): Promise<Version | undefined> => {
    const row = await store.get(PARTITION, KEY);
    return row && { ledger: tidy(row.value as Ledger, serviceTime(row.etag)), etag: row.etag };
  };

  /** Writes the row as it is, where it is missing or the service's clock is not known yet. */
  const read = async (): Promise<Version> => {
    for (;;) {
      const version = newest ?? (await load());
      if (version && service) return (newest = version);
      if ((await write(version?.ledger ?? EMPTY_LEDGER, version?.etag)) === undefined) await backOff();
    }
  };

  const known = (): ServiceClock => {
    if (!service) throw new ServiceTimeUnknown('the budget row was not read yet');
    return service;
  };

  return {
    read,
    readFresh: () => {
      newest = undefined;
      return read();
    },
    replace: (version, ledger) => write(ledger, version.etag),
    nowMs: () => toServiceMs(known(), clock.now()),
    toOwnMs: (serviceMs) => toOwnMs(known(), serviceMs),
  };
};
