/** Use case: an operator ends what of an operation still waits, to be sent or to be confirmed; what is in flight finishes by itself. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { endSomeUnclaimed } from './end-unclaimed.ts';
import { LaneContended, runStep, type StepEffects } from './lane-step.ts';
import type { Batch, Operation, Verdict } from './model.ts';
import { affordable, fitting, settle } from './settle.ts';
import { isTerminal, type Change, type DescribeState } from './verdict.ts';

export const closeRequest = z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'CloseOperationRequest' });

export const closedBody = z
  .strictObject({
    id: z.string(),
    status: z.string(),
    /** Items that are in flight and end by themselves; close again if they do not. */
    inFlight: z.int().min(0),
  })
  .meta({ id: 'ClosedOperation' });

/** A repeat, and closing what has ended, change nothing. Errors: ResourceNotFound, ServiceBusy. */
export type CloseByHand = (operationId: string, reason: string) => Promise<{ body: z.infer<typeof closedBody> } | AppError>;

export type CloseEffects = StepEffects & { now: () => number; describe: DescribeState; wakeLane: (lane: string) => Promise<void> };

const CODE = 'ClosedByOperator';

/** Upstream took the content, or may have: `executed` where it was sent. */
const closed = (reason: string, executed: boolean): Verdict => ({
  to: 'failed',
  executed,
  error: { code: CODE, upstream: [{ code: CODE, message: reason }] },
});

const waitingChanges = (batches: readonly Row<Batch>[], op: number, verdict: Verdict): Change[] =>
  batches.flatMap(({ value: batch }) =>
    (batch.phase === 'submitted' ? batch.waiting : []).flatMap((index): Change[] => {
      const member = batch.members[index];
      return member?.op === op ? [{ n: batch.n, index, member, verdict }] : [];
    }),
  );

/** One transaction; true when there may be more. Ends what awaits its confirmation first, then what was never sent. */
const closeOnce = (effects: CloseEffects, { lane, id }: Operation, reason: string): Promise<boolean | undefined> =>
  runStep(effects, lane, async (row) => {
    const operation = await effects.lanes.readOperation(id);
    if (!operation || isTerminal(operation.state)) return { result: false };
    const batches = await effects.lanes.readBatches(lane);
    const waiting = fitting(waitingChanges(batches, operation.seq, closed(reason, true)));
    if (waiting.length > 0) {
      const rows = await effects.lanes.readTouched(lane, waiting);
      const byNumber = new Map(batches.map((batch) => [batch.value.n, batch]));
      const changes = affordable(waiting, byNumber, rows);
      return { result: true, ...settle(row.value, byNumber, rows, changes, effects.describe, effects.now()) };
    }
    return endSomeUnclaimed(effects, row.value, operation, closed(reason, false), batches);
  });

export const makeCloseByHand =
  (effects: CloseEffects): CloseByHand =>
  async (operationId, reason) => {
    const found = await effects.lanes.readOperation(operationId);
    if (!found) return new AppError('ResourceNotFound', { target: 'operation' });
    try {
      while (await closeOnce(effects, found, reason));
    } catch (error) {
      if (error instanceof LaneContended) return new AppError('ServiceBusy');
      throw error;
    }
    await effects.wakeLane(found.lane);
    const { state, counts } = (await effects.lanes.readOperation(operationId)) ?? found;
    return { body: { id: operationId, status: state, inFlight: counts.pending + counts.submitted } };
  };
