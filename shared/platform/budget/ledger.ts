/** Pure: the sliding ledger of upstream permits; every time in it is the table service's. */
import { add, byClass, type ClassCounts, type Counts, total } from './group.ts';
import type { PermitClass } from './permit.ts';
import type { BudgetRules, BudgetTimes } from './rules.ts';

export type Slot = { startMs: number; taken: Counts };
/** Those who wait in one process: for what, since when, and when it will look again. */
export type Waiting = { id: string; sinceMs: number; backMs: number; wants: Counts };

export type Ledger = {
  v: 1;
  /** In the order of time. */
  slots: readonly Slot[];
  /** When the last permit was taken. */
  lastTakenMs: number;
  /** No permit before this time. */
  pausedUntilMs: number;
  /** From then until this time one permit alone. */
  probeUntilMs: number;
  /** When each class was last served. */
  servedAtMs: ClassCounts;
  /** One entry for each process with somebody who waits. */
  line: readonly Waiting[];
};

/** Of 100 permits, what small requests spread over the window; the rest they may take at once. */
const PACED_PERCENT = 90;
/** Never more of 100 permits than this are kept for what may come. */
const MAX_EXPECTED_PERCENT = 40;

export const EMPTY_LEDGER: Ledger = { v: 1, slots: [], lastTakenMs: 0, pausedUntilMs: 0, probeUntilMs: 0, servedAtMs: {}, line: [] };

const slotStart = (nowMs: number, { slotMs }: BudgetTimes): number => Math.floor(nowMs / slotMs) * slotMs;
const leavesMs = (slot: Slot, { slotMs, heldMs }: BudgetTimes): number => slot.startMs + slotMs + heldMs;

/**
 * The ledger without what cannot matter any more, given when the row was last written by the service's own clock:
 * slots that have left by then, and what lies in the future of that write, which its writer must have refused to use.
 */
export const tidy = (ledger: Ledger, writtenAtMs: number, times: BudgetTimes): Ledger => ({
  ...ledger,
  slots: ledger.slots.filter((slot) => leavesMs(slot, times) > writtenAtMs && slot.startMs <= writtenAtMs + times.maxEarlyMs),
  lastTakenMs: Math.min(ledger.lastTakenMs, writtenAtMs + times.maxEarlyMs),
  pausedUntilMs: Math.min(ledger.pausedUntilMs, writtenAtMs + times.maxPauseMs),
  probeUntilMs: Math.min(ledger.probeUntilMs, writtenAtMs + times.maxPauseMs + times.probeAloneMs),
  line: ledger.line.filter(({ backMs }) => backMs + times.graceMs > writtenAtMs && backMs <= writtenAtMs + times.awayMs + times.graceMs),
});

/** Permits that count at `nowMs`, by group. */
export const takenAt = (ledger: Ledger, nowMs: number, times: BudgetTimes): Counts =>
  ledger.slots.filter((slot) => leavesMs(slot, times) > nowMs).reduce<Counts>((sum, slot) => add(sum, slot.taken), {});

/** Those of the other processes that wait and are not overdue. */
export const othersWaiting = (ledger: Ledger, nowMs: number, times: BudgetTimes, self: string): readonly Waiting[] =>
  ledger.line.filter(({ id, backMs }) => id !== self && backMs + times.graceMs > nowMs);

/** Whether, after a pause, one request at a time finds out how upstream is. */
export const isProbing = (ledger: Ledger, nowMs: number): boolean => nowMs < ledger.probeUntilMs;

/** What keeps the next permits back beside the limit: a pause and its probe. */
const pausedUntilMs = (ledger: Ledger, n: number, times: BudgetTimes): number => {
  const probes = ledger.slots.filter((slot) => slot.startMs + times.slotMs > ledger.pausedUntilMs);
  const isProbe = n === 1 && total(probes.reduce<Counts>((sum, slot) => add(sum, slot.taken), {})) === 0;
  return isProbe ? ledger.pausedUntilMs : ledger.probeUntilMs;
};

/** With a spacing, permits come one by one: when the `n`th may, none of them before `fromMs`. */
const spacedMs = (ledger: Ledger, n: number, fromMs: number, { minSpacingMs, times }: BudgetRules): number => {
  if (minSpacingMs === 0) return fromMs;
  const gapMs = times.spacedLateMs + times.spacedUsableMs + times.spacedEarlyMs + minSpacingMs;
  return Math.max(fromMs, ledger.lastTakenMs + gapMs) + (n - 1) * gapMs;
};

/** When the `n`th permit from now is free, if nobody else takes any; `nowMs` when it is. */
export const comesFreeAt = (ledger: Ledger, n: number, nowMs: number, rules: BudgetRules): number => {
  const { limit, times } = rules;
  const counting = ledger.slots.filter((slot) => leavesMs(slot, times) > nowMs);
  let free = limit - counting.reduce((sum, slot) => sum + total(slot.taken), 0);
  let atMs = nowMs;
  for (const slot of counting) {
    if (free >= n) break;
    free += total(slot.taken);
    atMs = leavesMs(slot, times);
  }
  return spacedMs(ledger, n, Math.max(atMs, pausedUntilMs(ledger, n, times)), rules);
};

