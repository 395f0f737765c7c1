/** The part of a step that ends what no batch holds of an operation, as much of it as one transaction takes. */
import type { Row } from '../platform/tables/row-store.ts';
import type { LaneStore } from './lane-store.ts';
import type { StepResult } from './lane-step.ts';
import type { AccountLane, Batch, Operation, Verdict } from './model.ts';
import { endUnclaimed, unclaimedMembers, unsentSegments } from './unclaimed.ts';
import type { DescribeState } from './verdict.ts';

export type EndUnclaimedEffects = { lanes: Pick<LaneStore, 'readTouched' | 'readBatches'>; describe: DescribeState; now: () => number };

/** `operation` and `known`, the lane's batches where they were read already, are of the same moment as `lane`. The result is true when there may be more. */
export const endSomeUnclaimed = async (
  { lanes, describe, now }: EndUnclaimedEffects,
  lane: AccountLane,
  operation: Operation,
  verdict: Verdict,
  known?: readonly Row<Batch>[],
): Promise<StepResult<boolean>> => {
  const [rows, batches] = await Promise.all([
    lanes.readTouched(lane.lane, unsentSegments(operation)),
    known ?? lanes.readBatches(lane.lane),
  ]);
  const { members, more } = unclaimedMembers(operation, rows, batches);
  if (members.length === 0) return { result: false };
  return { result: more, ...endUnclaimed(lane, rows, members, verdict, describe, now()) };
};
