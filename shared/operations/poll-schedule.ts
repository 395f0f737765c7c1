/** Pure: when a lane's submitted items are looked at next. */

/** Growing with the number of looks without news, capped: upstream publishes no time to settle (portal guide: about 30 s). */
const DELAYS_MS = [5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];
/** A lane that keeps submitting is still looked at this often. */
const LONGEST_WAIT_MS = 30_000;
/** What has waited this long is stalled: partners are told, and it is looked at hourly. */
export const STALLED_AFTER_MS = 86_400_000;
const STALLED_DELAY_MS = 3_600_000;

export const firstPollAt = (waitingSinceMs: number, nowMs: number): number =>
  Math.max(nowMs, Math.min(nowMs + (DELAYS_MS[0] ?? 0), waitingSinceMs + LONGEST_WAIT_MS));

/** `ageMs`: of what has waited longest. */
export const nextPollDelayMs = (pollTry: number, ageMs = 0): number =>
  ageMs >= STALLED_AFTER_MS ? STALLED_DELAY_MS : (DELAYS_MS[Math.min(pollTry, DELAYS_MS.length - 1)] ?? LONGEST_WAIT_MS);
