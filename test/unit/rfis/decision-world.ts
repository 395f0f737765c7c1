/** The world of RFIs with those who decide about them: an upstream that takes answers, customers that come to be, and what can go wrong. */
import { makeIdempotencyKeys } from '../../../shared/operations/idempotency-keys.ts';
import type { UpstreamAnswer, UpstreamOutcome, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import { makeDecideRfi, type DecideInput } from '../../../shared/rfis/decide.ts';
import { findDecision } from '../../../shared/rfis/decision-store.ts';
import { makeGetDecision } from '../../../shared/rfis/decision-view.ts';
import type { CreateCustomer, CustomerError, LookAtCustomer } from '../../../shared/rfis/ports.ts';
import { makeWorkDecisions } from '../../../shared/rfis/work-decisions.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { etagOfRfi, makeRfiWorld, rfi, scan, tenant, type Rfi, type WorldOptions } from './rfi-world.ts';

export const QUIET_MS = 30_000;
const DEADLINE_MS = 10_000;
const TURN_MS = 240_000;
const LONGEST_MS = 3 * 3_600_000;
export const BASE = 'https://api.example';

type Body = { customerRelationship: { status: string; comment?: string } };

export const makeDecisionWorld = (options: WorldOptions = {}) => {
  const rfis = makeRfiWorld(options);
  const { state, now, newId, askOnce, indexRfi, publishLane, alive, at } = rfis.inside;
  const keyRows = memoryRowStore();
  const created = new Map<string, { operationId: string; partner: string; customerId: string }>();
  const world = {
    patches: [] as UpstreamRequest[],
    /** PATCHes that upstream has executed, by the pair they came with. */
    executed: [] as string[],
    /** What comes of the next PATCHes instead of an answer; `lost` ones are executed. */
    outcomes: [] as (UpstreamOutcome | 'lost')[],
    /** What upstream says after a PATCH. */
    syncedAs: 'synced',
    halted: false,
    permits: true,
    customers: new Set<string>(),
    customerError: undefined as CustomerError | undefined,
    /** How often a customer's creation is looked at before it is over. */
    customerLooks: 1,
    beforePatch: (): void => undefined,
    wakes: [] as string[],
  };
  const find = (path: string): number => rfis.upstream.findIndex(({ tenantId }) => path.endsWith(tenantId.toLowerCase()));
  const patch = (request: UpstreamRequest): UpstreamOutcome => {
    const n = find(request.path);
    const before = rfis.upstream[n];
    if (!before) return { kind: 'answer', status: 404, body: undefined };
    if (request.ifMatch !== undefined && request.ifMatch !== etagOfRfi(before)) return { kind: 'answer', status: 412, body: undefined };
    const { customerRelationship: wanted } = JSON.parse(request.body ?? '') as Body;
    const customerRelationship = {
      ...(before['customerRelationship'] as object | undefined),
      ...wanted,
      lastModifiedOn: new Date(now()).toISOString(),
    };
    const after: Rfi = { ...before, customerRelationship, serviceProvisioningStatus: world.syncedAs };
    rfis.upstream = rfis.upstream.with(n, after);
    world.executed.push(request.pair?.id ?? 'no pair');
    return { kind: 'answer', status: 200, body: after, etag: etagOfRfi(after) };
  };
  const call = async (request: UpstreamRequest): Promise<UpstreamOutcome> => {
    alive();
    world.patches.push(request);
    world.beforePatch();
    const outcome = world.outcomes.shift();
    if (outcome === undefined) return patch(request);
    if (outcome !== 'lost') return outcome;
    patch(request);
    return { kind: 'ambiguous', reason: 'timeout' };
  };

  const createCustomer: CreateCustomer = async ({ partner, customerId }, key) => {
    alive();
    const known = created.get(key);
    if (known) return { kind: 'accepted', operationId: known.operationId };
    if (world.customers.has(`${partner}/${customerId}`)) return { kind: 'refused', code: 'AccountExists' };
    world.customers.add(`${partner}/${customerId}`);
    const operationId = `customer-${created.size + 1}`;
    created.set(key, { operationId, partner, customerId });
    return { kind: 'accepted', operationId };
  };
  let looked = 0;
  const lookAtCustomer: LookAtCustomer = async () => {
    alive();
    if (++looked <= world.customerLooks) return { isOver: false };
    return { isOver: true, ...(world.customerError ? { error: world.customerError } : {}) };
  };

  let pairs = 0;
  const keys = makeIdempotencyKeys(keyRows, async (id) => (await findDecision(state, id)) !== undefined, now);
  const work = makeWorkDecisions({
    state,
    now,
    at,
    askOnce,
    upstream: {
      takePermit: async () => (world.permits ? { usableUntilMs: now() + 1_000 } : undefined),
      call,
      heedOutcome: async () => undefined,
    },
    haltOver: async () => (world.halted ? 'stopped' : undefined),
    newPair: () => ({ id: `pair-${++pairs}`, firstSent: new Date(now()).toUTCString() }),
    sendDeadlineMs: DEADLINE_MS,
    quietMs: QUIET_MS,
    createCustomer,
    lookAtCustomer,
    indexRfi,
    publishLane,
  });
  const decideRfi = makeDecideRfi({
    state,
    now,
    newId,
    keys,
    at,
    customerExists: async (partner, customerId) => world.customers.has(`${partner}/${customerId}`),
    wakeLane: async (lane) => void world.wakes.push(lane),
  });
  const getDecision = makeGetDecision({ state, publicBaseUrl: BASE });

  /** What the sweep would do, at the time of whatever is due next; true when there was something. */
  const step = async (): Promise<boolean> => {
    const due = (await rfis.dueAll()).filter(({ kind }) => kind === 'apply').sort((a, b) => a.atMs - b.atMs)[0];
    if (!due) return false;
    rfis.nowMs = Math.max(rfis.nowMs, due.atMs);
    await work(due.owner, rfis.nowMs + TURN_MS);
    return true;
  };

  return {
    rfis,
    world,
    created,
    decideRfi,
    getDecision,
    work,
    step,
    /** Accepts RFI `n` as the operator, unless told otherwise. */
    decide: (n: number, more: Partial<DecideInput> = {}) =>
      decideRfi({
        reader: { seesContacts: true },
        tenantId: tenant(n),
        kind: 'rfi.accept',
        event: 'rfi.accepted',
        relationship: { status: 'ConsentAcknowledged', comment: 'Contract 77 signed' },
        requestHash: 'hash',
        ...more,
      }),
    /** Moves on from due time to due time until nothing is to be decided; time that stands still for hours is a failure. */
    settle: async (): Promise<void> => {
      const untilMs = rfis.nowMs + LONGEST_MS;
      while (await step()) if (rfis.nowMs > untilMs) throw new Error('it never ends');
      await rfis.sweep();
    },
    body: async (id: string) => {
      const answer = await getDecision({ seesContacts: true }, id);
      return 'body' in answer ? answer.body : answer;
    },
  };
};
export type DecisionWorld = ReturnType<typeof makeDecisionWorld>;

/** The id of what was decided. */
export const idOf = (decided: Awaited<ReturnType<DecisionWorld['decideRfi']>>): string => {
  if ('decision' in decided) return decided.decision.id;
  throw decided;
};

/** RFI 1 is nobody's, RFI 2 another partner's; both were answered once before. */
export const decisionsOfTwo = async (): Promise<DecisionWorld> => {
  const w = makeDecisionWorld();
  w.rfis.upstream = [1, 2].map((n) => rfi(n, { customerRelationship: { status: 'ConsentPending', comment: 'old' } }));
  w.rfis.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(2) }];
  await scan(w.rfis);
  return w;
};

/** Events of RFI `n` since it was received and assigned. */
export const heardOf = ({ rfis }: DecisionWorld, n: number): string[] =>
  rfis
    .events()
    .filter((event) => event.endsWith(` ${n}`) && !/^rfi.(received|assigned)/.test(event))
    .map((event) => event.slice(0, -2));

/** A refusal as upstream sends one. */
export const answerOf = (status: number, more: Partial<UpstreamAnswer> = {}): UpstreamAnswer => ({
  kind: 'answer',
  status,
  body: { error: { code: 'Nope', message: 'No.' } },
  ...more,
});
