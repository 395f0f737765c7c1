/** Pure: the ledger as others want to see it. */
import { byClass, type ClassCounts } from './group.ts';
import { comesFreeAt, freeAt, type Ledger, takenAt } from './ledger.ts';
import type { BudgetRules } from './rules.ts';

export type BudgetView = {
  limitPerMinute: number;
  /** Permits that count now, by class. */
  taken: ClassCounts;
  free: number;
  /** 0 when nobody paused upstream. */
  pausedForMs: number;
  /** When a permit comes free, if nobody takes it; 0 when there is one. */
  nextFreeInMs: number;
};

export const viewOf = (ledger: Ledger, nowMs: number, rules: BudgetRules): BudgetView => ({
  limitPerMinute: rules.limit,
  taken: byClass(takenAt(ledger, nowMs, rules.times)),
  free: freeAt(ledger, nowMs, rules),
  pausedForMs: Math.max(0, ledger.pausedUntilMs - nowMs),
  nextFreeInMs: comesFreeAt(ledger, 1, nowMs, rules) - nowMs,
});

/** How many permits could be taken from `nowMs` until `ms` later, if nobody has taken any of them. */
export const permitsWithin = (ledger: Ledger, nowMs: number, ms: number, rules: BudgetRules): number => {
  let n = 0;
  while (n < rules.limit && comesFreeAt(ledger, n + 1, nowMs, rules) <= nowMs + ms) n++;
  return n;
};
