/** Where an operation stands in its lane's line, and what its unsent items wait for. */
import type { HaltOver } from './stop-gate.ts';
import type { LaneStore } from './lane-store.ts';
import { MAX_FLYING, type AccountLane, type Operation } from './model.ts';
import { isTerminal } from './verdict.ts';

export type WaitReason = 'notBefore' | 'stopped' | 'upstreamPaused' | 'quarantine' | 'earlierOrders' | 'budget';

export type WaitingFor = {
  reason: WaitReason;
  /** Until then at least, where that is known. */
  untilMs?: number;
  /** Items of the lane that leave before, by count; a held operation has no place yet. */
  position?: number;
};

export type Standing = {
  /** Items of earlier operations that have not left. */
  ahead: number;
  /** Nothing while nothing of it waits to be sent. */
  waitingFor?: WaitingFor;
};

/** What holds back everything: writes of this place halted, or nobody may call upstream before. */
export type Obstacles = { halted: boolean; pausedUntilMs: number };

/** At least, and exactly while the lane is sent in order: what left or ended out of turn behind it makes it less. */
const aheadOf = (lane: AccountLane, { linedBefore, counts, refused = 0 }: Operation): number => {
  const behind = lane.lined - linedBefore - (counts.total - refused);
  return Math.max(0, lane.unsent - counts.pending - behind);
};

const earliest = (times: readonly number[]): number | undefined => (times.length === 0 ? undefined : Math.min(...times));

/** Batches of the lane that wait for their time, none of them under way. */
const waitingBatches = (lane: AccountLane, why: 'quarantine' | 'upstreamPaused', nowMs: number): number | undefined =>
  earliest(lane.flying.filter((batch) => batch.why === why && batch.notBeforeMs > nowMs).map(({ notBeforeMs }) => notBeforeMs));

/** Pure. The first reason that holds of those from outside, then the lane's own. */
export const standingOf = (operation: Operation, lane: AccountLane, { halted, pausedUntilMs }: Obstacles, nowMs: number): Standing => {
  if (isTerminal(operation.state) || operation.counts.pending === 0) return { ahead: 0 };
  const ahead = operation.heldUntil === undefined ? aheadOf(lane, operation) : lane.unsent;
  const because = (reason: WaitReason, untilMs?: number): Standing => ({
    ahead,
    waitingFor: {
      reason,
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(operation.heldUntil === undefined ? { position: ahead } : {}),
    },
  });
  if (operation.heldUntil !== undefined) return because('notBefore', Date.parse(operation.heldUntil));
  if (halted) return because('stopped');
  if (pausedUntilMs > nowMs) return because('upstreamPaused', pausedUntilMs);
  if (ahead > 0) return because('earlierOrders');
  for (const why of ['quarantine', 'upstreamPaused'] as const) {
    const untilMs = waitingBatches(lane, why, nowMs);
    if (untilMs !== undefined) return because(why, untilMs);
  }
  return lane.unsent > 0 && lane.flying.length < MAX_FLYING ? because('budget') : { ahead };
};

/** One read of the lane beside what seconds of memory know. */
export type ReadStanding = (operation: Operation) => Promise<Standing>;

export type StandingEffects = {
  lanes: Pick<LaneStore, 'readLane'>;
  haltOver: HaltOver;
  pausedUntilMs: () => Promise<number>;
  now: () => number;
};

export const makeReadStanding =
  ({ lanes, haltOver, pausedUntilMs, now }: StandingEffects): ReadStanding =>
  async (operation) => {
    if (isTerminal(operation.state) || operation.counts.pending === 0) return { ahead: 0 };
    const [row, halt, paused] = await Promise.all([lanes.readLane(operation.lane), haltOver(operation), pausedUntilMs()]);
    return row ? standingOf(operation, row.value, { halted: halt !== undefined, pausedUntilMs: paused }, now()) : { ahead: 0 };
  };
