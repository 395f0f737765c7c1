/** The shared upstream budget over one table row: leases by compare-and-set, everybody asleep until its turn comes. */
import type { RowStore } from '../tables/row-store.ts';
import type { Clock } from '../time/clock.ts';
import { MAX_LEASE } from './fair-order.ts';
import { type Counts, total } from './group.ts';
import { openLedgerRow, type Version } from './ledger-row.ts';
import { endProbe, isHonest, isProbing, type Ledger, pause, record, type Waiting } from './ledger.ts';
import type { EndProbe, PauseUpstream, TakePermit } from './permit.ts';
import { type BudgetTimes, type BudgetRules, DEFAULT_TIMES } from './rules.ts';
import { mustNote, planTurn } from './turn.ts';
import { type BudgetView, permitsWithin, viewOf } from './view.ts';
import { makeWaitingLine } from './waiting-line.ts';

const MAX_DOUBLINGS = 4;
const ID_SPACE = 36 ** 8;

export type TableBudgetOptions = {
  /** Over table `Budget`; its ETags must carry the service's time, as those of Table Storage do. */
  store: RowStore;
  limitPerMinute: number;
  /** Between one request and the next; without it bursts are allowed. */
  minSpacingMs?: number;
  clock: Clock;
  /** From 0 up to 1. */
  random: () => number;
  times?: BudgetTimes;
};

export type TableBudget = {
  takePermit: TakePermit;
  pauseUpstream: PauseUpstream;
  endProbe: EndProbe;
  read: () => Promise<BudgetView>;
  /** Permits that could be taken within the next `ms`. */
  permitsWithin: (ms: number) => Promise<number>;
};

