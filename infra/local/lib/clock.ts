/** The one source of time in the emulators: real in a running stack, moved by hand in tests. */
export type Timer = { cancel: () => void };

export type Clock = {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Runs `action` once, `delayMs` from now; never runs it synchronously. */
  after: (delayMs: number, action: () => void) => Timer;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, action) => {
    const handle = setTimeout(action, Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  },
};

export type FakeClock = Clock & {
  /** Moves time forward, running each timer at its own moment and in order. */
  advance: (ms: number) => void;
  /** How many timers wait. */
  waiting: () => number;
};

/** A clock that stands still until told. Timers due at one moment run in the order they were set. */
export const fakeClock = (startMs = Date.parse('2026-11-01T00:00:00Z')): FakeClock => {
  let nowMs = startMs;
  let order = 0;
  const timers = new Map<number, { atMs: number; order: number; action: () => void }>();
  const nextDue = (untilMs: number): number | undefined =>
    [...timers.entries()].filter(([, t]) => t.atMs <= untilMs).sort(([, a], [, b]) => a.atMs - b.atMs || a.order - b.order)[0]?.[0];
  return {
    now: () => nowMs,
    after: (delayMs, action) => {
      const id = order++;
      timers.set(id, { atMs: nowMs + Math.max(0, delayMs), order: id, action });
      return { cancel: () => void timers.delete(id) };
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let id = nextDue(untilMs); id !== undefined; id = nextDue(untilMs)) {
        const timer = timers.get(id);
        timers.delete(id);
        if (!timer) continue;
        nowMs = Math.max(nowMs, timer.atMs);
        timer.action();
      }
      nowMs = untilMs;
    },
    waiting: () => timers.size,
  };
};
