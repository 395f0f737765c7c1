/** Lets go the claims on numbers that a lane no longer needs; killed anywhere, the next run does the same again. */
import { below, lanePartition } from '../platform/tables/keys.ts';
import { notDue } from '../platform/tables/due.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Freed } from './freed.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { recordIn, recordsOf, type NumberBlock } from './number-block.ts';
import type { NumberIndex } from './number-index.ts';

export type FreeEffects = StepEffects & { state: RowStore; index: NumberIndex };

const ROWS_A_TURN = 20;
const BLOCKS_A_READ = 50;

const readFreed = async (state: RowStore, lane: string): Promise<Row<Freed>[]> => {
  const { from, to } = below('free', lane);
  return (await state.range(lanePartition(lane), from, to, ROWS_A_TURN)) as Row<Freed>[];
};

/** What was ever known of the account's numbers still says which they were. */
const freeAll = async ({ state, index }: FreeEffects, lane: string, upTo: number): Promise<void> => {
  const { to } = below('num', lane);
  let from: string | undefined = below('num', lane).from;
  while (from !== undefined) {
    const rows = await state.range(lanePartition(lane), from, to, BLOCKS_A_READ);
    const digits = rows.flatMap(({ key, value }) =>
      recordsOf(key.slice(below('num', lane).from.length), value as NumberBlock).map(([one]) => one),
    );
    await index.hand(lane, digits, (_, op) => (op <= upTo ? undefined : op));
    const last = rows.at(-1);
    from = last && rows.length === BLOCKS_A_READ ? `${last.key}\u0000` : undefined;
  }
};

/** A claim made by an operation that came to nothing goes back to the one that decided what is there, or goes. */
const free = async (effects: FreeEffects, lane: string, { gone, unused, account }: Freed): Promise<void> => {
  const { lanes, index } = effects;
  if (account !== undefined) await freeAll(effects, lane, account);
  const goneUpTo = new Map(gone.map(({ digits, op }) => [digits, op]));
  await index.hand(lane, [...goneUpTo.keys()], (digits, op) => (op <= (goneUpTo.get(digits) ?? 0) ? undefined : op));
  const unusedBy = new Map(unused.map(({ digits, op }) => [digits, op]));
  const blocks = await lanes.readBlocks(lane, [...unusedBy.keys()]);
  const known = (await lanes.readLane(lane))?.value.account ?? {};
  const decidedBy = (digits: string): number | undefined => recordIn(blocks, digits, known)?.by;
  await index.hand(lane, [...unusedBy.keys()], (digits, op) => (op === unusedBy.get(digits) ? decidedBy(digits) : op));
};

/** Resolves when nothing is left to let go. */
export const makeFreeLane =
  (effects: FreeEffects) =>
  async (lane: string): Promise<void> => {
    for (let more: boolean | undefined = true; more === true;) {
      const rows = await readFreed(effects.state, lane);
      for (const { value } of rows) await free(effects, lane, value);
      more = await runStep(effects, lane, async (row) => {
        const left = await readFreed(effects.state, lane);
        const done = rows.filter(({ key }) => left.some((other) => other.key === key));
        const empty = left.length === done.length && left.length < ROWS_A_TURN;
        const due = empty ? notDue(row.value.due, 'free') : row.value.due;
        const writes = done.map(({ key }) => ({ kind: 'delete', key }) as const);
        return { result: !empty, lane: { ...row.value, due }, writes };
      });
    }
  };
