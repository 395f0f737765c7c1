/** Pure: the sliding ledger of upstream permits; every time in it is the table service's. */
import type { PermitClass } from './permit.ts';

/** Highest priority first. */
export const PERMIT_CLASSES: readonly PermitClass[] = ['interactive', 'orders', 'polls', 'background'];

/** Permits are counted in slots of this length. */
export const SLOT_MS = 500;
/** A permit may be used for this long after it was taken. */
export const USABLE_MS = 1_000;
/** A slot counts until its end is this long past: the window of 60 s, the second of use, and one for clocks and the way to upstream. */
export const HELD_MS = 62_000;
/** A permit is void when its write landed this much later than its slot's end, or this much earlier than was believed. */
export const MAX_LATE_MS = 300;
export const MAX_EARLY_MS = 200;
/** Nobody may pause upstream for longer (design: 429 and 503). */
export const MAX_PAUSE_MS = 600_000;
/** After a pause one request goes alone for this long, so that a second refusal meets one caller. */
export const PROBE_ALONE_MS = 5_000;
/** Whoever could not be served counts as waiting for this long. */
export const WAITED_MS = 15_000;
/** Of 100 permits, what the classes above must leave to a waiting class. */
const FLOOR_PERCENT: Partial<Record<PermitClass, number>> = { polls: 10, background: 2 };

export type Counts = Partial<Record<PermitClass, number>>;
export type Slot = { startMs: number; taken: Counts };
export type Ledger = {
  v: 1;
  /** In the order of time. */
  slots: readonly Slot[];
  /** No permit before this time. */
  pausedUntilMs: number;
  /** When a class with a floor was last left waiting. */
  waitedAtMs: Counts;
};

export const EMPTY_LEDGER: Ledger = { v: 1, slots: [], pausedUntilMs: 0, waitedAtMs: {} };

export const total = (counts: Counts): number => PERMIT_CLASSES.reduce((sum, c) => sum + (counts[c] ?? 0), 0);

const add = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(PERMIT_CLASSES.map((c) => [c, (a[c] ?? 0) + (b[c] ?? 0)] as const).filter(([, n]) => n > 0));

const slotStart = (nowMs: number): number => Math.floor(nowMs / SLOT_MS) * SLOT_MS;
const leavesMs = (slot: Slot): number => slot.startMs + SLOT_MS + HELD_MS;

/**
 * The ledger without what cannot matter any more, given when the row was last written by the service's own clock:
 * slots that have left by then, and slots in the future of that write, which their taker must have refused to use.
 */
export const tidy = (ledger: Ledger, writtenAtMs: number): Ledger => ({
  ...ledger,
  slots: ledger.slots.filter((slot) => leavesMs(slot) > writtenAtMs && slot.startMs <= writtenAtMs + MAX_EARLY_MS),
  pausedUntilMs: Math.min(ledger.pausedUntilMs, writtenAtMs + MAX_PAUSE_MS),
});

/** Permits that count at `nowMs`, by class. */
export const takenAt = (ledger: Ledger, nowMs: number): Counts =>
  ledger.slots.filter((slot) => leavesMs(slot) > nowMs).reduce<Counts>((sum, slot) => add(sum, slot.taken), {});

const floorOf = (c: PermitClass, limit: number): number => Math.floor((limit * (FLOOR_PERCENT[c] ?? 0)) / 100);
const floorLeft = (c: PermitClass, limit: number, taken: Counts): number => Math.max(0, floorOf(c, limit) - (taken[c] ?? 0));

/** What class `self` must leave to the others that wait now, here or by the ledger's word. */
const reservedFrom = (self: PermitClass, ledger: Ledger, nowMs: number, limit: number, taken: Counts, waiting: Counts): number =>
  PERMIT_CLASSES.filter((c) => c !== self && ((waiting[c] ?? 0) > 0 || (ledger.waitedAtMs[c] ?? 0) + WAITED_MS > nowMs)).reduce(
    (sum, c) => sum + floorLeft(c, limit, taken),
    0,
  );

const probing = (ledger: Ledger, nowMs: number): boolean => nowMs < ledger.pausedUntilMs + PROBE_ALONE_MS;

