/** Pure: records in the batch and its lane what a send has led to. An answer to an older epoch changes nothing. */
import { dueNoLater } from '../platform/tables/due.ts';
import { batchKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';
import { applyDue } from './apply-due.ts';
import { bytesOf, capped, errorRoom, INLINE_BYTES } from './error-texts.ts';
import { onlyOperation, SUSPICIOUS_FAULTS } from './fault.ts';
import { afterRefusal, isHalvingOver, refusalIn } from './halving.ts';
import type { AccountLane, Batch, Flying, Verdict } from './model.ts';
import type { Decision } from './outcome.ts';

/** What halving rejected batches may cost one order beyond its first tries; an order that is all bad must not eat everybody's budget. */
const MAX_EXTRA_REQUESTS = 30;

export type Closed = { lane: AccountLane; writes: RowWrite[] };

const replaced = (lane: AccountLane, row: Row<Batch>, batch: Batch): RowWrite => ({
  kind: 'replace',
  key: batchKey(lane.lane, batch.n),
  value: batch,
  etag: row.etag,
});

/** Verdicts that are small enough to stand in one row, and where the texts of their errors have gone. */
const slimmed = (
  lane: AccountLane,
  verdicts: readonly [number, Verdict][],
): { lane: AccountLane; verdicts: [number, Verdict][]; writes: RowWrite[] } => {
  const kept = verdicts.map(([index, { error, ...verdict }]): [number, Verdict] => [
    index,
    error ? { ...verdict, error: capped(error) } : verdict,
  ]);
  if (kept.reduce((sum, [, { error }]) => sum + (error ? bytesOf(error) : 0), 0) <= INLINE_BYTES)
    return { lane, verdicts: kept, writes: [] };
  const room = errorRoom(lane);
  const moved = kept.map(([index, verdict]): [number, Verdict] => [
    index,
    verdict.error ? { ...verdict, error: room.move(verdict.error) } : verdict,
  ]);
  return { verdicts: moved, ...room.finish(lane) };
};

const answered = (before: AccountLane, row: Row<Batch>, all: [number, Verdict][], nowMs: number): Closed => {
  const { lane, verdicts, writes } = slimmed(before, all);
  const batch: Batch = { ...row.value, phase: 'answered', verdicts, answeredAtMs: nowMs };
  const landed: AccountLane = {
    ...lane,
    flying: lane.flying.filter((f) => f.n !== batch.n),
    answered: [...lane.answered, batch.n],
    due: dueNoLater(lane.due, 'fold', nowMs),
  };
  return { lane: applyDue(landed, nowMs), writes: [replaced(lane, row, batch), ...writes] };
};

const flyingAgain = (lane: AccountLane, row: Row<Batch>, change: Partial<Batch>, notBeforeMs: number, nowMs: number): Closed => {
  const batch: Batch = { ...row.value, ...change, unheard: false };
  const why = batch.ambiguous ? 'quarantine' : 'upstreamPaused';
  const flying = lane.flying.map((f): Flying => (f.n === batch.n ? { n: f.n, notBeforeMs, ...(notBeforeMs > nowMs ? { why } : {}) } : f));
  return { lane: applyDue({ ...lane, flying }, nowMs), writes: [replaced(lane, row, batch)] };
};

/** Without the body that stood for its old pair: it is read and merged anew. */
const unfrozen = (batch: Batch): Batch => {
  if (batch.kind !== 'account') return batch;
  const { frozen: _, ...rest } = batch;
  return { ...rest, bodyHash: '' };
};

const withoutHalf = ({ half: _, ...batch }: Batch): Batch => batch;

/** A part of a batch: a batch of its own with its own pair, not sent yet, that anybody may claim at once. It may inherit an ambiguous past. */
const part = (whole: Batch, n: number, indexes: readonly number[], pair: RepeatabilityPair, hash: string): Batch => ({
  ...withoutHalf(unfrozen(whole)),
  n,
  members: indexes.flatMap((index) => whole.members[index] ?? []),
  bodyHash: whole.kind === 'account' ? '' : hash,
  pair,
  readBack: false,
  epoch: 0,
  claimedAtMs: 0,
  unheard: false,
  // An account that was read back is merged anew: tries that conflicts have cost stay spent.
  setbacks: whole.kind === 'account' ? whole.setbacks : 0,
  verdicts: [],
  waiting: [],
});

export type SplitParts = { pair: () => RepeatabilityPair; hashOf: (batch: Pick<Batch, 'kind' | 'members'>) => string };

/** `suspect`: taken apart because of unexpected errors. */
type Division = { verdicts: [number, Verdict][]; parts: number[][]; readBack?: boolean; suspect?: boolean };

/** The next error takes a suspect apart again; what is one operation's alone has nothing against it yet. */
const suspected = (batch: Batch): Batch => ({ ...batch, faults: onlyOperation(batch) === undefined ? SUSPICIOUS_FAULTS - 1 : 0 });

/** Parts fly on in their own rows; members already judged stay behind in the old one. */
const divide = (lane: AccountLane, row: Row<Batch>, division: Division, parts: SplitParts, nowMs: number): Closed => {
  const whole = row.value;
  const halves = division.parts.map((indexes, k) => {
    const members = indexes.flatMap((index) => whole.members[index] ?? []);
    const like = part(whole, lane.batches + 1 + k, indexes, parts.pair(), parts.hashOf({ kind: whole.kind, members }));
    const isHalf = division.suspect !== true && division.parts.length === 2;
    const half: Batch = { ...(division.suspect === true ? suspected(like) : like), ...(isHalf ? { half: whole.n } : {}) };
    return division.readBack === true ? { ...half, readBack: true } : half;
  });
  const grown: AccountLane = {
    ...lane,
    batches: lane.batches + halves.length,
    flying: [...lane.flying, ...halves.map((half) => ({ n: half.n, notBeforeMs: nowMs }))],
  };
  const inserts = halves.map((half): RowWrite => ({ kind: 'insert', key: batchKey(lane.lane, half.n), value: half }));
  const rest: Closed =
    division.verdicts.length > 0
      ? answered(grown, row, division.verdicts, nowMs)
      : {
          lane: applyDue({ ...grown, flying: grown.flying.filter((f) => f.n !== whole.n) }, nowMs),
          writes: [{ kind: 'delete', key: batchKey(lane.lane, whole.n) }],
        };
  return { lane: rest.lane, writes: [...rest.writes, ...inserts] };
};

const countExtra = (lane: AccountLane, batch: Batch, requests: number): AccountLane => {
  const op = String(batch.members[0]?.op ?? 0);
  return { ...lane, extra: { ...lane.extra, [op]: (lane.extra[op] ?? 0) + requests } };
};

const mayStillSplit = (lane: AccountLane, batch: Batch, requests: number): boolean =>
  (lane.extra[String(batch.members[0]?.op ?? 0)] ?? 0) + requests <= MAX_EXTRA_REQUESTS;

/** The lane and writes after `decision`, or undefined when the batch was claimed anew since `epoch` (the late one gives up). */
export const close = (
  lane: AccountLane,
  row: Row<Batch>,
  epoch: number,
  decision: Decision,
  parts: SplitParts,
  nowMs: number,
): Closed | undefined => {
  const batch = row.value;
  if (batch.epoch !== epoch || batch.phase !== 'flying') return undefined;
  switch (decision.kind) {
    case 'verdicts': {
      const refusal = refusalIn(batch, decision.verdicts);
      return answered(refusal ? afterRefusal(lane, batch, refusal) : lane, row, decision.verdicts, nowMs);
    }
    case 'split': {
      const requests = decision.parts.length;
      const known = decision.verdicts.length === 0 ? afterRefusal(lane, batch, decision.reason) : lane;
      if (!isHalvingOver(known, batch) && mayStillSplit(known, batch, requests))
        return divide(countExtra(known, batch, requests), row, decision, parts, nowMs);
      const all = batch.members.map((_, index): [number, Verdict] => [index, decision.reason]);
      return answered(known, row, all, nowMs);
    }
    case 'sendRest':
      return divide(lane, row, { verdicts: decision.verdicts, parts: decision.rest.length > 0 ? [decision.rest] : [] }, parts, nowMs);
    case 'isolate': {
      const unsure = batch.ambiguous || batch.unheard;
      const whole: Row<Batch> = { ...row, value: { ...batch, ambiguous: unsure } };
      return divide(lane, whole, { verdicts: decision.verdicts, parts: decision.parts, readBack: unsure, suspect: true }, parts, nowMs);
    }
    case 'again': {
      const ambiguous = batch.ambiguous || decision.ambiguous;
      const setbacks = batch.setbacks + (decision.setback ? 1 : 0);
      const again = decision.newPair ? { ...row, value: { ...unfrozen(batch), pair: parts.pair() } } : row;
      return flyingAgain(lane, again, { ambiguous, setbacks }, nowMs + decision.afterMs, nowMs);
    }
    case 'quarantine': {
      // The time set at the claim stands: by then nothing of this try can still be under way.
      const notBeforeMs = lane.flying.find((f) => f.n === batch.n)?.notBeforeMs ?? nowMs;
      return flyingAgain(lane, row, { ambiguous: true }, notBeforeMs, nowMs);
    }
    case 'readBack':
      return flyingAgain(lane, row, { ambiguous: true, readBack: true }, nowMs, nowMs);
  }
};
