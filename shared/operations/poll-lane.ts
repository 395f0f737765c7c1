/** Looks a lane's submitted items up at upstream and folds what it hears. */
import type { Row } from '../platform/tables/row-store.ts';
import { notDue } from '../platform/tables/due.ts';
import type { AskUpstream } from './ask-upstream.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import type { AccountLane, Batch } from './model.ts';
import { pollAsk } from './permit-ask.ts';
import { pollChanges, snapshot, type Seen, type Snapshot } from './poll-fold.ts';
import { nextPollDelayMs, SWEEP_WHILE_SENDING_MS } from './poll-schedule.ts';
import { readAccount, readNumbers } from './read-numbers.ts';
import { fitting, settle } from './settle.ts';
import type { DescribeEnd } from './verdict.ts';

export type PollEffects = StepEffects & { now: () => number; ask: AskUpstream; describe: DescribeEnd };

/** A sweep put off because uploads come first is looked at again after this. */
const PUT_OFF_MS = 10_000;

/** Folds what was seen, a transaction at a time, until nothing of it is news. */
const foldSeen = async (effects: PollEffects, lane: string, before: Snapshot, seen: Seen): Promise<void> => {
  const foldOnce = (): Promise<boolean | undefined> =>
    runStep(effects, lane, async (row) => {
      const batches = await effects.lanes.readBatches(lane);
      const all = pollChanges(batches, before, seen);
      const changes = fitting(all);
      if (changes.length === 0) return { result: false };
      const rows = await effects.lanes.readTouched(lane, changes);
      const byNumber = new Map(batches.map((batch): [number, Row<Batch>] => [batch.value.n, batch]));
      const settled = settle(row.value, byNumber, rows, changes, effects.describe, effects.now());
      return { result: changes.length < all.length, ...settled };
    });
  while (await foldOnce());
};

const sweep = async (effects: PollEffects, lane: AccountLane, before: Snapshot): Promise<void> => {
  if (before.has('')) {
    const account = await readAccount(effects.ask, lane.accountName, pollAsk(lane));
    if (account && account !== 'absent') await foldSeen(effects, lane.lane, before, new Map([['', account.resource]]));
  }
  const digits = [...before.keys()].filter((one) => one !== '');
  if (digits.length === 0) return;
  await readNumbers(effects.ask, lane.accountName, digits, pollAsk(lane), (seen) => foldSeen(effects, lane.lane, before, seen));
};

const rescheduled = (lane: AccountLane, nowMs: number, delayMs: number, pollTry: number): AccountLane =>
  lane.waiting === 0
    ? { ...lane, due: notDue(lane.due, 'poll') }
    : { ...lane, pollTry, waitingSinceMs: nowMs, due: { ...lane.due, poll: nowMs + delayMs } };

const reschedule = (effects: PollEffects, lane: string, startedMs: number): Promise<unknown> =>
  runStep(effects, lane, async ({ value }) => {
    // Submitted meanwhile: that has set the next look already.
    if ((value.due.poll ?? 0) > startedMs) return Promise.resolve({ result: undefined });
    const nowMs = effects.now();
    return Promise.resolve({ result: undefined, lane: rescheduled(value, nowMs, nextPollDelayMs(value.pollTry + 1), value.pollTry + 1) });
  });

const putOff = (effects: PollEffects, lane: string): Promise<unknown> =>
  runStep(effects, lane, async ({ value }) =>
    Promise.resolve({ result: undefined, lane: { ...value, due: { ...value.due, poll: effects.now() + PUT_OFF_MS } } }),
  );

/** One look at everything that waited when it began; sets when to look again. */
export const makePollLane =
  (effects: PollEffects) =>
  async (lane: string): Promise<void> => {
    const startedMs = effects.now();
    const row = await effects.lanes.readLane(lane);
    if (!row) return;
    const sending = row.value.unsent > 0 && startedMs - (row.value.waitingSinceMs ?? startedMs) < SWEEP_WHILE_SENDING_MS;
    if (sending && row.value.waiting > 0) {
      await putOff(effects, lane);
      return;
    }
    await sweep(effects, row.value, snapshot(await effects.lanes.readBatches(lane)));
    await reschedule(effects, lane, startedMs);
  };
