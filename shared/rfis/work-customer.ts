/** The second step of an acceptance: another operation, under a key of this decision, creates the customer, and this one waits for its end. */
import { nextLookMs } from './decision-outcome.ts';
import { customerAccepted, customerEnded, waiting, type Changed } from './decision.ts';
import { nowhere } from './fault-points.ts';
import { commitTurn, type Turn } from './decision-turn.ts';

/** The customer's lane is contended for a moment only. */
const BUSY_MS = 2_000;

export const customerTurn: Turn = async (effects, deciding) => {
  const { lane, decision } = { lane: deciding.lane.value, decision: deciding.decision.value };
  const record = (changed: Changed): Promise<boolean> => commitTurn(effects, deciding, changed);
  const { customer, customerOperationId } = decision;
  if (!customer) throw new Error('a decision without a customer waits for one');
  if (customerOperationId === undefined) {
    const accepted = await effects.createCustomer(customer, decision.id);
    (effects.at ?? nowhere)('customer.accepted');
    const nowMs = effects.now();
    if (accepted.kind === 'busy') await record(waiting(lane, decision, nowMs + BUSY_MS, nowMs));
    if (accepted.kind === 'refused') await record(customerEnded(lane, decision, { code: accepted.code }, nowMs));
    if (accepted.kind === 'accepted')
      await record(customerAccepted(lane, decision, accepted.operationId, nextLookMs({ ...decision, looks: 0 }, nowMs), nowMs));
    return accepted.kind === 'refused';
  }
  const look = await effects.lookAtCustomer(customer.partner, customerOperationId);
  const nowMs = effects.now();
  if (look.isOver) await record(customerEnded(lane, decision, look.error, nowMs));
  else await record(waiting(lane, decision, nextLookMs(decision, nowMs), nowMs, { looks: decision.looks + 1 }));
  return look.isOver;
};
