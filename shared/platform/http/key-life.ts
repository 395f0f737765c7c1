/** Pure: how long an Idempotency-Key is known, whichever kind of request it was sent with. */

/** Counted from the request that came first; afterwards the key is as good as new. */
const KEY_LIFE_MS = 90 * 86_400_000;

/** Of a row of table `Keys`: orders write the one time, answers that are kept for repeats the other. */
type KeyTimes = { createdAtMs?: number; sinceMs?: number };

export const isKeyOver = ({ createdAtMs, sinceMs }: KeyTimes, nowMs: number): boolean =>
  nowMs - (createdAtMs ?? sinceMs ?? nowMs) >= KEY_LIFE_MS;
