/** Pure: how well deliveries to one subscription go: counts and a histogram of lag, over the last one to two days. */

/** Upper bounds of the histogram in ms, each half as much again as the one before: 10 ms to about two weeks. */
const FIRST_BOUND_MS = 10;
const GROWTH = 1.5;
const BUCKETS = 46;
const WINDOW_MS = 24 * 3_600_000;

type Window = {
  sinceMs: number;
  attempts: number;
  failures: number;
  delivered: number;
  /** By bucket, zeros at the end left out. */
  lags: number[];
};

/** The window being filled and the one before it. */
export type Objectives = { now: Window; before?: Window };

const newWindow = (sinceMs: number): Window => ({ sinceMs, attempts: 0, failures: 0, delivered: 0, lags: [] });
export const noObjectives = (nowMs: number): Objectives => ({ now: newWindow(nowMs) });

const boundOf = (bucket: number): number => FIRST_BOUND_MS * GROWTH ** bucket;
const bucketOf = (lagMs: number): number => {
  const bucket = Math.ceil(Math.log(Math.max(lagMs, 1) / FIRST_BOUND_MS) / Math.log(GROWTH));
  return Math.min(Math.max(bucket, 0), BUCKETS - 1);
};

const rolled = (objectives: Objectives, nowMs: number): Objectives => {
  const age = nowMs - objectives.now.sinceMs;
  if (age < WINDOW_MS) return objectives;
  return age < 2 * WINDOW_MS ? { now: newWindow(nowMs), before: objectives.now } : { now: newWindow(nowMs) };
};

/** `lagMs` of each first success; of the attempts without one, those that failed. */
export type Observed = { attempts: number; failures: number; lagsMs: readonly number[] };

export const observe = (objectives: Objectives, { attempts, failures, lagsMs }: Observed, nowMs: number): Objectives => {
  const { now, ...rest } = rolled(objectives, nowMs);
  const lags = [...now.lags];
  for (const lagMs of lagsMs) {
    const bucket = bucketOf(lagMs);
    while (lags.length <= bucket) lags.push(0);
    lags[bucket] = (lags[bucket] ?? 0) + 1;
  }
  const { sinceMs } = now;
  const filled = {
    sinceMs,
    attempts: now.attempts + attempts,
    failures: now.failures + failures,
    delivered: now.delivered + lagsMs.length,
  };
  return { ...rest, now: { ...filled, lags } };
};

export type ObjectivesView = {
  since: string;
  attempts: number;
  failures: number;
  delivered: number;
  lagMs?: { p50: number; p95: number; p99: number };
};

const quantile = (lags: readonly number[], total: number, share: number): number => {
  let left = Math.ceil(total * share);
  for (const [bucket, count] of lags.entries()) {
    left -= count;
    if (left <= 0) return Math.round(boundOf(bucket));
  }
  return Math.round(boundOf(BUCKETS - 1));
};

/** Quantiles are upper bounds of their bucket: at most half as much again as the true value. */
export const viewOfObjectives = (objectives: Objectives, nowMs: number): ObjectivesView => {
  const { now, before } = rolled(objectives, nowMs);
  const windows = before ? [before, now] : [now];
  const sum = (pick: (window: Window) => number): number => windows.reduce((total, window) => total + pick(window), 0);
  const lags = Array.from({ length: BUCKETS }, (_, bucket) => sum((window) => window.lags[bucket] ?? 0));
  const delivered = sum((window) => window.delivered);
  const at = (share: number): number => quantile(lags, delivered, share);
  return {
    since: new Date((before ?? now).sinceMs).toISOString(),
    attempts: sum((window) => window.attempts),
    failures: sum((window) => window.failures),
    delivered,
    ...(delivered === 0 ? {} : { lagMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99) } }),
  };
};
