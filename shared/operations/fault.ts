/** Pure: unexpected errors are counted in their lane, backed off, and end the operation at fault when there were too many. */
import type { LaneDueKind } from '../platform/tables/due.ts';
import { applyDue } from './apply-due.ts';
import type { AccountLane, Batch } from './model.ts';

/** An unexpected error while something was done for one operation. */
export class OperationFault extends Error {
  readonly code = 'OperationFault';
  readonly op: number;

  constructor(op: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.op = op;
  }
}

/** Runs `act` for one operation; what it throws is held against it. */
export const blaming = <T>(op: number | undefined, act: () => T): T => {
  try {
    return act();
  } catch (error) {
    throw op === undefined || error instanceof OperationFault ? error : new OperationFault(op, error);
  }
};

/** After the first, second … error. */
const BACK_OFF_MS = [5_000, 30_000, 120_000, 600_000] as const;
/** This many errors of one operation, and it is given up. */
export const MAX_FAULTS = 5;
/** This many of a batch of several operations, and it is taken apart to find the one. */
export const SUSPICIOUS_FAULTS = 2;

export const backOffMs = (count: number): number => BACK_OFF_MS[Math.min(count, BACK_OFF_MS.length) - 1] ?? 0;

export const faultsOf = (lane: AccountLane, key: string): number => lane.faults?.[key] ?? 0;

const counted = (lane: AccountLane, key: string): AccountLane => ({ ...lane, faults: { ...lane.faults, [key]: faultsOf(lane, key) + 1 } });

/** An operation with its last error is condemned: nothing of it is sent any more. */
const judged = (lane: AccountLane, op: number): AccountLane =>
  faultsOf(lane, String(op)) < MAX_FAULTS || lane.condemned?.includes(op) ? lane : { ...lane, condemned: [...(lane.condemned ?? []), op] };

/** The lane after an error in one kind of its work, which rests for a while. `op`: the operation at fault, where one is. */
export const afterFault = (start: AccountLane, kind: LaneDueKind, op: number | undefined, nowMs: number): AccountLane => {
  const key = op === undefined ? kind : String(op);
  const lane = op === undefined ? counted(start, key) : judged(counted(start, key), op);
  const untilMs = nowMs + backOffMs(faultsOf(lane, key));
  const due = lane.due[kind] === undefined ? lane.due : { ...lane.due, [kind]: untilMs };
  return { ...lane, rests: { ...lane.rests, [kind]: untilMs }, due };
};

/** The lane after an error around one batch; only that batch rests, held against its first operation. */
export const afterBatchFault = (start: AccountLane, batch: Batch, nowMs: number): AccountLane => {
  const op = batch.members[0]?.op ?? 0;
  const lane = judged(counted(start, String(op)), op);
  const untilMs = nowMs + backOffMs(faultsOf(lane, String(op)));
  const flying = lane.flying.map((f) => (f.n === batch.n ? { ...f, notBeforeMs: Math.max(f.notBeforeMs, untilMs) } : f));
  return applyDue({ ...lane, flying }, nowMs);
};

/** The lane without the errors of one kind of work that has succeeded since. */
export const afterSuccess = (lane: AccountLane, kind: LaneDueKind): AccountLane => {
  const without = <T>(record: Record<string, T> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([k]) => k !== kind));
  return { ...lane, faults: without(lane.faults), rests: without(lane.rests) };
};

export const isResting = (lane: Pick<AccountLane, 'rests'>, kind: LaneDueKind, nowMs: number): boolean => (lane.rests?.[kind] ?? 0) > nowMs;

/** The lane that has nothing more to do with an ended operation's errors. */
export const withoutFaultsOf = (lane: AccountLane, op: number): AccountLane => {
  if (lane.faults === undefined) return lane;
  const faults = Object.fromEntries(Object.entries(lane.faults).filter(([key]) => key !== String(op)));
  return { ...lane, faults, condemned: (lane.condemned ?? []).filter((one) => one !== op) };
};
