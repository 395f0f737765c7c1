/** Empties a lane's backlog into upstream: a permit, then the whole backlog up to 100 numbers, up to four batches in flight. */
import type { TakePermit } from '../platform/budget/permit.ts';
import { claim, type Claim } from './claim.ts';
import { runStep } from './lane-step.ts';
import { MAX_FLYING, type AccountLane } from './model.ts';
import { nextBatchAsk } from './permit-ask.ts';
import { isReleaseDue, releaseHeld } from './release-held.ts';
import { sendBatch, type SendEffects } from './send-batch.ts';
import type { HaltOver } from './stop-gate.ts';

export type PumpEffects = SendEffects & {
  takePermit: TakePermit;
  /** Folds what has been answered. */
  foldLane: (lane: string) => Promise<void>;
  /** Asked before a permit is taken, and again before it is used: nothing is claimed while writes are halted. */
  haltOver: HaltOver;
  /** How long after a claim nobody else may send the batch. */
  quietMs: number;
  /** Told of what went wrong with one batch; its due row brings it back. */
  onFault: (lane: string, error: unknown) => void;
};

/** Longer waits are left to the due row: the session goes to another lane meanwhile. */
const PERMIT_WAIT_MS = 20_000;

const mayHaveWork = (lane: AccountLane, nowMs: number): boolean =>
  (lane.unsent > 0 && lane.flying.length < MAX_FLYING) || lane.flying.some((f) => f.notBeforeMs <= nowMs);

/** What a lane's blockade hangs on: while this stays the same, claiming again is a permit wasted. */
const standing = (lane: AccountLane): string => JSON.stringify([lane.flying, lane.answered, lane.accepted, lane.lined]);

const claimNext = (effects: PumpEffects, lane: string): Promise<Claim | undefined> =>
  runStep(effects, lane, async (row) => {
    const batches = await effects.lanes.readBatches(lane);
    const out = batches.filter(({ value }) => value.phase !== 'submitted').reduce((sum, { value }) => sum + value.members.length, 0);
    const backlog = await effects.lanes.readBacklog(row.value, out);
    const { newPair, quietMs } = effects;
    const result = claim({ lane: row.value, batches, backlog, nowMs: effects.now(), quietMs, newPair });
    const changed = result.kind === 'claimed' || result.lane.due.apply !== row.value.due.apply;
    return changed ? { result, lane: result.lane, writes: result.kind === 'claimed' ? result.writes : [] } : { result };
  });

/** Resolves when nothing can be sent now, no permit comes, or `deadlineMs` has passed; what it started has ended by then. */
export const pump = async (effects: PumpEffects, lane: string, deadlineMs: number): Promise<void> => {
  const inFlight = new Set<Promise<void>>();
  let blockedBy = '';
  while (effects.now() < deadlineMs) {
    const row = await effects.lanes.readLane(lane);
    if (row && isReleaseDue(row.value, effects.now())) {
      await releaseHeld(effects, lane);
      continue;
    }
    const promising = row && mayHaveWork(row.value, effects.now()) && standing(row.value) !== blockedBy;
    if (!promising || inFlight.size >= MAX_FLYING) {
      if (inFlight.size === 0) break;
      await Promise.race(inFlight);
      continue;
    }
    if (await effects.haltOver(row.value)) break;
    const permit = await effects.takePermit(nextBatchAsk(row.value, effects.now()), PERMIT_WAIT_MS);
    if (!permit || (await effects.haltOver(row.value))) break;
    const claimed = await claimNext(effects, lane);
    if (claimed?.kind !== 'claimed') {
      blockedBy = claimed ? standing(claimed.lane) : '';
      if (!claimed) break;
      continue;
    }
    const sent: Promise<void> = sendBatch(effects, claimed.lane, claimed.batch, permit)
      .then(() => effects.foldLane(lane))
      .catch((error: unknown) => effects.onFault(lane, error))
      .finally(() => inFlight.delete(sent));
    inFlight.add(sent);
  }
  await Promise.all(inFlight);
};
