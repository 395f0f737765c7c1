/** The shared upstream budget over one table row: leases by compare-and-set, sleeping until a permit comes free. */
import type { RowStore } from '../tables/row-store.ts';
import type { Clock } from '../time/clock.ts';
import {
  type Counts,
  freeAt,
  grant,
  isHonest,
  type Ledger,
  nextChangeMs,
  pause,
  record,
  shouldNote,
  takenAt,
  total,
  USABLE_MS,
} from './ledger.ts';
import { openLedgerRow, type Version } from './ledger-row.ts';
import type { PauseUpstream, TakePermit } from './permit.ts';
import { makeWaitingLine } from './waiting-line.ts';

/** Few enough that a crash wastes little, enough that a burst needs few writes. */
const MAX_LEASE = 4;
/** Spread of those who wait for the same slot to leave. */
const WAKE_JITTER_MS = 150;
/** Wait after a lost race, doubled with each further one in a row up to so many times. */
const BACK_OFF_MS = 40;
const MAX_DOUBLINGS = 3;

export type TableBudgetOptions = {
  /** Over table `Budget`; its ETags must carry the service's time, as those of Table Storage do. */
  store: RowStore;
  limitPerMinute: number;
  clock: Clock;
  /** From 0 up to 1. */
  random: () => number;
};

export type BudgetView = {
  limitPerMinute: number;
  /** Permits that count now, by class. */
  taken: Counts;
  free: number;
  /** 0 when nobody paused upstream. */
  pausedForMs: number;
  /** When the numbers above change by themselves. */
  nextChangeInMs: number;
};

export type TableBudget = { takePermit: TakePermit; pauseUpstream: PauseUpstream; read: () => Promise<BudgetView> };

/** Any number of these, in any number of processes, share one limit through one row. */
export const makeTableBudget = ({ store, limitPerMinute, clock, random }: TableBudgetOptions): TableBudget => {
  let lostInARow = 0;
  const backOff = (): Promise<void> => clock.sleep(Math.ceil(random() * BACK_OFF_MS * 2 ** Math.min(lostInARow++, MAX_DOUBLINGS)));
  const row = openLedgerRow(store, clock, backOff);
  const line = makeWaitingLine(clock);
  let serving = false;
  let lease = MAX_LEASE;

  const replace = async (version: Version, ledger: Ledger): Promise<number | undefined> => {
    const writtenAtMs = await row.replace(version, ledger);
    if (writtenAtMs === undefined) await backOff();
    else lostInARow = 0;
    return writtenAtMs;
  };

  /** Nothing to give: says once in the ledger who waits, then sleeps until that may change. */
  const wait = async (version: Version, nowMs: number, waiting: Counts): Promise<void> => {
    const { ledger } = version;
    if (shouldNote(ledger, nowMs, waiting)) {
      await replace(version, record(ledger, nowMs, {}, waiting));
      return;
    }
    line.dropLate();
    if (line.isEmpty()) return;
    const changeInMs = nextChangeMs(ledger, nowMs) - nowMs + random() * WAKE_JITTER_MS;
    const sleepMs = Math.ceil(Math.min(changeInMs, line.nextDeadlineMs() - clock.now()));
    await Promise.race([clock.sleep(sleepMs), line.arrival()]);
  };

  const round = async (): Promise<void> => {
    const version = await row.read();
    const [nowMs, waiting] = [row.nowMs(), line.counts()];
    const granted = grant(version.ledger, nowMs, limitPerMinute, waiting, lease);
    if (total(granted) === 0) return wait(version, nowMs, waiting);
    const writtenAtMs = await replace(version, record(version.ledger, nowMs, granted, waiting));
    if (writtenAtMs === undefined) return;
    // A dishonest slot stays recorded and its permits are wasted: the write took too long, or the clock was wrong and is learned now.
    const honest = isHonest(nowMs, writtenAtMs);
    lease = honest ? MAX_LEASE : 1;
    if (!honest) return;
    line.serve(granted, { usableUntilMs: row.toOwnMs(writtenAtMs) + USABLE_MS });
  };

  const serve = async (): Promise<void> => {
    if (serving) return;
    serving = true;
    try {
      while (!line.isEmpty()) await round();
    } catch (error) {
      line.failAll(error);
    } finally {
      serving = false;
    }
  };

  return {
    takePermit: ({ permitClass }, waitMs) => {
      const permit = line.join(permitClass, waitMs);
      void serve();
      return permit;
    },
    pauseUpstream: async (ms) => {
      for (;;) {
        const version = await row.read();
        const paused = pause(version.ledger, row.nowMs(), ms);
        if (paused.pausedUntilMs === version.ledger.pausedUntilMs) return;
        if ((await replace(version, paused)) !== undefined) return;
      }
    },
    read: async () => {
      const { ledger } = await row.readFresh();
      return view(ledger, row.nowMs(), limitPerMinute);
    },
  };
};

const view = (ledger: Ledger, nowMs: number, limitPerMinute: number): BudgetView => ({
  limitPerMinute,
  taken: takenAt(ledger, nowMs),
  free: freeAt(ledger, nowMs, limitPerMinute),
  pausedForMs: Math.max(0, ledger.pausedUntilMs - nowMs),
  nextChangeInMs: nextChangeMs(ledger, nowMs) - nowMs,
});
