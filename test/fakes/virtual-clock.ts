/** Time for asynchronous code: sleeps end in order, and only when the test moves on. */
import type { Clock } from '../../shared/platform/time/clock.ts';

export type VirtualClock = Clock & {
  /** Lets everything happen up to `untilMs`, each sleep ending at its own moment. */
  runTo: (untilMs: number) => Promise<void>;
  runFor: (ms: number) => Promise<void>;
};

type Sleeper = { atMs: number; order: number; wake: () => void };

/** Lets all promises that can settle do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const virtualClock = (startMs = Date.parse('2026-11-01T00:00:00Z')): VirtualClock => {
  let nowMs = startMs;
  let order = 0;
  let sleepers: Sleeper[] = [];
  const next = (): Sleeper | undefined =>
    sleepers.reduce<Sleeper | undefined>(
      (first, s) => (!first || s.atMs < first.atMs || (s.atMs === first.atMs && s.order < first.order) ? s : first),
      undefined,
    );
  const runTo = async (untilMs: number): Promise<void> => {
    await settle();
    for (let sleeper = next(); sleeper && sleeper.atMs <= untilMs; sleeper = next()) {
      const woken = sleeper;
      sleepers = sleepers.filter((s) => s !== woken);
      nowMs = Math.max(nowMs, woken.atMs);
      woken.wake();
      await settle();
    }
    nowMs = untilMs;
  };
  return {
    now: () => nowMs,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ atMs: nowMs + Math.max(0, ms), order: order++, wake: resolve });
      }),
    runTo,
    runFor: (ms) => runTo(nowMs + ms),
  };
};
