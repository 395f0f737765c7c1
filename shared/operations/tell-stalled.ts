/** Tells partners, once, of operations that upstream has not confirmed for a day. */
import { runStep } from './lane-step.ts';
import type { FoldSeenEffects } from './fold-seen.ts';
import { stalledOperations, tellStalled, type DescribeStall } from './stalled.ts';

export type TellStalledEffects = FoldSeenEffects & { describeStall: DescribeStall };

/** Resolves when nobody of the lane is left to be told of. */
export const tellLaneStalled = async (effects: TellStalledEffects, lane: string): Promise<void> => {
  const tellSome = (): Promise<boolean | undefined> =>
    runStep(effects, lane, async (row) => {
      const nowMs = effects.now();
      const batches = (await effects.lanes.readBatches(lane)).map(({ value }) => value);
      const seqs = stalledOperations(batches, nowMs);
      const { operations } = await effects.lanes.readTouched(
        lane,
        seqs.map((op) => ({ member: { op, seg: 0 } })),
      );
      const told = tellStalled(row.value, operations.values(), effects.describeStall, nowMs);
      return told ? { result: true, ...told } : { result: false };
    });
  while (await tellSome());
};
