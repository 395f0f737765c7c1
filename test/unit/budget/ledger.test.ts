/** The ledger never lets more than the limit arrive in any 60 s, uses nearly all of it, and keeps classes apart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Counts,
  EMPTY_LEDGER,
  freeAt,
  grant,
  isHonest,
  type Ledger,
  MAX_EARLY_MS,
  MAX_LATE_MS,
  MAX_PAUSE_MS,
  nextChangeMs,
  pause,
  PROBE_ALONE_MS,
  record,
  shouldNote,
  SLOT_MS,
  takenAt,
  tidy,
  total,
  USABLE_MS,
  WAITED_MS,
} from '../../../shared/platform/budget/ledger.ts';
import { maxInAnyWindow } from './sliding-window.ts';

const T0 = Date.parse('2026-11-01T00:00:00Z');

/** The ledger after `taken` was taken at `atMs`. */
const after = (ledger: Ledger, atMs: number, taken: Counts): Ledger => record(ledger, atMs, taken, taken);

describe('the limit', () => {
  /**
   * One try of one taker. Clocks may be wrong by `skewMs`, the write lands `writeMs` later, the request leaves and arrives later still.
   * Many tries come just when something changes, and many values stand at the edge of what is allowed.
   */
  const attempt = fc.record({
    gapMs: fc.oneof(fc.constant('until the next change' as const), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 20_000 })),
    skewMs: fc.oneof(fc.constantFrom(0, -300, 200), fc.integer({ min: -400, max: 400 }), fc.integer({ min: -90_000, max: 90_000 })),
    writeMs: fc.oneof(fc.constantFrom(0, 800, 1_000), fc.integer({ min: 0, max: 1_500 })),
    wanted: fc.integer({ min: 1, max: 4 }),
    useMs: fc.constantFrom(0, 500, USABLE_MS),
    wayMs: fc.constantFrom(0, 500),
    crashed: fc.boolean(),
  });

  it('holds in every 60 s whatever clocks, delays and crashes do', () => {
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 50, maxLength: 300 }), fc.integer({ min: 1, max: 12 }), (attempts, limit) => {
        let [nowMs, ledger] = [T0, EMPTY_LEDGER];
        const arrivals: number[] = [];
        for (const a of attempts) {
          nowMs = a.gapMs === 'until the next change' ? Math.max(nowMs, nextChangeMs(ledger, nowMs) - a.skewMs) : nowMs + a.gapMs;
          const believedMs = nowMs + a.skewMs;
          const granted = grant(ledger, believedMs, limit, { orders: a.wanted }, 4);
          nowMs += a.writeMs;
          if (total(granted) === 0) continue;
          ledger = tidy(record(ledger, believedMs, granted, {}), nowMs);
          if (!isHonest(believedMs, nowMs) || a.crashed) continue;
          for (let n = 0; n < total(granted); n++) arrivals.push(nowMs + a.useMs + a.wayMs);
        }
        return maxInAnyWindow(arrivals) <= limit;
      }),
      { numRuns: 500 },
    );
  });

  it('holds at the edge: a late write used at the last moment, then the earliest one after it', () => {
    const full = after(EMPTY_LEDGER, T0, { orders: 100 });
    const latestWriteMs = T0 + SLOT_MS + MAX_LATE_MS;
    expect([isHonest(T0, latestWriteMs), isHonest(T0, latestWriteMs + 1)]).toEqual([true, false]);
    const freeMs = nextChangeMs(full, T0);
    expect([freeAt(full, freeMs - 1, 100), freeAt(full, freeMs, 100)]).toEqual([0, 100]);
    const earliestWriteMs = freeMs - MAX_EARLY_MS;
    expect([isHonest(freeMs, earliestWriteMs), isHonest(freeMs, earliestWriteMs - 1)]).toEqual([true, false]);
    const onTheWayMs = 500;
    expect(earliestWriteMs - (latestWriteMs + USABLE_MS + onTheWayMs)).toBeGreaterThanOrEqual(60_000);
  });

  it('is used to 95 % by whoever asks as soon as something may change', () => {
    const [limit, minutes] = [100, 30];
    let [nowMs, ledger, taken] = [T0, EMPTY_LEDGER, 0];
    while (nowMs < T0 + minutes * 60_000) {
      const granted = grant(ledger, nowMs, limit, { orders: 4 }, 4);
      if (total(granted) === 0) nowMs = nextChangeMs(ledger, nowMs);
      else ledger = tidy(after(ledger, nowMs, granted), nowMs);
      taken += total(granted);
      nowMs += 20;
    }
    expect(taken).toBeGreaterThan(0.95 * limit * minutes);
    expect(ledger.slots.length).toBeLessThan(130);
  });

  it('holds also after the limit was lowered', () => {
    const ledger = after(EMPTY_LEDGER, T0, { orders: 100 });
    expect(grant(ledger, T0, 60, { interactive: 1 }, 4)).toEqual({});
    expect(freeAt(ledger, T0, 60)).toBe(0);
  });

  it('is not forgotten because of a taker whose clock is an hour ahead', () => {
    const full = after(EMPTY_LEDGER, T0, { orders: 100 });
    const hourAheadMs = T0 + 3_600_000;
    const written = tidy(record(full, hourAheadMs, { orders: 4 }, {}), T0 + 100);
    expect(isHonest(hourAheadMs, T0 + 100)).toBe(false);
    expect(takenAt(written, T0 + 200)).toEqual({ orders: 100 });
    expect(written.slots).toHaveLength(1);
  });
});

