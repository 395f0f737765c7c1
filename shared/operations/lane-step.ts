/** Runs one pure step on a lane until it commits: read, decide, write, and all again when somebody else was first. */
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { LaneStore } from './lane-store.ts';
import type { InTurn } from './lane-turns.ts';
import type { AccountLane } from './model.ts';

/** A lane that is this contended for this long is left to its due row. */
const MAX_TRIES = 20;
const MAX_BACKOFF_MS = 200;

export type StepResult<T> = { result: T; lane?: AccountLane; writes?: readonly RowWrite[] };
export type Step<T> = (row: Row<AccountLane>) => Promise<StepResult<T>>;

export type StepEffects = {
  lanes: LaneStore;
  sleep: (ms: number) => Promise<void>;
  random: () => number;
  /** Spares this process races against itself; without it they are lost and won like any other. */
  inTurn?: InTurn;
};

const atOnce: InTurn = (_lane, act) => act();

export class LaneContended extends Error {
  readonly code = 'LaneContended';
}

/** The step's result once committed; undefined when there is no such lane. Throws LaneContended after 20 lost races. */
export const runStep = async <T>(effects: StepEffects, lane: string, step: Step<T>): Promise<T | undefined> => {
  const { lanes, sleep, random, inTurn = atOnce } = effects;
  const attempt = async (): Promise<{ result: T | undefined; over: boolean }> => {
    const row = await lanes.readLane(lane);
    if (!row) return { result: undefined, over: true };
    const { result, lane: next, writes } = await step(row);
    return { result, over: !next || (await lanes.commit(row, next, writes ?? [])) };
  };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { result, over } = await inTurn(lane, attempt);
    if (over) return result;
    await sleep(random() * Math.min(MAX_BACKOFF_MS, 10 * 2 ** tries));
  }
  throw new LaneContended(lane);
};
