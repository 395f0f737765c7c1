/** Empties a lane's backlog into upstream: a permit, then the whole backlog up to 100 numbers, several batches in flight. */
import type { Permit, TakePermit } from '../platform/budget/permit.ts';
import { batchesToClaim, claimSome, type ClaimedSome } from './claim-some.ts';
import type { ClaimInput } from './claim.ts';
import { blaming } from './fault.ts';
import type { NoteFault } from './note-fault.ts';
import { isDefined } from '../platform/values/defined.ts';
import { makeCloseBatch } from './close-together.ts';
import { holdRefusals, type RefusalHolder } from './hold-refusals.ts';
import { runStep } from './lane-step.ts';
import { MAX_FLYING, type AccountLane, type Member } from './model.ts';
import { nextBatchAsk } from './permit-ask.ts';
import { isReleaseDue, releaseHeld } from './release-held.ts';
import { clearedName, readBefore, screen, screenLane, type Cleared, type ScreenEffects } from './screen-lane.ts';
import { sendBatch, type SendEffects } from './send-batch.ts';
import type { HaltOver } from './stop-gate.ts';

export type PumpEffects = SendEffects &
  ScreenEffects & {
    takePermit: TakePermit;
    /** Folds what has been answered. */
    foldLane: (lane: string) => Promise<void>;
    /** Asked before a permit is taken, and again before it is used: nothing is claimed while writes are halted. */
    haltOver: HaltOver;
    /** How long after a claim nobody else may send the batch. */
    quietMs: number;
    /** Told of what went wrong; the due row brings it back. */
    noteFault: NoteFault;
  };

/** Longer waits are left to the due row: the session goes to another lane meanwhile. */
const PERMIT_WAIT_MS = 6_000;
/** As long as it takes to be given what is free. */
const MORE_WAIT_MS = 100;

const mayHaveWork = (lane: AccountLane, nowMs: number): boolean =>
  (lane.unsent > 0 && lane.flying.length < MAX_FLYING) || lane.flying.some((f) => f.notBeforeMs <= nowMs);

/** What a lane's blockade hangs on: while this stays the same, claiming again is a permit wasted. */
const standing = (lane: AccountLane): string => JSON.stringify([lane.flying, lane.answered, lane.accepted, lane.lined]);

/** `claimSome`; an error is held against the operation that causes it alone, of those in the backlog. */
const claimOrBlame = (input: ClaimInput, most: number): ClaimedSome => {
  try {
    return claimSome(input, most);
  } catch (error) {
    for (const entry of input.backlog) blaming(entry.operation.seq, () => claimSome({ ...input, backlog: [entry] }, 1));
    throw error;
  }
};

type Looked = { some: ClaimedSome; ended: boolean };

/** Up to `most` batches, claimed together. What was accepted since the last look is looked at here; what must not leave waits for the next. */
const claimNext = (effects: PumpEffects, lane: string, most: number, cleared: Cleared): Promise<Looked | undefined> =>
  runStep<Looked>(effects, lane, async (row) => {
    const before = await readBefore(effects, row.value, most);
    const ended = (await screen(effects, before, most, cleared)).length > 0;
    const { newPair, quietMs } = effects;
    const mayLeave = (member: Member): boolean => cleared.has(clearedName(member));
    const some = claimOrBlame({ ...before, nowMs: effects.now(), quietMs, newPair, mayLeave }, most);
    const changed = some.claimed.length > 0 || (!ended && some.lane.due.apply !== row.value.due.apply);
    return changed ? { result: { some, ended }, lane: some.lane, writes: some.writes } : { result: { some, ended } };
  });

/** A permit, waited for, and as many more as are free right now: those who come later would grow old while the first one waits. */
const takePermits = async (effects: PumpEffects, lane: AccountLane, most: number): Promise<Permit[]> => {
  const ask = nextBatchAsk(lane, effects.now());
  const waits = [PERMIT_WAIT_MS, ...Array.from({ length: most - 1 }, () => MORE_WAIT_MS)];
  return (await Promise.all(waits.map((waitMs) => effects.takePermit(ask, waitMs)))).filter(isDefined);
};

/** Folds for as long as anything was answered since, one run at a time; `over` resolves when nothing is left. */
const makeFolder = ({ foldLane, noteFault }: PumpEffects, lane: string) => {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    while (again) {
      again = false;
      await foldLane(lane).catch((error: unknown) => noteFault.work(lane, 'fold', error));
    }
    running = undefined;
  };
  return {
    soon: (): void => {
      again = true;
      running ??= run();
    },
    over: async (): Promise<void> => running,
  };
};

type Started = { inFlight: Set<Promise<void>>; folder: ReturnType<typeof makeFolder>; holder: RefusalHolder };

const sendAll = async (effects: PumpEffects, lane: string, deadlineMs: number, { inFlight, folder, holder }: Started): Promise<void> => {
  let blockedBy = '';
  const cleared: Cleared = new Set();
  while (effects.now() < deadlineMs) {
    const row = await effects.lanes.readLane(lane);
    if (row && isReleaseDue(row.value, effects.now())) {
      await releaseHeld(effects, lane);
      continue;
    }
    const promising = row && mayHaveWork(row.value, effects.now()) && standing(row.value) !== blockedBy;
    if (!promising || inFlight.size >= MAX_FLYING) {
      if (inFlight.size === 0 && !(await holder.flush())) break;
      if (inFlight.size === 0) continue;
      await Promise.race(inFlight);
      continue;
    }
    if (await effects.haltOver(row.value)) break;
    const most = Math.max(1, Math.min(MAX_FLYING - inFlight.size, batchesToClaim(row.value, effects.now())));
    await screenLane(effects, lane, most, cleared);
    const permits = await takePermits(effects, row.value, most);
    if (permits.length === 0 || (await effects.haltOver(row.value))) break;
    const next = await claimNext(effects, lane, permits.length, cleared);
    if (!next) break;
    const { some, ended } = next;
    if (some.claimed.length === 0) blockedBy = ended ? '' : standing(some.lane);
    for (const [n, batch] of some.claimed.entries()) {
      const permit = permits[n];
      if (!permit) continue;
      const sent: Promise<void> = sendBatch(effects, some.lane, batch, permit, holder.closeBatch)
        .then(() => folder.soon())
        .catch((error: unknown) => effects.noteFault.batch(lane, batch, error))
        .finally(() => inFlight.delete(sent));
      inFlight.add(sent);
    }
  }
};

/** Resolves when nothing can be sent now, no permit comes, or `deadlineMs` has passed; what it started has ended by then, whatever went wrong. */
export const pump = async (effects: PumpEffects, lane: string, deadlineMs: number): Promise<void> => {
  const holder = holdRefusals({
    closeBatch: makeCloseBatch(effects, lane),
    readLane: async () => (await effects.lanes.readLane(lane))?.value,
    onFault: ({ batch }, error) => effects.noteFault.batch(lane, batch, error),
  });
  const started: Started = { inFlight: new Set(), folder: makeFolder(effects, lane), holder };
  try {
    await sendAll(effects, lane, deadlineMs, started);
  } finally {
    await Promise.all(started.inFlight);
    if (await holder.flush()) started.folder.soon();
    await started.folder.over();
  }
};