describe('classes', () => {
  it('are served by priority', () => {
    const waiting = { background: 5, polls: 5, orders: 2, interactive: 1 };
    expect(grant(EMPTY_LEDGER, T0, 100, waiting, 4)).toEqual({ interactive: 1, orders: 2, polls: 1 });
  });

  it('use everything when nobody else waits', () => {
    expect(total(grant(after(EMPTY_LEDGER, T0, { orders: 96 }), T0, 100, { orders: 9 }, 4))).toBe(4);
    expect(total(grant(after(EMPTY_LEDGER, T0, { polls: 96 }), T0, 100, { polls: 9 }, 4))).toBe(4);
  });

  it('leave polls that wait elsewhere their ten', () => {
    const noted = record(after(EMPTY_LEDGER, T0, { orders: 88, polls: 1 }), T0, {}, { polls: 3 });
    expect(grant(noted, T0, 100, { orders: 9 }, 4)).toEqual({ orders: 2 });
    expect(grant(noted, T0, 100, { interactive: 9 }, 4)).toEqual({ interactive: 2 });
    expect(grant(after(noted, T0, { orders: 2 }), T0, 100, { orders: 9 }, 4)).toEqual({});
    expect(grant(after(noted, T0, { orders: 2 }), T0, 100, { polls: 4, orders: 9 }, 4)).toEqual({ polls: 4 });
  });

  it('have the reserve back when the waiting ones were not seen for a while', () => {
    const noted = record(after(EMPTY_LEDGER, T0, { orders: 90 }), T0, {}, { polls: 1 });
    expect(grant(noted, T0 + WAITED_MS - 1, 100, { orders: 9 }, 4)).toEqual({});
    expect(nextChangeMs(noted, T0)).toBe(T0 + WAITED_MS);
    expect(grant(noted, T0 + WAITED_MS, 100, { orders: 9 }, 4)).toEqual({ orders: 4 });
  });

  it('below their floor take whatever is free', () => {
    const ledger = after(EMPTY_LEDGER, T0, { orders: 99 });
    expect(grant(ledger, T0, 100, { polls: 1, background: 1 }, 4)).toEqual({ polls: 1 });
  });

  it('note once that they wait, and again before that is forgotten', () => {
    expect(shouldNote(EMPTY_LEDGER, T0, { polls: 1 })).toBe(true);
    expect(shouldNote(EMPTY_LEDGER, T0, { orders: 1 })).toBe(false);
    const noted = record(EMPTY_LEDGER, T0, {}, { polls: 1 });
    expect(shouldNote(noted, T0 + 1_000, { polls: 1 })).toBe(false);
    expect(shouldNote(noted, T0 + WAITED_MS - 1, { polls: 1 })).toBe(true);
  });

  it('never get more than is free, or than they asked for', () => {
    const counts = fc.record({ interactive: fc.nat(9), orders: fc.nat(9), polls: fc.nat(9), background: fc.nat(9) });
    fc.assert(
      fc.property(counts, counts, counts, fc.integer({ min: 1, max: 40 }), (taken, noted, waiting, limit) => {
        const ledger = record(after(EMPTY_LEDGER, T0, taken), T0, {}, noted);
        const granted = grant(ledger, T0, limit, waiting, 4);
        expect(total(granted)).toBeLessThanOrEqual(Math.max(0, limit - total(taken)));
        expect(total(granted)).toBeLessThanOrEqual(4);
        for (const c of ['interactive', 'orders', 'polls', 'background'] as const) expect(granted[c] ?? 0).toBeLessThanOrEqual(waiting[c]);
      }),
    );
  });
});

describe('a pause', () => {
  it('stops everybody, then lets one go alone, then all', () => {
    const paused = pause(EMPTY_LEDGER, T0, 30_000);
    expect(grant(paused, T0 + 29_999, 100, { interactive: 5 }, 4)).toEqual({});
    expect(nextChangeMs(paused, T0)).toBe(T0 + 30_000);
    expect(grant(paused, T0 + 30_000, 100, { orders: 5, polls: 1 }, 4)).toEqual({ orders: 1 });
    const probed = after(paused, T0 + 30_000, { orders: 1 });
    expect(grant(probed, T0 + 30_100, 100, { orders: 5 }, 4)).toEqual({});
    expect(grant(probed, T0 + 30_000 + PROBE_ALONE_MS, 100, { orders: 5 }, 4)).toEqual({ orders: 4 });
  });

  it('is never shortened and never longer than ten minutes', () => {
    const paused = pause(EMPTY_LEDGER, T0, 60_000);
    expect(pause(paused, T0, 1_000).pausedUntilMs).toBe(T0 + 60_000);
    expect(pause(paused, T0 + 50_000, 60_000).pausedUntilMs).toBe(T0 + 110_000);
    expect(pause(paused, T0, 86_400_000).pausedUntilMs).toBe(T0 + MAX_PAUSE_MS);
    expect(pause(EMPTY_LEDGER, T0, -5).pausedUntilMs).toBe(T0);
  });

  it('by a clock far ahead is cut to ten minutes from its write', () => {
    expect(tidy(pause(EMPTY_LEDGER, T0 + 86_400_000, 1_000), T0).pausedUntilMs).toBe(T0 + MAX_PAUSE_MS);
  });
});
