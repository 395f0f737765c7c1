/** Sends a decision's PATCH once, under a permit and within its deadline, and records what came of it. */
import type { Permit } from '../platform/budget/permit.ts';
import type { UpstreamOutcome } from '../platform/upstream/call.ts';
import { rfiPath } from '../platform/upstream/paths.ts';
import { nextLookMs, sentAs, type Sent } from './decision-outcome.ts';
import type { Decision, RelationshipWrite } from './decision-model.ts';
import { claimed, relationshipFailed, relationshipSet, sendAgain, submitted, type Changed } from './decision.ts';
import { commitDecision, readDeciding, type Deciding } from './decision-store.ts';
import { nowhere } from './fault-points.ts';
import type { RfiLane } from './model.ts';
import { commitTurn, type WorkDecisionEffects } from './decision-turn.ts';

const MAX_TRIES = 10;

const NOT_SENT: UpstreamOutcome = { kind: 'notSent', reason: 'permitExpired' };

type Frozen = Omit<RelationshipWrite, 'claimedAtMs' | 'phase'>;

const transmit = async (
  { upstream, now, sendDeadlineMs }: WorkDecisionEffects,
  { tenantId, id }: Decision,
  { pair, body, contentType, ifMatch }: Frozen,
  permit: Permit,
  claimedAtMs: number,
): Promise<UpstreamOutcome> => {
  const usableUntilMs = Math.min(permit.usableUntilMs, claimedAtMs + sendDeadlineMs);
  if (now() > usableUntilMs) return NOT_SENT;
  const condition = ifMatch === undefined ? {} : { ifMatch };
  const request = { method: 'PATCH', path: rfiPath(tenantId), body, contentType, pair, serves: [id], ...condition } as const;
  return upstream.call(request, { usableUntilMs });
};

/** Undefined when the record stands already: its due time is after the quiet time. */
const changeBy = (sent: Sent, lane: RfiLane, decision: Decision, nowMs: number): Changed | undefined => {
  switch (sent.kind) {
    case 'set':
      return relationshipSet(lane, decision, { content: sent.content, atMs: nowMs }, nowMs);
    case 'syncing': {
      const seen = sent.content && { content: sent.content, atMs: nowMs };
      return submitted(lane, decision, seen, nextLookMs({ ...decision, looks: 0 }, nowMs), nowMs);
    }
    case 'failed':
      return relationshipFailed(lane, decision, sent.error, nowMs);
    case 'again': {
      const setbacks = decision.setbacks + (sent.setback ? 1 : 0);
      const { contentType } = sent;
      return sendAgain(lane, decision, nowMs + sent.afterMs, nowMs, { setbacks, ...(contentType === undefined ? {} : { contentType }) });
    }
    case 'quarantine':
      return undefined;
  }
};

/** Records it unless the write is somebody else's by now. */
const record = async (effects: WorkDecisionEffects, lane: string, pairId: string, sent: Sent): Promise<boolean> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const deciding = await readDeciding(effects.state, lane);
    const decision = deciding?.decision.value;
    if (!deciding || decision?.write?.pair.id !== pairId || decision.write.phase !== 'sent') return true;
    const changed = changeBy(sent, deciding.lane.value, decision, effects.now());
    if (!changed) return false;
    if (await commitTurn(effects, deciding, changed)) return (changed.lane.due.apply ?? 0) <= effects.now();
  }
  // The due row stands: upstream will be read.
  return false;
};

/** True when there may be more to do at once. */
export const sendWrite = async (effects: WorkDecisionEffects, deciding: Deciding, write: Frozen, permit: Permit): Promise<boolean> => {
  const { lane, decision } = { lane: deciding.lane.value, decision: deciding.decision.value };
  const at = effects.at ?? nowhere;
  const claimedAtMs = effects.now();
  if (!(await commitDecision(effects.state, deciding, claimed(lane, decision, write, claimedAtMs, effects.quietMs)))) return true;
  at('decision.claimed');
  const outcome = await transmit(effects, decision, write, permit, claimedAtMs);
  at('decision.sent');
  await effects.upstream.heedOutcome(outcome);
  return record(effects, lane.lane, write.pair.id, sentAs(decision, outcome));
};
