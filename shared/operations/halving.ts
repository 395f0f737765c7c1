/** Pure: when both halves of two splits of an order were refused alike, all of the order is bad: halving it further tells nothing new. */
import type { AccountLane, Batch, Halving, Verdict } from './model.ts';

/** Splits of an order that tell, when both halves of each are refused, that all of it is bad. */
export const ENOUGH_SPLITS = 2;

/** The one operation that all of the batch belongs to; a refusal of several tells of none. */
const soleOperation = ({ members }: Batch): string | undefined => {
  const [first] = members;
  return first && members.every(({ op }) => op === first.op) ? String(first.op) : undefined;
};

/** The operation that a refusal of this batch tells of. */
export const halvedOperation = (batch: Batch): string | undefined => (batch.mixed === true ? undefined : soleOperation(batch));

const codeOf = ({ error }: Verdict): string => error?.upstream?.[0]?.code ?? error?.code ?? '';

/** The lane that knows that this half was refused as a whole for `reason`. */
export const afterRefusal = (lane: AccountLane, batch: Batch, reason: Verdict): AccountLane => {
  const op = halvedOperation(batch);
  if (op === undefined || batch.half === undefined) return lane;
  const known: Halving = lane.halving?.[op] ?? { halves: {}, both: {} };
  const code = codeOf(reason);
  const whole = String(batch.half);
  if (known.halves[whole] !== code)
    return { ...lane, halving: { ...lane.halving, [op]: { ...known, halves: { ...known.halves, [whole]: code } } } };
  const both = { ...known.both, [code]: (known.both[code] ?? 0) + 1 };
  const over = (both[code] ?? 0) >= ENOUGH_SPLITS && reason.error ? { over: reason.error } : {};
  return { ...lane, halving: { ...lane.halving, [op]: { ...known, both, ...over } } };
};

/** Whether halving this batch is over before it begins. */
export const isHalvingOver = (lane: AccountLane, batch: Batch): boolean => {
  const op = soleOperation(batch);
  return op !== undefined && lane.halving?.[op]?.over !== undefined;
};

/** A refusal of everybody, if these verdicts are one. */
export const refusalIn = (batch: Batch, verdicts: readonly [number, Verdict][]): Verdict | undefined => {
  const [first] = verdicts;
  const all =
    verdicts.length === batch.members.length &&
    verdicts.every(([, { to, error }]) => to === 'failed' && error?.code === 'UpstreamRejected');
  return all ? first?.[1] : undefined;
};

/** Whether enough of an operation was refused that its rest may end unsent. */
export const isRestOver = (lane: AccountLane, op: number): boolean => lane.halving?.[String(op)]?.over !== undefined;

/** What becomes of numbers of an operation that have not been sent; undefined where something of it was taken, so that not all of it is bad. */
export const verdictOnRest = (
  lane: AccountLane,
  op: number,
  counts: { submitted: number; succeeded: number; superseded: number } | undefined,
): Verdict | undefined => {
  const error = lane.halving?.[String(op)]?.over;
  if (!error || !counts || counts.submitted + counts.succeeded + counts.superseded > 0) return undefined;
  return { to: 'failed', executed: false, error };
};

/** The lane that has nothing more to do with an ended operation's halves. */
export const withoutHalvingOf = (lane: AccountLane, op: number): AccountLane => {
  if (lane.halving === undefined) return lane;
  return { ...lane, halving: Object.fromEntries(Object.entries(lane.halving).filter(([key]) => key !== String(op))) };
};