/** Any number of these, in any number of processes, share one limit through one row. */
export const makeTableBudget = (options: TableBudgetOptions): TableBudget => {
  const { store, limitPerMinute, minSpacingMs = 0, clock, random, times = DEFAULT_TIMES } = options;
  const rules: BudgetRules = { limit: limitPerMinute, minSpacingMs, times };
  const id = Math.floor(random() * ID_SPACE).toString(36);
  let lostInARow = 0;
  const backOff = (): Promise<void> => clock.sleep(Math.ceil(random() * times.backOffMs * 2 ** Math.min(lostInARow++, MAX_DOUBLINGS)));
  const row = openLedgerRow(store, clock, times, backOff);
  const line = makeWaitingLine(clock);
  let serving = false;
  /** Those before us have had their moment; whoever let it pass may be dead. */
  let yielded = false;
  let lease = MAX_LEASE;
  /** The version of the row in which we have left free permits to others. */
  let left: { etag: string; sinceMs: number } | undefined;

  const replace = async (version: Version, ledger: Ledger): Promise<number | undefined> => {
    const writtenAtMs = await row.replace(version, ledger);
    if (writtenAtMs === undefined) await backOff();
    else lostInARow = 0;
    return writtenAtMs;
  };

  /** The entry with the promise of being back at its next turn. */
  const backFor = (ledger: Ledger, nowMs: number, entry: Waiting): Waiting => {
    const plan = planTurn(ledger, nowMs, rules, entry, lease);
    if (plan.kind === 'take') return { ...entry, backMs: nowMs };
    return { ...entry, backMs: isProbing(ledger, nowMs) ? nowMs + times.awayMs : plan.untilMs };
  };

  const take = async ({ version, nowMs, self }: Round, granted: Counts): Promise<void> => {
    const wants = Object.fromEntries(
      Object.entries(self.wants).flatMap(([g, n]) => (n > (granted[g] ?? 0) ? [[g, n - (granted[g] ?? 0)]] : [])),
    );
    const rest =
      total(wants) > 0 ? backFor(record(version.ledger, nowMs, rules, granted, id), nowMs, { ...self, sinceMs: nowMs, wants }) : undefined;
    const writtenAtMs = await replace(version, record(version.ledger, nowMs, rules, granted, id, rest));
    if (writtenAtMs === undefined) return;
    // A dishonest slot stays recorded and its permits are wasted: the write took too long, or the clock was wrong and is learned now.
    const honest = isHonest(nowMs, writtenAtMs, rules);
    lease = honest ? MAX_LEASE : 1;
    if (!honest) return;
    const usableMs = minSpacingMs > 0 ? times.spacedUsableMs : times.usableMs;
    line.serve(granted, { usableUntilMs: row.toOwnMs(writtenAtMs) + usableMs });
  };

  const isKnown = (known: Counts): boolean => {
    const groups = Object.keys(line.wants(1));
    return groups.length === Object.keys(known).length && groups.every((group) => known[group] !== undefined);
  };

  /** Until `untilMs` of the own clock, or until those who wait are others than `known`. */
  const sleepUntil = async (untilMs: number, known: Counts): Promise<void> => {
    let endMs = Number.POSITIVE_INFINITY;
    let alarm = Promise.resolve();
    while (isKnown(known) && clock.now() < untilMs) {
      const earlierMs = Math.min(untilMs, line.nextDeadlineMs());
      if (earlierMs < endMs || endMs <= clock.now()) [endMs, alarm] = [earlierMs, clock.sleep(Math.ceil(earlierMs - clock.now()))];
      await Promise.race([alarm, line.arrival()]);
      line.dropLate();
    }
  };

  const wait = async ({ version, nowMs, self }: Round, untilMs: number): Promise<void> => {
    line.dropLate();
    if (line.isEmpty()) return;
    if (mustNote(version.ledger, nowMs, self)) {
      await replace(version, record(version.ledger, nowMs, rules, {}, id, backFor(version.ledger, nowMs, self)));
      return;
    }
    const backMs = version.ledger.line.find((entry) => entry.id === id)?.backMs ?? untilMs;
    const lookMs = isProbing(version.ledger, nowMs) ? times.probeLookMs : times.lookMs;
    const lyingMs = left?.etag === version.etag ? left.sinceMs + times.leftLyingMs : Number.POSITIVE_INFINITY;
    await sleepUntil(row.toOwnMs(Math.min(untilMs, backMs, lyingMs, nowMs + lookMs * (1 - random() / 2))), self.wants);
  };

  /** Those to whom permits were left have not come for them: they sleep by an older plan, or are dead. */
  const isLeftLying = ({ etag }: Version, nowMs: number): boolean => left?.etag === etag && nowMs >= left.sinceMs + times.leftLyingMs;

  const round = async (): Promise<void> => {
    const version = await row.read();
    const nowMs = row.nowMs();
    const noted = version.ledger.line.find((entry) => entry.id === id);
    const self: Waiting = { id, sinceMs: noted?.sinceMs ?? nowMs, backMs: nowMs, wants: line.wants(limitPerMinute) };
    const known = isLeftLying(version, nowMs) ? { ...version.ledger, line: [] } : version.ledger;
    const plan = planTurn(known, nowMs, rules, self, lease);
    if (plan.kind === 'wait' && plan.leaves && left?.etag !== version.etag) left = { etag: version.etag, sinceMs: nowMs };
    if (plan.kind === 'wait' || plan.ahead === 0) yielded = false;
    if (plan.kind === 'wait') return wait({ version, nowMs, self }, plan.untilMs);
    if (plan.ahead > 0 && !yielded) {
      yielded = true;
      return clock.sleep(plan.ahead * times.staggerMs);
    }
    yielded = false;
    await take({ version, nowMs, self }, plan.granted);
  };

  /** Nobody waits here any more: the others need not leave anything. Where that fails, they soon forget by themselves. */
  const leave = async (): Promise<void> => {
    if (!row.lastSeen()?.line.some((entry) => entry.id === id)) return;
    const version = await row.read();
    await row.replace(version, record(version.ledger, row.nowMs(), rules, {}, id));
  };

  const serve = async (): Promise<void> => {
    if (serving) return;
    serving = true;
    try {
      while (!line.isEmpty()) {
        // Who comes alone among many processes is soon followed: one write for all of them.
        if (row.isShared()) await clock.sleep(random() * times.joinMs);
        while (!line.isEmpty()) await round();
        await leave();
      }
    } catch (error) {
      line.failAll(error);
    } finally {
      serving = false;
    }
  };

  const change = async (to: (ledger: Ledger, nowMs: number) => Ledger): Promise<void> => {
    for (;;) {
      const version = await row.read();
      const changed = to(version.ledger, row.nowMs());
      if (changed === version.ledger || (await replace(version, changed)) !== undefined) return;
    }
  };

  return {
    takePermit: (ask, waitMs) => {
      const permit = line.join(ask, waitMs);
      void serve();
      return permit;
    },
    pauseUpstream: (ms) => change((ledger, nowMs) => pause(ledger, nowMs, ms, rules)),
    endProbe: async (answered) => {
      const seen = row.lastSeen();
      if (seen && isProbing(seen, row.nowMs())) await change((ledger, nowMs) => endProbe(ledger, nowMs, answered, rules));
    },
    read: async () => {
      const { ledger } = await row.readFresh();
      return viewOf(ledger, row.nowMs(), rules);
    },
    permitsWithin: async (ms) => {
      const { ledger } = await row.readFresh();
      return permitsWithin(ledger, row.nowMs(), ms, rules);
    },
  };
};

type Round = { version: Version; nowMs: number; self: Waiting };
