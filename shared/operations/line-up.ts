/** Pure: items join the line of their lane. */
import type { AccountLane } from './model.ts';

export const lineUp = (lane: AccountLane, items: number, nowMs: number): AccountLane => ({
  ...lane,
  unsent: lane.unsent + items,
  lined: lane.lined + items,
  unsentSinceMs: lane.unsent === 0 ? nowMs : (lane.unsentSinceMs ?? nowMs),
});
