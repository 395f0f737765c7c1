/** Pure: how likely an item that was submitted is settled by now, from its age and from when it was last seen unsettled. */

/** Everything is expected to have settled by this age, evenly over time (portal guide: about 30 s; no upper bound is published). */
export const SETTLED_BY_MS = 60_000;
/** What outlives that is looked for at growing intervals, from a few seconds up to this. */
const LONGEST_PATIENCE_MS = 300_000;
const SHORTEST_PATIENCE_MS = 2_000;

export type Age = {
  /** When it was submitted. */
  sinceMs: number;
  /** When it was last seen unsettled. */
  lookMs?: number;
};

/** From 0 to 1: the chance that a look now finds it settled, given that the last one did not. */
export const ripeness = ({ sinceMs, lookMs = sinceMs }: Age, nowMs: number): number => {
  const lookedAt = Math.max(0, lookMs - sinceMs);
  const left = SETTLED_BY_MS - lookedAt;
  const patience = Math.max(SHORTEST_PATIENCE_MS, left, Math.min(SHORTEST_PATIENCE_MS - left, LONGEST_PATIENCE_MS));
  return Math.min(1, Math.max(0, (nowMs - sinceMs - lookedAt) / patience));
};
