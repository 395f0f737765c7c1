/** Records unexpected errors in their lane, and gives up the operation that has made too many. */
import type { LaneDueKind } from '../platform/tables/due.ts';
import { INTERNAL_ERROR } from './condemned.ts';
import { endSomeUnclaimed } from './end-unclaimed.ts';
import { afterBatchFault, afterFault, afterSuccess, faultsOf, onlyOperation, OperationFault } from './fault.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { Batch, Verdict } from './model.ts';
import type { DescribeStall } from './stalled.ts';
import { tellUnrecorded } from './tell-stalled.ts';
import { isTerminal, type DescribeState } from './verdict.ts';

export type FaultEffects = StepEffects & {
  describeStall: DescribeStall;
  now: () => number;
  describe: DescribeState;
  /** Errors that are nobody's fault and pass by themselves, such as a storage that does not answer: the due row stands. */
  isTrouble: (error: unknown) => boolean;
  /** Told of every error. */
  onFault: (lane: string, error: unknown) => void;
};

export type NoteFault = {
  /** An error in one kind of a lane's work; that kind rests for a while. */
  work: (lane: string, kind: LaneDueKind, error: unknown) => Promise<void>;
  /** An error around one batch; that batch rests for a while. */
  batch: (lane: string, batch: Batch, error: unknown) => Promise<void>;
  /** One kind of work went well after errors. */
  success: (lane: string, kind: LaneDueKind) => Promise<void>;
};

/** Errors in recording answers, over more than half an hour, after which those who wait for them are told. */
const TOLD_AFTER = 7;

const FAILED: Verdict = { to: 'failed', executed: false, error: INTERNAL_ERROR };

/** Ends what no batch holds of a condemned operation, a transaction at a time; what batches hold is read back when they are due. */
const endCondemned = async (effects: FaultEffects, lane: string, op: number): Promise<void> => {
  const endOnce = (): Promise<boolean | undefined> =>
    runStep(effects, lane, async (row) => {
      const operation = await effects.lanes.readOperationAt(lane, op);
      if (!row.value.condemned?.includes(op) || !operation || isTerminal(operation.state)) return { result: false };
      return endSomeUnclaimed(effects, row.value, operation, FAILED);
    });
  while (await endOnce());
};

export const makeNoteFault = (effects: FaultEffects): NoteFault => {
  const { onFault, isTrouble, now } = effects;
  /** What cannot be recorded is told; the due row stands and brings it back. */
  const told = async (lane: string, error: unknown, record: () => Promise<void>): Promise<void> => {
    onFault(lane, error);
    if (isTrouble(error)) return;
    await record().catch((another: unknown) => onFault(lane, another));
  };
  return {
    work: (lane, kind, error) =>
      told(lane, error, async () => {
        const op = error instanceof OperationFault ? error.op : undefined;
        const nowMs = now();
        const faults = await runStep(effects, lane, ({ value }) => {
          const noted = afterFault(value, kind, op, nowMs);
          return Promise.resolve({ result: faultsOf(noted, op === undefined ? kind : String(op)), lane: noted });
        });
        if (op !== undefined) await endCondemned(effects, lane, op);
        if (kind === 'fold' && (faults ?? 0) >= TOLD_AFTER) await tellUnrecorded(effects, lane, op);
      }),
    batch: (lane, batch, error) =>
      told(lane, error, async () => {
        await runStep(effects, lane, async ({ value }) => {
          const row = await effects.lanes.readBatch(lane, batch.n);
          const noted = row?.value.phase === 'flying' ? afterBatchFault(value, row, batch.faults ?? 0, now()) : undefined;
          return { result: undefined, ...noted };
        });
        const op = onlyOperation(batch);
        if (op !== undefined) await endCondemned(effects, lane, op);
      }),
    success: async (lane, kind) => {
      await runStep(effects, lane, ({ value }) =>
        Promise.resolve(value.rests?.[kind] === undefined ? { result: undefined } : { result: undefined, lane: afterSuccess(value, kind) }),
      );
    },
  };
};