/** How many permits may be taken now, whoever takes them. */
export const freeAt = (ledger: Ledger, nowMs: number, limit: number): number => {
  if (nowMs < ledger.pausedUntilMs) return 0;
  const free = limit - total(takenAt(ledger, nowMs));
  if (!probing(ledger, nowMs)) return Math.max(0, free);
  const sincePause = ledger.slots.filter((slot) => slot.startMs + SLOT_MS > ledger.pausedUntilMs);
  return Math.max(0, Math.min(free, 1 - sincePause.reduce((sum, slot) => sum + total(slot.taken), 0)));
};

/** The permits that those who wait get now, at most `most`: by priority, each class leaving the floors of the others alone. */
export const grant = (ledger: Ledger, nowMs: number, limit: number, waiting: Counts, most: number): Counts => {
  const free = freeAt(ledger, nowMs, limit);
  const before = takenAt(ledger, nowMs);
  const granted: Counts = {};
  for (const c of PERMIT_CLASSES) {
    const left = free - total(granted);
    const taken = add(before, granted);
    const unreserved = probing(ledger, nowMs) ? left : left - reservedFrom(c, ledger, nowMs, limit, taken, waiting);
    const n = Math.min(waiting[c] ?? 0, most - total(granted), left, Math.max(floorLeft(c, limit, taken), unreserved));
    if (n > 0) granted[c] = n;
  }
  return granted;
};

const hasFloor = (c: PermitClass): boolean => FLOOR_PERCENT[c] !== undefined;

/** The ledger after `granted` was taken and the rest of `waiting` was left to wait. */
export const record = (ledger: Ledger, nowMs: number, granted: Counts, waiting: Counts): Ledger => {
  const startMs = slotStart(nowMs);
  const here = ledger.slots.find((slot) => slot.startMs === startMs);
  const others = ledger.slots.filter((slot) => slot !== here);
  const slots = total(granted) === 0 ? ledger.slots : [...others, { startMs, taken: add(here?.taken ?? {}, granted) }];
  const left = PERMIT_CLASSES.filter((c) => hasFloor(c) && (waiting[c] ?? 0) > (granted[c] ?? 0));
  return {
    ...ledger,
    slots: [...slots].sort((a, b) => a.startMs - b.startMs),
    waitedAtMs: { ...ledger.waitedAtMs, ...Object.fromEntries(left.map((c) => [c, nowMs])) },
  };
};

/** Whether a class with a floor waits and the ledger has not said so for a while. */
export const shouldNote = (ledger: Ledger, nowMs: number, waiting: Counts): boolean =>
  PERMIT_CLASSES.some((c) => hasFloor(c) && (waiting[c] ?? 0) > 0 && (ledger.waitedAtMs[c] ?? 0) + WAITED_MS / 2 <= nowMs);

/** When the answer of `grant` may next be another one, if nobody writes: strictly after `nowMs`. */
export const nextChangeMs = (ledger: Ledger, nowMs: number): number => {
  const waits = PERMIT_CLASSES.map((c) => (ledger.waitedAtMs[c] ?? 0) + WAITED_MS);
  const times = [...ledger.slots.map(leavesMs), ...waits, ledger.pausedUntilMs, ledger.pausedUntilMs + PROBE_ALONE_MS];
  return Math.min(nowMs + SLOT_MS + HELD_MS, ...times.filter((t) => t > nowMs));
};

/** No permits for `ms` from now, at most ten minutes; never shortens what is there. */
export const pause = (ledger: Ledger, nowMs: number, ms: number): Ledger => ({
  ...ledger,
  pausedUntilMs: Math.max(ledger.pausedUntilMs, nowMs + Math.min(Math.max(0, ms), MAX_PAUSE_MS)),
});

/** Whether permits recorded for `believedMs` may be used when the write really landed at `writtenAtMs`. */
export const isHonest = (believedMs: number, writtenAtMs: number): boolean =>
  writtenAtMs <= slotStart(believedMs) + SLOT_MS + MAX_LATE_MS && writtenAtMs >= believedMs - MAX_EARLY_MS;
