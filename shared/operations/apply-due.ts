/** Pure: when a lane's apply step is due next. */
import { dueNoLater, notDue } from '../platform/tables/due.ts';
import { MAX_FLYING, type AccountLane } from './model.ts';

/** The lane with `apply` due at once when something can be claimed, else when something can be: a flying batch sent again, a held operation sent. */
export const applyDue = (lane: AccountLane, nowMs: number): AccountLane => {
  if (lane.unsent > 0 && lane.flying.length < MAX_FLYING)
    return { ...lane, due: dueNoLater(lane.due, 'apply', Math.max(nowMs, lane.rests?.apply ?? 0)) };
  return applyDueLater(lane);
};

/** The same when nothing can be claimed now: only times to come count. */
export const applyDueLater = (lane: AccountLane): AccountLane => {
  const times = [...lane.flying.map((batch) => batch.notBeforeMs), ...lane.held.map(({ atMs }) => atMs)];
  return { ...lane, due: times.length === 0 ? notDue(lane.due, 'apply') : { ...lane.due, apply: Math.min(...times) } };
};
