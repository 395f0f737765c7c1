/** Folds what a read of upstream has shown into a lane, and sets when to look again. */
import { isDefined } from '../platform/values/defined.ts';
import { notDue } from '../platform/tables/due.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane, Batch } from './model.ts';
import { pollChanges, type Seen, type Snapshot } from './poll-fold.ts';
import { nextPollDelayMs, type Ages } from './poll-schedule.ts';
import { affordable, fitting, settle } from './settle.ts';
import type { DescribeState } from './verdict.ts';

export type FoldSeenEffects = StepEffects & { now: () => number; describe: DescribeState };

/** More batches than these are read faster all at once. */
const FEW_BATCHES = 20;

/** The batches that `seen` speaks of, and all that were made since `before` was taken. */
const readConcerned = async (
  { lanes }: FoldSeenEffects,
  lane: string,
  before: Snapshot,
  seen: Seen,
  last: number,
): Promise<Row<Batch>[]> => {
  const concerned = [...new Set([...seen.keys()].map((digits) => before.get(digits)).filter(isDefined))];
  // An account that is gone speaks of everything that waits.
  if (concerned.length > FEW_BATCHES || seen.has('')) return lanes.readBatches(lane);
  const [old, since] = await Promise.all([
    Promise.all(concerned.filter((n) => n <= last).map((n) => lanes.readBatch(lane, n))),
    lanes.readBatchesAfter(lane, last),
  ]);
  return [...old.filter(isDefined), ...since];
};

/** Folds `seen`, a transaction at a time, until nothing of it is news. `last`: the newest batch when `before` was taken. */
export const foldSeen = async (effects: FoldSeenEffects, lane: string, before: Snapshot, last: number, seen: Seen): Promise<void> => {
  const foldOnce = (): Promise<boolean | undefined> =>
    runStep(effects, lane, async (row) => {
      const batches = await readConcerned(effects, lane, before, seen, last);
      const all = pollChanges(batches, before, seen, effects.now());
      const fits = fitting(all);
      if (fits.length === 0) return { result: false };
      const rows = await effects.lanes.readTouched(lane, fits);
      const byNumber = new Map(batches.map((batch): [number, Row<Batch>] => [batch.value.n, batch]));
      const changes = affordable(fits, byNumber, rows);
      const settled = settle(row.value, byNumber, rows, changes, effects.describe, effects.now());
      return { result: changes.length < all.length, ...settled };
    });
  while (await foldOnce());
};

const rescheduled = (lane: AccountLane, nowMs: number, ages: Ages, isQuiet: boolean): AccountLane => {
  if (lane.waiting === 0) return { ...lane, due: notDue(lane.due, 'poll') };
  const pollTry = lane.pollTry + 1;
  return { ...lane, pollTry, waitingSinceMs: nowMs, due: { ...lane.due, poll: nowMs + nextPollDelayMs(pollTry, ages, isQuiet) } };
};

/** After a look that began at `startedMs`: when to look next. */
export const reschedule = (effects: FoldSeenEffects, lane: string, startedMs: number, ages: Ages, isQuiet: boolean): Promise<unknown> =>
  runStep(effects, lane, async ({ value }) => {
    // Submitted meanwhile: that has set the next look already.
    if ((value.due.poll ?? 0) > startedMs) return Promise.resolve({ result: undefined });
    return Promise.resolve({ result: undefined, lane: rescheduled(value, effects.now(), ages, isQuiet) });
  });
