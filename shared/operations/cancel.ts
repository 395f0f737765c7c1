/** Cancels an operation: what no request has carried ends here, what was sent finishes by itself. */
import { endSomeUnclaimed } from './end-unclaimed.ts';
import { LaneContended, runStep, type StepEffects } from './lane-step.ts';
import type { Operation, Verdict } from './model.ts';
import { isTerminal, type DescribeState } from './verdict.ts';

export type Canceled =
  /** Nothing of it will leave that has not left; `operation` as it is now. A repeat finds the same. */
  | { kind: 'canceled'; operation: Operation }
  /** It had ended before, and not by a cancel. */
  | { kind: 'ended' }
  | { kind: 'missing' }
  /** Part of it may be canceled; ask again. */
  | { kind: 'busy' };

/** An order of this partner; foreign ones are missing. */
export type CancelOperation = (partner: string, operationId: string) => Promise<Canceled>;

export type CancelEffects = StepEffects & { now: () => number; describe: DescribeState; wakeLane: (lane: string) => Promise<void> };

const CANCELED: Verdict = { to: 'canceled', executed: false };

/** One transaction; true when there may be more. */
const cancelOnce = (effects: CancelEffects, { lane, id }: Operation): Promise<boolean | undefined> =>
  runStep(effects, lane, async (row) => {
    const operation = await effects.lanes.readOperation(id);
    if (!operation || isTerminal(operation.state)) return { result: false };
    return endSomeUnclaimed(effects, row.value, operation, CANCELED);
  });

export const makeCancelOperation =
  (effects: CancelEffects): CancelOperation =>
  async (partner, operationId) => {
    const found = await effects.lanes.readOperation(operationId);
    if (found?.partner !== partner || found.kind !== 'numbers') return { kind: 'missing' };
    // A repeat of a cancel whose answer was lost.
    if (isTerminal(found.state)) return found.counts.canceled > 0 ? { kind: 'canceled', operation: found } : { kind: 'ended' };
    try {
      while (await cancelOnce(effects, found));
    } catch (error) {
      if (error instanceof LaneContended) return { kind: 'busy' };
      throw error;
    }
    await effects.wakeLane(found.lane);
    const operation = await effects.lanes.readOperation(operationId);
    if (!operation) throw new Error('a canceled operation is gone');
    return isTerminal(operation.state) && operation.counts.canceled === 0 ? { kind: 'ended' } : { kind: 'canceled', operation };
  };
