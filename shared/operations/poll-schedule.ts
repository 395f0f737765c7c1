/** Pure: when a lane's submitted items are looked at next. */

/** Growing with the number of sweeps without news, capped: upstream publishes no time to settle (portal guide: about 30 s). */
const DELAYS_MS = [5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];
/** A lane that keeps submitting is still looked at this often. */
const LONGEST_WAIT_MS = 30_000;
/** With items unsent a sweep steals requests from uploads that confirm nothing yet; unless it was put off this long. */
export const SWEEP_WHILE_SENDING_MS = 300_000;

export const firstPollAt = (waitingSinceMs: number, nowMs: number): number =>
  Math.max(nowMs, Math.min(nowMs + (DELAYS_MS[0] ?? 0), waitingSinceMs + LONGEST_WAIT_MS));

export const nextPollDelayMs = (pollTry: number): number => DELAYS_MS[Math.min(pollTry, DELAYS_MS.length - 1)] ?? LONGEST_WAIT_MS;
