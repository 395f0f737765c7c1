/** Tells partners, once, of operations that upstream has not confirmed for a day, and of those whose outcome cannot be recorded. */
import { isDefined } from '../platform/values/defined.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane, Batch } from './model.ts';
import { stalledOperations, tellStalled, type DescribeStall } from './stalled.ts';

export type TellStalledEffects = StepEffects & { now: () => number; describeStall: DescribeStall };

/** Tells of the operations with these seqs, a transaction at a time, until each was told of. */
const tellAll = async (
  effects: TellStalledEffects,
  lane: string,
  seqsOf: (lane: AccountLane) => Promise<readonly number[]>,
): Promise<void> => {
  const tellSome = (): Promise<boolean | undefined> =>
    runStep(effects, lane, async (row) => {
      const seqs = await seqsOf(row.value);
      const { operations } = await effects.lanes.readTouched(
        lane,
        seqs.map((op) => ({ member: { op, seg: 0 } })),
      );
      const told = tellStalled(row.value, operations.values(), effects.describeStall, effects.now());
      return told ? { result: true, ...told } : { result: false };
    });
  while (await tellSome());
};

/** Resolves when nobody of the lane is left to be told of. */
export const tellLaneStalled = (effects: TellStalledEffects, lane: string): Promise<void> =>
  tellAll(effects, lane, async () => {
    const batches = (await effects.lanes.readBatches(lane)).map(({ value }) => value);
    return stalledOperations(batches, effects.now());
  });

const operationsOf = (batches: readonly Batch[]): number[] => [...new Set(batches.flatMap(({ members }) => members.map(({ op }) => op)))];

/** Tells of `op`, or of everything whose answer waits to be recorded. */
export const tellUnrecorded = (effects: TellStalledEffects, lane: string, op: number | undefined): Promise<void> =>
  tellAll(effects, lane, async ({ answered }) => {
    if (op !== undefined) return [op];
    const batches = await Promise.all(answered.map((n) => effects.lanes.readBatch(lane, n)));
    return operationsOf(batches.filter(isDefined).map(({ value }) => value));
  });
