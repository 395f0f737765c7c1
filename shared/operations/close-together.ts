/** Records what sends have led to; answers that come in while another is being recorded are recorded together. */
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { close, type SplitParts } from './close.ts';
import { bytesOf } from './error-texts.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane, Batch } from './model.ts';
import type { Decision } from './outcome.ts';

/** What became of one claimed batch. */
export type Outcome = { batch: Batch; decision: Decision; parts: SplitParts };

/** Resolves when it is recorded, or when the batch turns out to be somebody else's. */
export type CloseBatch = (outcome: Outcome) => Promise<void>;

/** Rows and JSON text of one transaction, far within its budget. */
const MAX_TOGETHER = 8;
const MAX_BYTES = 800_000;

type Waiting = { outcome: Outcome; settle: () => void; fail: (error: unknown) => void };
type Group = { lane: AccountLane; writes: RowWrite[]; recorded: number };

/** As many of `outcomes`, from the first on, as one transaction should hold. */
const closeGroup = (start: AccountLane, outcomes: readonly Outcome[], rows: readonly (Row<Batch> | undefined)[], nowMs: number): Group => {
  let [lane, bytes, recorded] = [start, 0, 0];
  const writes: RowWrite[] = [];
  for (const [at, { batch, decision, parts }] of outcomes.entries()) {
    const row = rows[at];
    const closed = row && close(lane, row, batch.epoch, decision, parts, nowMs);
    bytes += bytesOf(closed?.writes ?? []);
    if (recorded > 0 && bytes > MAX_BYTES) break;
    recorded++;
    if (!closed) continue;
    lane = closed.lane;
    writes.push(...closed.writes);
  }
  return { lane, writes, recorded };
};

export const makeCloseBatch = (effects: StepEffects & { now: () => number }, lane: string): CloseBatch => {
  let waiting: Waiting[] = [];
  let running = false;

  /** How many of the first ones are recorded now; none is left when the lane is gone. */
  const record = async (group: readonly Waiting[]): Promise<number> => {
    const outcomes = group.map(({ outcome }) => outcome);
    const recorded = await runStep(effects, lane, async (row) => {
      const rows = await Promise.all(outcomes.map(({ batch }) => effects.lanes.readBatch(lane, batch.n)));
      const { lane: next, writes, recorded: count } = closeGroup(row.value, outcomes, rows, effects.now());
      return next === row.value ? { result: count } : { result: count, lane: next, writes };
    });
    return recorded ?? group.length;
  };

  /** The same, but an error hits only the one that causes it. */
  const recordSome = async (group: readonly Waiting[]): Promise<number> => {
    try {
      return await record(group);
    } catch (error) {
      if (group.length > 1) return recordSome(group.slice(0, 1));
      for (const one of group) one.fail(error);
      return group.length;
    }
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.slice(0, MAX_TOGETHER);
      const count = await recordSome(group);
      for (const one of group.slice(0, count)) one.settle();
      waiting = waiting.slice(count);
    }
    running = false;
  };

  return (outcome) =>
    new Promise((settle, fail) => {
      waiting.push({ outcome, settle, fail });
      if (running) return;
      running = true;
      void run();
    });
};
