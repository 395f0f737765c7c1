/** Wires decisions about Requests for Information: taking them in, carrying them out, and the customer that an acceptance creates. */
import { createHash } from 'node:crypto';
import { makeCreateCustomerOnce, makeCustomerExists } from '../shared/customers/create-once.ts';
import type { PutCustomerRequest } from '../shared/customers/model.ts';
import { makeIdempotencyKeys } from '../shared/operations/idempotency-keys.ts';
import { makeReadItems } from '../shared/operations/read-items.ts';
import { isTerminal } from '../shared/operations/verdict.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { makeDecideRfi } from '../shared/rfis/decide.ts';
import { findDecision } from '../shared/rfis/decision-store.ts';
import { makeGetDecision, type GetDecision } from '../shared/rfis/decision-view.ts';
import type { AskOnce, CreateCustomer, LookAtCustomer } from '../shared/rfis/ports.ts';
import { makeWorkDecisions } from '../shared/rfis/work-decisions.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { rfiDecisionUses, type RfiDecisionUses } from './http/rfi-decisions.ts';

export type RfiDecisions = {
  uses: RfiDecisionUses;
  getDecision: GetDecision;
  workDecisions: (lane: string, deadlineMs: number) => Promise<void>;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Under this key a decision's customer is created once; no caller's request has such a method. */
const scopeOf = (partner: string, key: string) => ({ partner, method: 'RFI', path: 'customers', key });

const customerCreation = ({ accept, findRepeat, lanes }: Engine, publicBaseUrl: string): CreateCustomer => {
  const createOnce = makeCreateCustomerOnce({
    readLane: lanes.readLane,
    findRepeat: ({ partner, requestHash }, key) => findRepeat(scopeOf(partner, key), requestHash),
    accept: (draft, key) => accept(draft, scopeOf(draft.partner, key)),
    publicBaseUrl,
  });
  // It was checked by the customers' own schema before it was stored.
  return (wanted, key) => createOnce({ ...wanted, request: wanted.request as PutCustomerRequest }, key);
};

const customerLook = ({ lanes }: Engine): LookAtCustomer => {
  const readItems = makeReadItems(lanes);
  return async (partner, operationId) => {
    const read = await readItems(partner, operationId);
    if (!read) throw new Error(`operation ${operationId} is missing`);
    if (!isTerminal(read.operation.state)) return { isOver: false };
    const [item] = await read.withErrors(read.items.slice(0, 1));
    if (item?.error) return { isOver: true, error: item.error };
    return read.operation.state === 'Canceled' ? { isOver: true, error: { code: 'Canceled' } } : { isOver: true };
  };
};

export const makeRfiDecisions = (
  settings: Settings,
  { clock, table, newId, wakes }: Effects,
  engine: Engine,
  { askOnce, indexRfi }: { askOnce: AskOnce; indexRfi: (lane: string) => Promise<void> },
): RfiDecisions => {
  const { PUBLIC_BASE_URL: publicBaseUrl, RFI_STATUS_MAP: statusMap } = settings;
  const { upstream, haltOver, newPair, sendDeadlineMs, quietMs, publishLane } = engine;
  const state = table('State');
  const now = (): number => clock.now();
  const keys = makeIdempotencyKeys(table('Keys'), async (id) => (await findDecision(state, id)) !== undefined, now);
  const customerExists = makeCustomerExists({ readLane: engine.lanes.readLane });
  const decide = makeDecideRfi({ state, now, newId, keys, customerExists, wakeLane: (lane) => wakes.wakeLane(lane) });
  return {
    uses: rfiDecisionUses({ decide, statusMap, hash: sha256 }, publicBaseUrl),
    getDecision: makeGetDecision({ state, publicBaseUrl }),
    workDecisions: makeWorkDecisions({
      state,
      now,
      askOnce,
      upstream,
      haltOver,
      newPair,
      sendDeadlineMs,
      quietMs,
      createCustomer: customerCreation(engine, publicBaseUrl),
      lookAtCustomer: customerLook(engine),
      indexRfi,
      publishLane,
    }),
  };
};
