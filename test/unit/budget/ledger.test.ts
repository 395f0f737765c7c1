/** The ledger never lets more than the limit arrive in any 60 s, uses nearly all of it, and knows when the next permit comes free. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counts, total } from '../../../shared/platform/budget/group.ts';
import {
  comesFreeAt,
  EMPTY_LEDGER,
  endProbe,
  freeAt,
  isHonest,
  type Ledger,
  pause,
  record,
  takenAt,
  tidy,
} from '../../../shared/platform/budget/ledger.ts';
import { type BudgetRules, DEFAULT_TIMES } from '../../../shared/platform/budget/rules.ts';
import { maxInAnyWindow } from './sliding-window.ts';

const T0 = Date.parse('2026-11-01T00:00:00Z');
const { slotMs, maxLateMs, maxEarlyMs, usableMs, probeAloneMs, maxPauseMs } = DEFAULT_TIMES;
const rulesOf = (limit: number, minSpacingMs = 0): BudgetRules => ({ limit, minSpacingMs, times: DEFAULT_TIMES });
const RULES = rulesOf(100);

/** The ledger after `taken` was taken at `atMs`. */
const after = (ledger: Ledger, atMs: number, taken: Counts): Ledger => record(ledger, atMs, RULES, taken, 'me');

describe('the limit', () => {
  /**
   * One try of one taker. Clocks may be wrong by `skewMs`, the write lands `writeMs` later, the request leaves and arrives later still.
   * Many tries come just when something changes, and many values stand at the edge of what is allowed.
   */
  const attempt = fc.record({
    gapMs: fc.oneof(fc.constant('until one is free' as const), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 20_000 })),
    skewMs: fc.oneof(fc.constantFrom(0, -300, 200), fc.integer({ min: -400, max: 400 }), fc.integer({ min: -90_000, max: 90_000 })),
    writeMs: fc.oneof(fc.constantFrom(0, 800, 1_000), fc.integer({ min: 0, max: 1_500 })),
    wanted: fc.integer({ min: 1, max: 4 }),
    useMs: fc.constantFrom(0, 0.5, 1),
    wayMs: fc.constantFrom(0, 500),
    crashed: fc.boolean(),
  });

  /** When each request arrived, and when it left. */
  const arrivalsOf = (attempts: readonly (typeof attempt extends fc.Arbitrary<infer A> ? A : never)[], rules: BudgetRules) => {
    let [nowMs, ledger] = [T0, EMPTY_LEDGER];
    const [arrived, left]: [number[], number[]] = [[], []];
    for (const a of attempts) {
      nowMs = a.gapMs === 'until one is free' ? Math.max(nowMs, comesFreeAt(ledger, 1, nowMs, rules) - a.skewMs) : nowMs + a.gapMs;
      const believedMs = nowMs + a.skewMs;
      const granted = { 'orders/a': Math.min(a.wanted, freeAt(ledger, believedMs, rules)) };
      nowMs += a.writeMs;
      if (total(granted) === 0) continue;
      ledger = tidy(record(ledger, believedMs, rules, granted, 'me'), nowMs, rules.times);
      if (!isHonest(believedMs, nowMs, rules) || a.crashed) continue;
      const useMs = a.useMs * (rules.minSpacingMs > 0 ? rules.times.spacedUsableMs : usableMs);
      for (let n = 0; n < total(granted); n++) {
        left.push(nowMs + useMs);
        arrived.push(nowMs + useMs + a.wayMs);
      }
    }
    return { arrived, left };
  };

  it('holds in every 60 s whatever clocks, delays and crashes do', () => {
    fc.assert(
      fc.property(
        fc.array(attempt, { minLength: 50, maxLength: 300 }),
        fc.integer({ min: 1, max: 12 }),
        (attempts, limit) => maxInAnyWindow(arrivalsOf(attempts, rulesOf(limit)).arrived) <= limit,
      ),
      { numRuns: 500 },
    );
  });

  it('holds with a spacing, which no two requests fall short of', () => {
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 20, maxLength: 150 }), fc.integer({ min: 1, max: 3_000 }), (attempts, spacingMs) => {
        const { arrived, left } = arrivalsOf(attempts, rulesOf(20, spacingMs));
        const gaps = left.toSorted((a, b) => a - b).map((ms, n, all) => (n === 0 ? spacingMs : ms - (all[n - 1] ?? 0)));
        return maxInAnyWindow(arrived) <= 20 && gaps.every((gap) => gap >= spacingMs);
      }),
      { numRuns: 300 },
    );
  });

  it('holds at the edge: a late write used at the last moment, then the earliest one after it', () => {
    const full = after(EMPTY_LEDGER, T0, { 'orders/a': 100 });
    const latestWriteMs = T0 + slotMs + maxLateMs;
    expect([isHonest(T0, latestWriteMs, RULES), isHonest(T0, latestWriteMs + 1, RULES)]).toEqual([true, false]);
    const freeMs = comesFreeAt(full, 1, T0, RULES);
    expect([freeAt(full, freeMs - 1, RULES), freeAt(full, freeMs, RULES)]).toEqual([0, 100]);
    const earliestWriteMs = freeMs - maxEarlyMs;
    expect([isHonest(freeMs, earliestWriteMs, RULES), isHonest(freeMs, earliestWriteMs - 1, RULES)]).toEqual([true, false]);
    const onTheWayMs = 500;
    expect(earliestWriteMs - (latestWriteMs + usableMs + onTheWayMs)).toBeGreaterThanOrEqual(60_000);
  });

  it('is used to 95 % by whoever asks as soon as one is free', () => {
    const minutes = 30;
    let [nowMs, ledger, taken] = [T0, EMPTY_LEDGER, 0];
    while (nowMs < T0 + minutes * 60_000) {
      const granted = { 'orders/a': Math.min(4, freeAt(ledger, nowMs, RULES)) };
      if (total(granted) === 0) nowMs = comesFreeAt(ledger, 1, nowMs, RULES);
      else ledger = tidy(after(ledger, nowMs, granted), nowMs, DEFAULT_TIMES);
      taken += total(granted);
      nowMs += 20;
    }
    expect(taken).toBeGreaterThan(0.95 * 100 * minutes);
    expect(ledger.slots.length).toBeLessThan(130);
  });

  it('holds also after it was lowered', () => {
    const ledger = after(EMPTY_LEDGER, T0, { 'orders/a': 100 });
    expect(freeAt(ledger, T0, rulesOf(60))).toBe(0);
  });

  it('is not forgotten because of a taker whose clock is an hour ahead', () => {
    const full = after(EMPTY_LEDGER, T0, { 'orders/a': 100 });
    const hourAheadMs = T0 + 3_600_000;
    const written = tidy(after(full, hourAheadMs, { 'orders/a': 4 }), T0 + 100, DEFAULT_TIMES);
    expect(isHonest(hourAheadMs, T0 + 100, RULES)).toBe(false);
    expect(takenAt(written, T0 + 200, DEFAULT_TIMES)).toEqual({ 'orders/a': 100 });
    expect(written.slots).toHaveLength(1);
  });

  it('says when so many are free together', () => {
    const ledger = after(after(EMPTY_LEDGER, T0, { 'orders/a': 60 }), T0 + 5_000, { 'polls/a': 40 });
    const [first, second] = [T0 + 62_500, T0 + 67_500];
    expect([1, 60, 61, 100].map((n) => comesFreeAt(ledger, n, T0 + 6_000, RULES))).toEqual([first, first, second, second]);
    expect(comesFreeAt(EMPTY_LEDGER, 100, T0, RULES)).toBe(T0);
  });
});

