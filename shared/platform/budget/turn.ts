/** Pure: what one process may take now of the shared ledger, or when its turn comes. */
import { ceilingOf, fairOrder, floorOf, type Turn } from './fair-order.ts';
import { add, byClass, byPartner, type ClassCounts, type Counts, fromGroup } from './group.ts';
import { comesFreeAt, expectedAt, fallsBelowAt, freeAt, type Ledger, othersWaiting, pacedAt, takenAt, type Waiting } from './ledger.ts';
import type { PermitClass } from './permit.ts';
import type { BudgetRules } from './rules.ts';

/** Permits worth waiting for together. */
const WORTH_GATHERING = 4;

export type Plan =
  /** `ahead`: other processes that are served before. */
  | { kind: 'take'; granted: Counts; ahead: number }
  /** Until its turn, by the service's clock, if the others stay as they are. */
  | { kind: 'wait'; untilMs: number; /** Permits are free and left to others, who should take them at once. */ leaves: boolean };

const countsOf = (turns: readonly Turn[]): Counts => turns.reduce<Counts>((sum, { group }) => add(sum, { [group]: 1 }), {});

/** Processes served before the turn at `index` with what comes free at the same moment. */
const aheadOf = (order: readonly Turn[], index: number, ledger: Ledger, nowMs: number, rules: BudgetRules): number => {
  const atMs = comesFreeAt(ledger, index + 1, nowMs, rules);
  const before = order.filter((turn, n) => n < index && comesFreeAt(ledger, n + 1, nowMs, rules) === atMs);
  return new Set(before.map(({ id }) => id)).size;
};

/** When a class of `wants` falls below its floor, and goes before everybody else. */
const floorMs = (wants: Counts, ledger: Ledger, nowMs: number, rules: BudgetRules): number => {
  const classes = Object.keys(byClass(wants)) as PermitClass[];
  return Math.min(...classes.map((c) => fallsBelowAt(ledger, c, floorOf(c, rules.limit), nowMs, rules.times)));
};

const wakeMs = (order: readonly Turn[], mine: readonly number[], ledger: Ledger, nowMs: number, rules: BudgetRules): number => {
  const { times, minSpacingMs } = rules;
  const [first] = mine;
  const latestMs = nowMs + times.awayMs;
  if (first === undefined) return latestMs;
  const firstMs = comesFreeAt(ledger, first + 1, nowMs, rules);
  const last = mine[Math.min(WORTH_GATHERING, mine.length) - 1] ?? first;
  const urgent = minSpacingMs > 0 || fromGroup(order[first]?.group ?? '').permitClass === 'interactive';
  const gatheredMs = urgent ? firstMs : Math.min(firstMs + times.gatherMs, comesFreeAt(ledger, last + 1, nowMs, rules));
  const myTurnMs = gatheredMs + aheadOf(order, first, ledger, nowMs, rules) * times.staggerMs;
  return Math.max(nowMs + 1, Math.min(myTurnMs, latestMs));
};

/** Classes whose requests come one after the other: between two of them nobody of theirs waits. */
const ONE_BY_ONE: readonly PermitClass[] = ['polls', 'background'];

/** Those for whom permits are kept: somebody waits at a screen, or for news of what was sent. */
const EXPECTED: readonly PermitClass[] = ['interactive', 'polls'];
/**
 * How many of them come in a window: as many as in the last one. Where partners share the budget, looks have their floor at any time:
 * news of one partner's order must not wait for the end of another's.
 */
const expectedIn = (taken: Counts, limit: number): number => {
  const classes = byClass(taken);
  const partners = Object.keys(byPartner(taken)).filter((partner) => partner !== '');
  const looks = Math.max(classes.polls ?? 0, partners.length > 1 ? floorOf('polls', limit) : 0);
  return looks + (classes.interactive ?? 0);
};
/** What is kept for those who may come shrinks with time. */
const LOOK_AT_KEPT_MS = 2_000;

