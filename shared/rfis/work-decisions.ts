/** Queue: carries out an RFI's decisions, one by one: look, write, look until it is synchronised, then the customer. Killed anywhere, it goes on. */
import { rfiPath } from '../platform/upstream/paths.ts';
import { lookAt, MERGE_PATCH, nextLookMs, patchBody, unreadRetryMs } from './decision-outcome.ts';
import { relationshipFailed, relationshipSet, submitted, waiting, type Changed } from './decision.ts';
import { readDeciding, type Deciding } from './decision-store.ts';
import { askOf, commitTurn, isHalted, PERMIT_WAIT_MS, tellOld, type Turn, type WorkDecisionEffects } from './decision-turn.ts';
import { nowhere } from './fault-points.ts';
import type { RfiContent } from './model.ts';
import { sendWrite } from './send-decision.ts';
import { customerTurn } from './work-customer.ts';

/** How soon a halted decision is looked at again. */
const HALTED_MS = 15_000;

const send = async (effects: WorkDecisionEffects, deciding: Deciding, content: RfiContent, etag: string | undefined): Promise<boolean> => {
  const { value: decision } = deciding.decision;
  const permit = await effects.upstream.takePermit(askOf(decision), PERMIT_WAIT_MS);
  if (!permit || (await isHalted(effects, deciding.lane.value, decision))) return false;
  const write = {
    pair: effects.newPair(),
    body: patchBody(decision, content),
    contentType: decision.contentType ?? MERGE_PATCH,
    ...(etag === undefined ? {} : { ifMatch: etag }),
  };
  return sendWrite(effects, deciding, write, permit);
};

const relationshipTurn: Turn = async (effects, deciding) => {
  const { lane, decision } = { lane: deciding.lane.value, decision: deciding.decision.value };
  const record = (changed: Changed): Promise<boolean> => commitTurn(effects, deciding, changed);
  const heard = await effects.askOnce({ method: 'GET', path: rfiPath(decision.tenantId) }, askOf(decision), PERMIT_WAIT_MS);
  (effects.at ?? nowhere)('decision.looked');
  const nowMs = effects.now();
  if (heard.kind === 'unheard') {
    if (heard.reason === 'noAnswer') await record(waiting(lane, decision, unreadRetryMs(nowMs), nowMs));
    return false;
  }
  const look = lookAt(decision, heard.answer);
  switch (look.kind) {
    case 'unread':
      await record(waiting(lane, decision, unreadRetryMs(nowMs), nowMs));
      return false;
    case 'failed':
      await record(relationshipFailed(lane, decision, look.error, nowMs));
      return true;
    case 'set':
      await record(relationshipSet(lane, decision, { content: look.content, atMs: heard.askedAtMs }, nowMs));
      return true;
    case 'syncing': {
      const seen = { content: look.content, atMs: heard.askedAtMs };
      await record(submitted(lane, decision, seen, nextLookMs(decision, nowMs), nowMs));
      return false;
    }
    case 'different':
      return send(effects, deciding, look.content, look.etag);
  }
};

const turn: Turn = async (effects, deciding) => {
  if (await tellOld(effects, deciding)) return true;
  const { lane, decision } = { lane: deciding.lane.value, decision: deciding.decision.value };
  if (await isHalted(effects, lane, decision)) {
    const nowMs = effects.now();
    await commitTurn(effects, deciding, waiting(lane, decision, nowMs + HALTED_MS, nowMs));
    return false;
  }
  const [setRelationship] = decision.steps;
  return setRelationship?.status === 'Succeeded' ? customerTurn(effects, deciding) : relationshipTurn(effects, deciding);
};

/** Resolves when nothing is due now; what needs more time has its due row. */
export const makeWorkDecisions =
  (effects: WorkDecisionEffects) =>
  async (lane: string, deadlineMs: number): Promise<void> => {
    for (let more = true; more && effects.now() < deadlineMs;) {
      const deciding = await readDeciding(effects.state, lane);
      const dueMs = deciding?.lane.value.due.apply;
      if (!deciding || dueMs === undefined || dueMs > effects.now()) return;
      more = await turn(effects, deciding);
    }
  };