describe('the line', () => {
  const entry = { id: 'me', sinceMs: T0, backMs: T0 + 10_000, wants: { 'orders/a': 1 } };

  it('forgets whoever does not come back, and whoever is ahead of all time', () => {
    const noted = record(EMPTY_LEDGER, T0, RULES, {}, 'me', entry);
    expect(tidy(noted, T0 + 10_000, DEFAULT_TIMES).line).toEqual([entry]);
    expect(tidy(noted, T0 + 10_000 + DEFAULT_TIMES.graceMs, DEFAULT_TIMES).line).toEqual([]);
    expect(tidy(noted, T0 - 3_600_000, DEFAULT_TIMES).line).toEqual([]);
  });

  it('has one entry for each process', () => {
    const twice = record(record(EMPTY_LEDGER, T0, RULES, {}, 'me', entry), T0, RULES, {}, 'me', { ...entry, wants: { 'polls/a': 2 } });
    expect(twice.line).toHaveLength(1);
    expect(record(twice, T0, RULES, {}, 'me').line).toEqual([]);
  });
});

describe('a pause', () => {
  const freeLater = (ledger: Ledger, ms: number): number => freeAt(ledger, T0 + ms, RULES);

  it('stops everybody, then lets one go alone, then all', () => {
    const paused = pause(EMPTY_LEDGER, T0, 30_000, RULES);
    expect([freeLater(paused, 29_999), freeLater(paused, 30_000)]).toEqual([0, 1]);
    expect([1, 2].map((n) => comesFreeAt(paused, n, T0, RULES) - T0)).toEqual([30_000, 30_000 + probeAloneMs]);
    const probed = after(paused, T0 + 30_000, { 'orders/a': 1 });
    expect([freeLater(probed, 30_100), freeLater(probed, 30_000 + probeAloneMs)]).toEqual([0, 99]);
  });

  it('is over for all when the one was answered, and lets another one go when it never left', () => {
    const probed = after(pause(EMPTY_LEDGER, T0, 30_000, RULES), T0 + 30_000, { 'orders/a': 1 });
    expect(freeLater(endProbe(probed, T0 + 31_000, true, RULES), 31_000)).toBe(99);
    const again = endProbe(probed, T0 + 31_000, false, RULES);
    expect([freeLater(again, 31_000), freeLater(again, 31_500)]).toEqual([0, 1]);
  });

  it('is not ended by an answer that comes while it lasts, nor begun by one that comes later', () => {
    const paused = pause(EMPTY_LEDGER, T0, 30_000, RULES);
    expect(endProbe(paused, T0 + 29_000, true, RULES)).toBe(paused);
    expect(endProbe(EMPTY_LEDGER, T0, false, RULES)).toBe(EMPTY_LEDGER);
  });

  it('is never shortened and never longer than ten minutes', () => {
    const paused = pause(EMPTY_LEDGER, T0, 60_000, RULES);
    expect(pause(paused, T0, 1_000, RULES).pausedUntilMs).toBe(T0 + 60_000);
    expect(pause(paused, T0 + 50_000, 60_000, RULES).pausedUntilMs).toBe(T0 + 110_000);
    expect(pause(paused, T0, 86_400_000, RULES).pausedUntilMs).toBe(T0 + maxPauseMs);
    expect(pause(EMPTY_LEDGER, T0, -5, RULES).pausedUntilMs).toBe(T0);
  });

  it('by a clock far ahead is cut to ten minutes from its write', () => {
    const ahead = tidy(pause(EMPTY_LEDGER, T0 + 86_400_000, 1_000, RULES), T0, DEFAULT_TIMES);
    expect([ahead.pausedUntilMs, ahead.probeUntilMs]).toEqual([T0 + maxPauseMs, T0 + maxPauseMs + probeAloneMs]);
  });
});
