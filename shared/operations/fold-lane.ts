/** Folds the answers a lane holds into its operations, a transaction at a time; killed anywhere, the next run goes on. */
import type { Row } from '../platform/tables/row-store.ts';
import { isDefined } from '../platform/values/defined.ts';
import { isResting } from './fault.ts';
import { foldChanges } from './fold.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { Batch } from './model.ts';
import { affordable, fitting, settle } from './settle.ts';
import type { DescribeState } from './verdict.ts';

export type FoldEffects = StepEffects & { now: () => number; describe: DescribeState };

/** Resolves when nothing answered is left to fold. */
export const makeFoldLane =
  (effects: FoldEffects) =>
  async (lane: string): Promise<void> => {
    while (await foldOnce(effects, lane));
  };

/** Answers folded in one transaction at most, as far as it holds them: they touch many of the same rows. */
const MAX_TOGETHER = 8;

/** One transaction; true when there may be more. */
const foldOnce = (effects: FoldEffects, lane: string): Promise<boolean | undefined> =>
  runStep(effects, lane, async (row) => {
    // After an error, whoever sends on in this lane must not try again at every answer.
    if (isResting(row.value, 'fold', effects.now())) return { result: false };
    const read = async (numbers: readonly number[]): Promise<Row<Batch>[]> =>
      (await Promise.all(numbers.map((n) => effects.lanes.readBatch(lane, n)))).filter(isDefined);
    const found = await read(row.value.answered.slice(0, MAX_TOGETHER));
    if (found.length === 0) return { result: false };
    const answered = found.filter(({ value }) => value.phase === 'answered');
    // Folded by somebody else between the two reads: look at the lane again.
    if (answered.length === 0) return { result: true };
    const older = await read([...new Set(answered.flatMap(({ value }) => value.overwrites))]);
    const batches = new Map([...answered, ...older].map((b) => [b.value.n, b]));
    const overwrittenBy = (batch: Batch): Row<Batch>[] => batch.overwrites.map((n) => batches.get(n)).filter(isDefined);
    const fits = fitting(answered.flatMap(({ value }) => foldChanges(value, overwrittenBy(value))));
    const rows = await effects.lanes.readTouched(lane, fits);
    const changes = affordable(fits, batches, rows);
    return { result: true, ...settle(row.value, batches, rows, changes, effects.describe, effects.now()) };
  });
