/** Pure: unexpected errors are counted in their lane, backed off, and end the operation at fault when there were too many. */
import type { LaneDueKind } from '../platform/tables/due.ts';
import { batchKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { applyDue } from './apply-due.ts';
import type { AccountLane, Batch, Flying } from './model.ts';

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
/** This many errors of one operation, or around one batch of its items alone, and it is given up. */
export const MAX_FAULTS = 5;
/** This many of a batch of several operations, and it is taken apart to find the one. */
export const SUSPICIOUS_FAULTS = 2;

/** For the `count`th fault in a row, from 1; it stays at the longest. */
export const backOffMs = (count: number): number => BACK_OFF_MS[Math.min(count, BACK_OFF_MS.length) - 1] ?? 0;

export const faultsOf = (lane: AccountLane, key: string): number => lane.faults?.[key] ?? 0;

const counted = (lane: AccountLane, key: string): AccountLane => ({ ...lane, faults: { ...lane.faults, [key]: faultsOf(lane, key) + 1 } });

/** Nothing of a condemned operation is sent any more. */
const condemned = (lane: AccountLane, op: number): AccountLane =>
  lane.condemned?.includes(op) ? lane : { ...lane, condemned: [...(lane.condemned ?? []), op] };

const judged = (lane: AccountLane, op: number): AccountLane => (faultsOf(lane, String(op)) < MAX_FAULTS ? lane : condemned(lane, op));

/**
 * The lane after an error in one kind of its work, which rests for a while. `op`: the operation at fault, where one is. Told again of the
 * error of this very time, as a commit was reported lost, it is not counted again.
 */
export const afterFault = (start: AccountLane, kind: LaneDueKind, op: number | undefined, nowMs: number): AccountLane => {
  const key = op === undefined ? kind : String(op);
  const before = faultsOf(start, key);
  if (before > 0 && start.rests?.[kind] === nowMs + backOffMs(before)) return start;
  const lane = op === undefined ? counted(start, key) : judged(counted(start, key), op);
  const untilMs = nowMs + backOffMs(faultsOf(lane, key));
  const due = lane.due[kind] === undefined ? lane.due : { ...lane.due, [kind]: untilMs };
  return { ...lane, rests: { ...lane.rests, [kind]: untilMs }, due };
};

/** The operation that all members belong to; undefined where there are several, of which any may be innocent. */
export const onlyOperation = ({ members }: Pick<Batch, 'members'>): number | undefined => {
  const [op, ...others] = new Set(members.map((member) => member.op));
  return others.length === 0 ? op : undefined;
};

/**
 * After an error around one batch: only that batch rests, and the count is its own, so that many of an order that fail at once count once each.
 * `before`: errors that were counted when the work that failed began. Undefined when this one, too, is counted already.
 */
export const afterBatchFault = (
  start: AccountLane,
  row: Row<Batch>,
  before: number,
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } | undefined => {
  if ((row.value.faults ?? 0) > before) return undefined;
  const faults = before + 1;
  const batch: Batch = { ...row.value, faults };
  const untilMs = nowMs + backOffMs(faults);
  const rested = (f: Flying): Flying => (f.n === batch.n ? { ...f, notBeforeMs: Math.max(f.notBeforeMs, untilMs) } : f);
  const op = onlyOperation(batch);
  const lane = op === undefined || faults < MAX_FAULTS ? start : condemned(start, op);
  return {
    lane: applyDue({ ...lane, flying: lane.flying.map(rested) }, nowMs),
    writes: [{ kind: 'replace', key: batchKey(lane.lane, batch.n), value: batch, etag: row.etag }],
  };
};

/** The lane without the errors of one kind of work that has succeeded since. */
export const afterSuccess = (lane: AccountLane, kind: LaneDueKind): AccountLane => {
  const without = <T>(record: Record<string, T> = {}): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([k]) => k !== kind));
  return { ...lane, faults: without(lane.faults), rests: without(lane.rests) };
};

/** Whether work of this kind waits for the end of its back-off. */
export const isResting = (lane: Pick<AccountLane, 'rests'>, kind: LaneDueKind, nowMs: number): boolean => (lane.rests?.[kind] ?? 0) > nowMs;

/** The lane that has nothing more to do with an ended operation's errors. */
export const withoutFaultsOf = (lane: AccountLane, op: number): AccountLane => {
  if (lane.faults === undefined) return lane;
  const faults = Object.fromEntries(Object.entries(lane.faults).filter(([key]) => key !== String(op)));
  return { ...lane, faults, condemned: (lane.condemned ?? []).filter((one) => one !== op) };
};