/** When fewer than `floor` permits of a class count, later than `nowMs`; never when that is so already, or when there is no floor. */
export const fallsBelowAt = (ledger: Ledger, permitClass: PermitClass, floor: number, nowMs: number, times: BudgetTimes): number => {
  const counting = ledger.slots.filter((slot) => leavesMs(slot, times) > nowMs);
  let count = byClass(takenAt(ledger, nowMs, times))[permitClass] ?? 0;
  if (count < floor || floor === 0) return Number.POSITIVE_INFINITY;
  for (const slot of counting) {
    count -= byClass(slot.taken)[permitClass] ?? 0;
    if (count < floor) return leavesMs(slot, times);
  }
  return Number.POSITIVE_INFINITY;
};

/** How many permits are free at `atMs`, whoever takes them, if nobody takes any before. */
export const freeAt = (ledger: Ledger, atMs: number, rules: BudgetRules): number => {
  const free = rules.limit - total(takenAt(ledger, atMs, rules.times));
  if (free < 1 || pausedUntilMs(ledger, 1, rules.times) > atMs || spacedMs(ledger, 1, atMs, rules) > atMs) return 0;
  return rules.minSpacingMs > 0 || pausedUntilMs(ledger, 2, rules.times) > atMs ? 1 : free;
};

/** Permits to keep so that one can leave `perMs` often until others come free: none where they do all the time, most where all would go at once. */
const keptFor = (perMs: number, ledger: Ledger, nowMs: number, { times }: BudgetRules): number => {
  const counting = ledger.slots.filter((slot) => leavesMs(slot, times) > nowMs);
  let freed = 0;
  let most = 0;
  for (const slot of counting) {
    most = Math.max(most, perMs * (leavesMs(slot, times) - nowMs) - freed);
    freed += total(slot.taken);
  }
  return Math.floor(Math.max(most, perMs * times.heldMs - freed));
};

/** What to keep where `count` requests are expected in the next window, coming one by one. */
export const expectedAt = (ledger: Ledger, count: number, nowMs: number, rules: BudgetRules): number =>
  Math.min(Math.floor((rules.limit * MAX_EXPECTED_PERCENT) / 100), keptFor(count / rules.times.heldMs, ledger, nowMs, rules));

/** What small requests leave to later ones, so that a steady stream of them is spread over the window and grows together on its way. */
export const pacedAt = (ledger: Ledger, nowMs: number, rules: BudgetRules): number =>
  keptFor((rules.limit * PACED_PERCENT) / 100 / rules.times.heldMs, ledger, nowMs, rules);

/** The ledger after `granted` was taken by whoever then leaves `waiting` in the line, or nobody. */
export const record = (ledger: Ledger, nowMs: number, { times }: BudgetRules, granted: Counts, id: string, waiting?: Waiting): Ledger => {
  const line = [...othersWaiting(ledger, nowMs, times, id), ...(waiting ? [waiting] : [])];
  if (total(granted) === 0) return { ...ledger, line };
  const servedNow = Object.fromEntries(Object.keys(byClass(granted)).map((c) => [c, nowMs]));
  const startMs = slotStart(nowMs, times);
  const here = ledger.slots.find((slot) => slot.startMs === startMs);
  const others = ledger.slots.filter((slot) => slot !== here);
  const slots = [...others, { startMs, taken: add(here?.taken ?? {}, granted) }];
  return {
    ...ledger,
    slots: slots.sort((a, b) => a.startMs - b.startMs),
    lastTakenMs: Math.max(ledger.lastTakenMs, nowMs),
    servedAtMs: { ...ledger.servedAtMs, ...servedNow },
    line,
  };
};

/** No permits for `ms` from now, at most ten minutes, then one alone; never shortens what is there. */
export const pause = (ledger: Ledger, nowMs: number, ms: number, { times }: BudgetRules): Ledger => {
  const untilMs = nowMs + Math.min(Math.max(0, ms), times.maxPauseMs);
  if (untilMs <= ledger.pausedUntilMs) return ledger;
  return { ...ledger, pausedUntilMs: untilMs, probeUntilMs: untilMs + times.probeAloneMs };
};

/** The one that went alone was answered, and all may go; or it never left, and another one goes. */
export const endProbe = (ledger: Ledger, nowMs: number, answered: boolean, { times }: BudgetRules): Ledger => {
  if (!isProbing(ledger, nowMs) || nowMs < ledger.pausedUntilMs) return ledger;
  if (answered) return { ...ledger, probeUntilMs: nowMs };
  const againMs = slotStart(nowMs, times) + times.slotMs;
  return { ...ledger, pausedUntilMs: againMs, probeUntilMs: againMs + times.probeAloneMs };
};

/** Whether permits recorded for `believedMs` may be used when the write really landed at `writtenAtMs`. */
export const isHonest = (believedMs: number, writtenAtMs: number, { minSpacingMs, times }: BudgetRules): boolean => {
  const spaced = minSpacingMs > 0;
  const latestMs = spaced ? believedMs + times.spacedLateMs : slotStart(believedMs, times) + times.slotMs + times.maxLateMs;
  return writtenAtMs <= latestMs && writtenAtMs >= believedMs - (spaced ? times.spacedEarlyMs : times.maxEarlyMs);
};
