/** The busiest minute of a run, by upstream's own log: pure. */
const WINDOW_MS = 60_000;

/**
 * The most arrivals in any 60 s that ends with one of the newest `own`; earlier arrivals in the same 60 s count, because upstream counts them.
 * `arrivalsMs` is in time order; the window is open at its start.
 */
export const maxInAny60s = (arrivalsMs: readonly number[], own: number): number => {
  let oldest = 0;
  let most = 0;
  arrivalsMs.forEach((atMs, n) => {
    while ((arrivalsMs[oldest] ?? atMs) <= atMs - WINDOW_MS) oldest++;
    if (n >= arrivalsMs.length - own) most = Math.max(most, n - oldest + 1);
  });
  return most;
};
