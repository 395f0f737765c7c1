/** What every step of carrying out a decision is given, and how it is recorded. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { RepeatabilityPair } from '../platform/upstream/call.ts';
import type { Decision } from './decision-model.ts';
import type { Changed } from './decision.ts';
import { commitDecision, commitLane, readOpenDecisions, type Deciding } from './decision-store.ts';
import { nowhere, type At } from './fault-points.ts';
import { UNASSIGNED, type RfiLane } from './model.ts';
import { isOld, tellStalled } from './stalled-decisions.ts';
import type { AskOnce, CreateCustomer, HaltOver, LookAtCustomer, PublishLane, WriteUpstream } from './ports.ts';

export type WorkDecisionEffects = {
  state: RowStore;
  now: () => number;
  askOnce: AskOnce;
  upstream: WriteUpstream;
  haltOver: HaltOver;
  newPair: () => RepeatabilityPair;
  /** No send later than this after its claim. */
  sendDeadlineMs: number;
  /** How long after a claim nobody else may send. */
  quietMs: number;
  createCustomer: CreateCustomer;
  lookAtCustomer: LookAtCustomer;
  indexRfi: (lane: string) => Promise<void>;
  publishLane: PublishLane;
  at?: At;
};

/** Longer waits are left to the due row. */
export const PERMIT_WAIT_MS = 6_000;
/** Those who decide wait for it. */
export const askOf = ({ partner }: Decision): PermitAsk => ({
  permitClass: 'interactive',
  ...(partner === UNASSIGNED ? {} : { partner }),
});

/** Lost to somebody else's change of the lane: the next turn reads anew. */
export const commitTurn = async (effects: WorkDecisionEffects, deciding: Deciding, changed: Changed): Promise<boolean> => {
  const committed = await commitDecision(effects.state, deciding, changed);
  if (!committed) return false;
  (effects.at ?? nowhere)('decision.recorded');
  await follow(effects, changed.lane);
  return true;
};

/** Lists and readers hear of it. Best effort: both have their due rows. */
const follow = async ({ indexRfi, publishLane }: WorkDecisionEffects, { lane, due }: RfiLane): Promise<void> => {
  if (due.index !== undefined) await indexRfi(lane).catch(() => undefined);
  if (due.publish !== undefined) await publishLane(lane).catch(() => undefined);
};

/** Tells of what has waited for a day, once; true when there was something to tell, or somebody else was first: read anew. */
export const tellOld = async (effects: WorkDecisionEffects, { lane, decision }: Deciding): Promise<boolean> => {
  const nowMs = effects.now();
  if (!isOld(decision.value, nowMs)) return false;
  const told = tellStalled(lane.value, await readOpenDecisions(effects.state, lane.value), nowMs);
  if (!told) return false;
  if (await commitLane(effects.state, lane, told.lane, told.writes)) await follow(effects, told.lane);
  return true;
};

/** Whether an operator's stop, or the partner's suspension, keeps the decision from being sent. */
export const isHalted = async ({ haltOver }: WorkDecisionEffects, lane: RfiLane, { partner }: Decision): Promise<boolean> =>
  (await haltOver({ partner, ...(lane.customerId === undefined ? {} : { customerId: lane.customerId }) })) !== undefined;

/** True when there may be more to do at once. */
export type Turn = (effects: WorkDecisionEffects, deciding: Deciding) => Promise<boolean>;
