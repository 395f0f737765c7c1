/** Pure: when a lane's apply step is due next. */
import { dueNoLater, notDue } from '../platform/tables/due.ts';
import { MAX_FLYING, type AccountLane } from './model.ts';

/** The lane with `apply` due at once when something can be claimed, else when a flying batch may be sent again, else not at all. */
export const applyDue = (lane: AccountLane, nowMs: number): AccountLane => {
  if (lane.unsent > 0 && lane.flying.length < MAX_FLYING) return { ...lane, due: dueNoLater(lane.due, 'apply', nowMs) };
  return applyDueLater(lane);
};

/** The same when nothing can be claimed now: only a flying batch's time counts. */
export const applyDueLater = (lane: AccountLane): AccountLane => {
  const times = lane.flying.map((batch) => batch.notBeforeMs);
  return { ...lane, due: times.length === 0 ? notDue(lane.due, 'apply') : { ...lane.due, apply: Math.min(...times) } };
};
