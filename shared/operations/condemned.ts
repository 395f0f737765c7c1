/** Pure: what becomes of a batch around which unexpected errors go on: taken apart, or read back instead of sent. */
import { SUSPICIOUS_FAULTS } from './fault.ts';
import type { AccountLane, Batch, Verdict } from './model.ts';
import type { Decision } from './outcome.ts';

export const INTERNAL_ERROR = { code: 'InternalError' } as const;

/** Whether the batch has items of an operation that was given up after too many faults. */
export const isCondemned = (lane: AccountLane, batch: Batch): boolean => batch.members.some(({ op }) => lane.condemned?.includes(op));

/** Two halves by operations of a batch that went wrong repeatedly: one of them is innocent. Undefined where there is nothing to halve. */
export const suspectHalves = (batch: Batch): number[][] | undefined => {
  const ops = [...new Set(batch.members.map(({ op }) => op))];
  if (ops.length < 2 || (batch.faults ?? 0) < SUSPICIOUS_FAULTS) return undefined;
  const first = new Set(ops.slice(0, Math.ceil(ops.length / 2)));
  const indexes = [...batch.members.keys()];
  const inFirst = (index: number): boolean => first.has(batch.members[index]?.op ?? 0);
  return [indexes.filter(inFirst), indexes.filter((index) => !inFirst(index))];
};

/** What was read back of a batch; what it does not prove of a condemned operation has failed. */
export const condemn = (lane: AccountLane, batch: Batch, read: Decision): Decision => {
  if (read.kind !== 'sendRest') return read;
  const failed: Verdict = { to: 'failed', executed: batch.ambiguous, error: INTERNAL_ERROR };
  const doomed = new Set(read.rest.filter((index) => lane.condemned?.includes(batch.members[index]?.op ?? 0)));
  return {
    kind: 'sendRest',
    verdicts: [...read.verdicts, ...[...doomed].map((index): [number, Verdict] => [index, failed])],
    rest: read.rest.filter((index) => !doomed.has(index)),
  };
};
