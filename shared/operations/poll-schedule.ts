/** Pure: when a lane's submitted items are looked at next. */
import { SETTLED_BY_MS } from './poll-age.ts';

/** Growing with the number of looks without news, capped: upstream publishes no time to settle (portal guide: about 30 s). */
const DELAYS_MS = [5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];
/** A lane that keeps submitting is still looked at this often. */
const LONGEST_WAIT_MS = 30_000;
/** What has waited this long is stalled: partners are told, and it is looked at hourly. */
export const STALLED_AFTER_MS = 86_400_000;
const STALLED_DELAY_MS = 3_600_000;

/** Never before `nowMs`. However often a lane submits, what waits since `waitingSinceMs` is looked at in time. */
export const firstPollAt = (waitingSinceMs: number, nowMs: number): number =>
  Math.max(nowMs, Math.min(nowMs + (DELAYS_MS[0] ?? 0), waitingSinceMs + LONGEST_WAIT_MS));

/** How long everything has waited that a lane waits for. */
export type Ages = { oldestMs: number; youngestMs: number };

const SHORTEST_DELAY_MS = 2_000;
const QUIET_DELAY_MS = 3_000;

/**
 * `ages`: of what waits, where that is known. When even the youngest is about to be settled or just should have been, the next look comes then.
 * `isQuiet`: looks cost nobody anything.
 */
export const nextPollDelayMs = (pollTry: number, ages?: Ages, isQuiet = false): number => {
  const regular = DELAYS_MS[Math.min(pollTry, DELAYS_MS.length - 1)] ?? LONGEST_WAIT_MS;
  if (!ages) return regular;
  if (isQuiet && ages.youngestMs < SETTLED_BY_MS) return Math.min(regular, QUIET_DELAY_MS);
  if (ages.oldestMs >= STALLED_AFTER_MS) return STALLED_DELAY_MS;
  const settledInMs = SETTLED_BY_MS - ages.youngestMs;
  // What has just outlived its time is looked at soon, and then half as often each time, as `ripeness` expects it.
  return Math.min(regular, Math.max(SHORTEST_DELAY_MS, settledInMs, SHORTEST_DELAY_MS - settledInMs));
};
