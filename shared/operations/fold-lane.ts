/** Folds the answers a lane holds into its operations, a transaction at a time; killed anywhere, the next run goes on. */
import { isDefined } from '../platform/values/defined.ts';
import { blaming, isResting } from './fault.ts';
import { foldChanges } from './fold.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { affordable, fitting, settle } from './settle.ts';
import type { DescribeEnd } from './verdict.ts';

export type FoldEffects = StepEffects & { now: () => number; describe: DescribeEnd };

/** Resolves when nothing answered is left to fold. */
export const makeFoldLane =
  (effects: FoldEffects) =>
  async (lane: string): Promise<void> => {
    while (await foldOnce(effects, lane));
  };

/** One transaction; true when there may be more. */
const foldOnce = (effects: FoldEffects, lane: string): Promise<boolean | undefined> =>
  runStep(effects, lane, async (row) => {
    // After an error, whoever sends on in this lane must not try again at every answer.
    if (isResting(row.value, 'fold', effects.now())) return { result: false };
    const [n] = row.value.answered;
    const batch = n === undefined ? undefined : await effects.lanes.readBatch(lane, n);
    if (!batch) return { result: false };
    // Folded by somebody else between the two reads: look at the lane again.
    if (batch.value.phase !== 'answered') return { result: true };
    const older = (await Promise.all(batch.value.overwrites.map((o) => effects.lanes.readBatch(lane, o)))).filter(isDefined);
    const op = batch.value.members[batch.value.verdicts[0]?.[0] ?? 0]?.op;
    const fits = blaming(op, () => fitting(foldChanges(batch.value, older)));
    const rows = await effects.lanes.readTouched(lane, fits);
    const batches = new Map([batch, ...older].map((b) => [b.value.n, b]));
    return blaming(op, () => {
      const changes = affordable(fits, batches, rows);
      return { result: true, ...settle(row.value, batches, rows, changes, effects.describe, effects.now()) };
    });
  });
