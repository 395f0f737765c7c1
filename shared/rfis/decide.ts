/** Use case: takes a decision about an RFI in; the gateway and the customer follow. */
import { AppError } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import { laneShard } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Decision, DecisionEvent, DecisionKind, WantedCustomer } from './decision-model.ts';
import { findDecision, insertDecision, readDecision } from './decision-store.ts';
import { nowhere, type At } from './fault-points.ts';
import { isReadersOwn } from './get.ts';
import { openDecisions, rfiLaneOf, UNASSIGNED, type Relationship, type RfiLane } from './model.ts';
import type { DecisionKeys, KeyScope } from './ports.ts';
import { readRfi } from './rfi-store.ts';
import { toRfiView, type RfiReader } from './view.ts';

export type DecideInput = {
  reader: RfiReader;
  tenantId: string;
  kind: DecisionKind;
  event: DecisionEvent;
  relationship: Relationship;
  ticket?: string | undefined;
  /** It will be the customer of the RFI's partner. */
  customer?: Omit<WantedCustomer, 'partner'> | undefined;
  requestHash: string;
  /** Where an Idempotency-Key was sent: the request that it stands for. */
  scope?: KeyScope | undefined;
  ifMatch?: string | undefined;
};

export type Decided = { decision: Decision; lane: RfiLane; replayed: boolean };

/**
 * Errors: ResourceNotFound, also for another partner's; RfiClosed; PreconditionFailed; AccountExists where the customer is there already;
 * InvalidRequest for a customer of nobody; LimitReached; IdempotencyKeyReused; ServiceBusy.
 */
export type DecideRfi = (input: DecideInput) => Promise<Decided | AppError>;

export type DecideEffects = {
  state: RowStore;
  now: () => number;
  newId: () => string;
  keys: DecisionKeys;
  customerExists: (partner: string, customerId: string) => Promise<boolean>;
  /** Best effort: a lost wake is found again by its due row. */
  wakeLane: (lane: string) => Promise<void>;
  at?: At;
};

const MAX_TRIES = 10;
/** Decisions about one RFI that wait for one another. */
export const MAX_OPEN = 10;

const notFound = (): AppError => new AppError('ResourceNotFound', { target: 'rfi' });

const customerProblem = async (
  { customerExists }: DecideEffects,
  { partner }: RfiLane,
  { customer }: DecideInput,
): Promise<AppError | undefined> => {
  if (!customer) return undefined;
  if (partner === UNASSIGNED) {
    const message = 'Nobody would own the customer: assign the request to a partner first.';
    return new AppError('InvalidRequest', { target: '/createCustomer', message });
  }
  if (!(await customerExists(partner, customer.customerId))) return undefined;
  return new AppError('AccountExists', { target: '/createCustomer/customerId', message: 'The customer exists already.' });
};

const problemOf = async (effects: DecideEffects, lane: RfiLane, input: DecideInput): Promise<AppError | undefined> => {
  if (!lane.rfi.open) return new AppError('RfiClosed', { target: 'rfi' });
  const { etag } = toRfiView({ ...lane, ...lane.rfi }, input.reader);
  if (input.ifMatch !== undefined && !namesEtag(input.ifMatch, etag)) return new AppError('PreconditionFailed', { target: 'rfi' });
  if (openDecisions(lane) >= MAX_OPEN) return new AppError('LimitReached', { message: 'Too many decisions wait for one another.' });
  return customerProblem(effects, lane, input);
};

const toDecision = (input: DecideInput, lane: RfiLane, id: string, nowMs: number): Decision => {
  const { kind, event, relationship, ticket, customer, requestHash, tenantId } = input;
  const at = new Date(nowMs).toISOString();
  return {
    v: 1,
    id,
    n: (lane.decisions ?? 0) + 1,
    lane: lane.lane,
    tenantId,
    partner: lane.partner,
    kind,
    event,
    relationship,
    ...(ticket === undefined ? {} : { ticket }),
    ...(customer === undefined ? {} : { customer: { ...customer, partner: lane.partner } }),
    requestHash,
    state: 'NotStarted',
    steps: [
      { name: 'setRelationship', status: 'NotStarted' },
      ...(customer === undefined ? [] : [{ name: 'createCustomer', status: 'NotStarted' } as const]),
    ],
    setbacks: 0,
    looks: 0,
    createdAt: at,
    updatedAt: at,
  };
};

/** Asked for again while it waits or is carried out: no second one. */
const findTwin = async ({ state }: DecideEffects, lane: RfiLane, { kind, requestHash }: DecideInput): Promise<Decision | undefined> => {
  if (openDecisions(lane) === 0) return undefined;
  const last = (await readDecision(state, lane.lane, lane.decisions ?? 0))?.value;
  return last?.kind === kind && last.requestHash === requestHash ? last : undefined;
};

const tryDecide = async (effects: DecideEffects, input: DecideInput, row: Row<RfiLane>, id: string): Promise<Decided | undefined> => {
  const nowMs = effects.now();
  const twin = await findTwin(effects, row.value, input);
  if (twin) return { decision: twin, lane: row.value, replayed: true };
  const decision = toDecision(input, row.value, id, nowMs);
  const { apply } = row.value.due;
  const lane: RfiLane = { ...row.value, decisions: decision.n, due: { ...row.value.due, apply: apply ?? nowMs } };
  if (!(await insertDecision(effects.state, row, lane, decision))) return undefined;
  (effects.at ?? nowhere)('decision.accepted');
  await effects.wakeLane(lane.lane);
  return { decision, lane, replayed: false };
};

export const makeDecideRfi =
  (effects: DecideEffects): DecideRfi =>
  async (input) => {
    const { reader, tenantId, scope, requestHash } = input;
    const { state, keys } = effects;
    const readOwn = async (): Promise<Row<RfiLane> | undefined> => {
      const row = await readRfi(state, rfiLaneOf(tenantId));
      return row && isReadersOwn(row.value, reader) ? row : undefined;
    };
    // Before everything else: what the first request found in order stays accepted, whatever has changed since.
    const known = scope && (await keys.look(scope, requestHash));
    if (known?.kind === 'reused') return new AppError('IdempotencyKeyReused', { target: 'Idempotency-Key' });
    let id = known?.operationId;
    const found = await readOwn();
    if (!found) return notFound();
    const problem = id !== undefined && (await findDecision(state, id)) ? undefined : await problemOf(effects, found.value, input);
    if (problem) return problem;
    const fresh = `${laneShard(rfiLaneOf(tenantId))}${effects.newId()}`;
    const claim = scope ? await keys.claim(scope, requestHash, fresh) : { kind: 'yours' as const, operationId: fresh };
    if (claim.kind === 'reused') return new AppError('IdempotencyKeyReused', { target: 'Idempotency-Key' });
    id = claim.operationId;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = await readOwn();
      if (!row) return notFound();
      const earlier = await findDecision(state, id);
      // Found after a try of our own: that try committed and only its answer was lost.
      if (earlier) return { decision: earlier, lane: row.value, replayed: attempt === 0 };
      const decided = await tryDecide(effects, input, row, id);
      if (decided) return decided;
    }
    return new AppError('ServiceBusy');
  };
