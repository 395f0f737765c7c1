/** Counts arrivals in a rolling 60 s window; rejected calls count too (assumed: nobody published which calls count). */
export const WINDOW_MS = 60_000;

export type Admission = { admitted: true } | { admitted: false; retryAfterS: number };

export type RollingLimit = {
  /** Counts one arrival and says whether it is within `limit`. Arrivals must come in time order. */
  arrive: (nowMs: number, limit: number) => Admission;
  /** The largest number of arrivals that any 60 s held so far. */
  maxInAny60s: () => number;
  total: () => number;
  reset: () => void;
};

/** The window is (now - 60 s, now]: an arrival exactly 60 s old no longer counts. */
export const rollingLimit = (): RollingLimit => {
  let arrivals: number[] = [];
  let oldest = 0;
  let most = 0;
  let total = 0;
  const forgetBefore = (nowMs: number): void => {
    while (oldest < arrivals.length && (arrivals[oldest] ?? 0) <= nowMs - WINDOW_MS) oldest++;
    if (oldest < 1_000) return;
    arrivals = arrivals.slice(oldest);
    oldest = 0;
  };
  return {
    arrive: (nowMs, limit) => {
      forgetBefore(nowMs);
      const before = arrivals.length - oldest;
      arrivals.push(nowMs);
      total++;
      most = Math.max(most, before + 1);
      if (before < limit) return { admitted: true };
      // Room comes when, of everything counted so far, at most limit - 1 arrivals are left in the window.
      const blocker = arrivals[arrivals.length - Math.max(1, limit)] ?? nowMs;
      return { admitted: false, retryAfterS: Math.max(1, Math.ceil((blocker + WINDOW_MS - nowMs) / 1000)) };
    },
    maxInAny60s: () => most,
    total: () => total,
    reset: () => {
      [arrivals, oldest, most, total] = [[], 0, 0, 0];
    },
  };
};