type Kept = { permits: number; untilMs: number };

/** What is kept back at `nowMs` for classes that are about to ask again. */
const keptFloors = (ledger: Ledger, taken: ClassCounts, nowMs: number, { limit, times }: BudgetRules): Kept => {
  const kept = ONE_BY_ONE.map((c): Kept => {
    const untilMs = (ledger.servedAtMs[c] ?? 0) + times.keepFloorMs;
    return { untilMs, permits: untilMs > nowMs ? Math.max(0, floorOf(c, limit) - (taken[c] ?? 0)) : 0 };
  }).filter(({ permits }) => permits > 0);
  return { permits: kept.reduce((sum, { permits }) => sum + permits, 0), untilMs: Math.min(...kept.map(({ untilMs }) => untilMs)) };
};

/** `self` says what its waiters truly want now; of the others the ledger knows. */
export const planTurn = (
  ledger: Ledger,
  nowMs: number,
  rules: BudgetRules,
  self: Pick<Waiting, 'id' | 'sinceMs' | 'wants'>,
  lease: number,
): Plan => {
  const line = [self, ...othersWaiting(ledger, nowMs, rules.times, self.id)];
  const taken = takenAt(ledger, nowMs, rules.times);
  const order = fairOrder(taken, line, rules.limit, rules.limit);
  const free = freeAt(ledger, nowMs, rules);
  const mine = order.flatMap(({ id }, n) => (id === self.id ? [n] : []));
  const kept = keptFloors(ledger, byClass(taken), nowMs, rules);
  const expected = expectedAt(ledger, expectedIn(taken, rules.limit), nowMs, rules);
  const few = byClass(taken).interactive ?? 0;
  const paced = few < ceilingOf(rules.limit) ? 0 : pacedAt(ledger, nowMs, rules);
  const keptFrom = (n: number): number => {
    const permitClass = fromGroup(order[n]?.group ?? '').permitClass;
    const forFloors = ONE_BY_ONE.includes(permitClass) ? 0 : kept.permits;
    if (permitClass === 'interactive') return Math.max(forFloors, paced);
    return EXPECTED.includes(permitClass) || order[n]?.isFloor === true ? forFloors : Math.max(forFloors, expected);
  };
  const now = mine.filter((n) => n < free - keptFrom(n)).slice(0, lease);
  const [first] = now;
  if (first !== undefined) {
    const ahead = new Set(order.slice(0, first).map(({ id }) => id)).size;
    return { kind: 'take', granted: countsOf(now.flatMap((n) => order[n] ?? [])), ahead };
  }
  // Whoever is first then may be another one than now: all look, one after the other.
  const ahead = new Set(order.slice(0, mine[0] ?? order.length).map(({ id }) => id)).size;
  const changeMs = Math.min(Math.ceil(kept.untilMs), nowMs + LOOK_AT_KEPT_MS);
  const keptMs = free > 0 ? changeMs + ahead * rules.times.staggerMs : Number.POSITIVE_INFINITY;
  const turnMs = mine[0] !== undefined && mine[0] < free ? keptMs : Math.min(keptMs, wakeMs(order, mine, ledger, nowMs, rules));
  return {
    kind: 'wait',
    leaves: free > Math.max(kept.permits, expected, paced),
    untilMs: Math.min(turnMs, Math.max(nowMs + 1, floorMs(self.wants, ledger, nowMs, rules))),
  };
};

/** Whether the others must hear anew of what waits here: for other things than they know, or because the promised return is now. */
export const mustNote = (ledger: Ledger, nowMs: number, { id, wants }: Pick<Waiting, 'id' | 'wants'>): boolean => {
  const noted = ledger.line.find((entry) => entry.id === id);
  if (!noted || noted.backMs <= nowMs) return true;
  const groups = new Set(Object.keys(wants));
  return groups.size !== Object.keys(noted.wants).length || Object.keys(noted.wants).some((group) => !groups.has(group));
};
