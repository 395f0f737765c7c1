/** Gives a held operation its place in the lane's line when its time has come: behind everything that was accepted until then. */
import { operationIdKey, operationKey, segmentKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { applyDue } from './apply-due.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { lineUp } from './line-up.ts';
import type { AccountLane, Held, Operation, Segment } from './model.ts';
import type { OperationRows } from './verdict.ts';

export const isReleaseDue = ({ held }: AccountLane, nowMs: number): boolean => held.some(({ atMs }) => atMs <= nowMs);

const firstDue = ({ held }: AccountLane, nowMs: number): Held | undefined =>
  held.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs || a.seq - b.seq)[0];

/**
 * Pure: the lane and the writes of the release. The seq is what orders operations of a lane, so it gets the next one and its rows move there;
 * unless nothing was accepted since.
 */
export const release = (
  start: AccountLane,
  { seq: from, id }: Held,
  row: Row<Operation>,
  segments: readonly Segment[],
  nowMs: number,
): { lane: AccountLane; writes: RowWrite[] } => {
  const to = start.accepted === from ? from : start.accepted + 1;
  const { heldUntil: _, ...rest } = row.value;
  const operation: Operation = { ...rest, seq: to, linedBefore: start.lined };
  const items = operation.counts.pending;
  const held = start.held.filter(({ seq }) => seq !== from);
  const lane = applyDue({ ...lineUp(start, items, nowMs), accepted: to, held }, nowMs);
  const replaced: RowWrite[] = [{ kind: 'replace', key: operationKey(lane.lane, to), value: operation, etag: row.etag }];
  if (to === from) return { lane, writes: replaced };
  return {
    lane,
    writes: [
      { kind: 'delete', key: operationKey(lane.lane, from) },
      { kind: 'insert', key: operationKey(lane.lane, to), value: operation },
      { kind: 'put', key: operationIdKey(id), value: { v: 1, lane: lane.lane, seq: to } },
      ...segments.flatMap((value, part): RowWrite[] => [
        { kind: 'delete', key: segmentKey(lane.lane, from, part) },
        { kind: 'insert', key: segmentKey(lane.lane, to, part), value },
      ]),
    ],
  };
};

/** Releases the one whose time came first. Throws when its rows are not what the lane says. */
export const releaseHeld = async (effects: StepEffects & { now: () => number }, lane: string): Promise<void> => {
  const missing = await runStep(effects, lane, async (row) => {
    const nowMs = effects.now();
    const held = firstDue(row.value, nowMs);
    if (!held) return { result: undefined };
    const rows: OperationRows = await effects.lanes.readTouched(lane, [{ member: { op: held.seq, seg: 0 } }]);
    const operation = rows.operations.get(held.seq);
    // Released by somebody else between the two reads: then this commit fails, and the next look sees the lane as it is.
    if (!operation) return { result: held.seq, lane: row.value, writes: [] };
    const segments = await effects.lanes.readSegments(operation.value);
    return { result: undefined, ...release(row.value, held, operation, segments, nowMs) };
  });
  if (missing !== undefined) throw new Error(`held operation ${missing} is missing`);
};
