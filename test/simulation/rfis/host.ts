/** What the product does about Requests for Information inside one simulated process: the real code, every effect of it an event of the scheduler. */
import { makeIdempotencyKeys } from '../../../shared/operations/idempotency-keys.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import { LaneContended } from '../../../shared/operations/lane-step.ts';
import { makeLaneTurns } from '../../../shared/operations/lane-turns.ts';
import { makeNoteFault } from '../../../shared/operations/note-fault.ts';
import { makePublishLane } from '../../../shared/operations/publish-lane.ts';
import { makeSweep } from '../../../shared/operations/sweep.ts';
import { makeWorkLane } from '../../../shared/operations/work-lane.ts';
import type { LaneEvent } from '../../../shared/platform/lanes/lane.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { CallUpstream } from '../../../shared/platform/upstream/call.ts';
import { makeDecideRfi, type DecideRfi } from '../../../shared/rfis/decide.ts';
import { findDecision } from '../../../shared/rfis/decision-store.ts';
import { makeIngestRfis } from '../../../shared/rfis/ingest.ts';
import { makeProjectRfi } from '../../../shared/rfis/list-rows.ts';
import { isRfi } from '../../../shared/rfis/model.ts';
import type { AskOnce, TenantCustomer } from '../../../shared/rfis/ports.ts';
import { makeIndexRfi } from '../../../shared/rfis/rfi-store.ts';
import { makeWorkDecisions } from '../../../shared/rfis/work-decisions.ts';
import { faultyStore, StorageBusy } from '../faulty-store.ts';
import { clockOf, effect, type Process, type World } from '../process.ts';
import type { RfiUpstream } from './upstream.ts';

/** Ways to break the protocol on purpose, each with the violation that it must show as. */
export const RFI_SABOTAGES = {
  'an event outside the transaction of its decision': /told 0 times|events were told/,
  'no quiet time after a claim': /overlap/,
  'a customer under a new key each time': /customers were created/,
  'a key that claims nothing': /was decided \d times/,
  'an answer taken for synchronised': /never synced/,
} as const;
export type RfiSabotage = keyof typeof RFI_SABOTAGES;

export type RfiShared = {
  world: World;
  state: RowStore;
  lists: RowStore;
  leases: RowStore;
  keys: RowStore;
  upstream: RfiUpstream;
  owners: ReadonlyMap<string, TenantCustomer>;
  /** By the key that it was created under: when it is there, and whether it failed. */
  customers: Map<string, { operationId: string; readyAtMs: number; fails: boolean }>;
  told: Map<string, LaneEvent>;
  wakeLanes: (lanes: readonly string[]) => void;
  faultsSeen: string[];
  nextId: () => string;
  sabotage: RfiSabotage | undefined;
};

export type RfiHost = {
  process: Process;
  decide: DecideRfi;
  workLane: (lane: string) => Promise<void>;
  sweep: () => Promise<void>;
  ingest: () => Promise<void>;
};

const SEND_DEADLINE_MS = 10_000;
export const TIMEOUT_MS = 15_000;
export const FAILOVER_WAIT_MS = 20_000;
const USABLE_MS = 1_000;
const PERMITS = 100;

const isTrouble = (error: unknown): boolean => error instanceof StorageBusy || error instanceof LaneContended;

/** Errors that nobody has injected are violations. */
export const noteFault = (shared: RfiShared, error: unknown): void => {
  if (!isTrouble(error)) shared.faultsSeen.push(String(error));
};

const tornStore = (store: RowStore): RowStore => ({
  ...store,
  commit: async (partition, writes) => {
    const events = writes.filter(({ key }) => key.startsWith('evt|'));
    const result = await store.commit(
      partition,
      writes.filter((write) => !events.includes(write)),
    );
    if (result.outcome === 'committed' && events.length > 0) await store.commit(partition, events);
    return result;
  },
});

/** The gateway as a caller hears it that takes every answer for the end of the matter. */
const hasty =
  (call: CallUpstream): CallUpstream =>
  async (request, permit) => {
    const outcome = await call(request, permit);
    if (outcome.kind !== 'answer' || typeof outcome.body !== 'object' || outcome.body === null) return outcome;
    return { ...outcome, body: { ...outcome.body, serviceProvisioningStatus: 'synced' } };
  };

export const makeRfiHost = (shared: RfiShared, process: Process): RfiHost => {
  const { world, sabotage, customers } = shared;
  const { scheduler, random } = world;
  const now = clockOf(world, process);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => scheduler.after(ms, () => process.alive && resolve()));
  const outside = <T>(act: () => T): Promise<T> => effect(world, process, () => Promise.resolve(act()));
  const through = (store: RowStore): RowStore => faultyStore(world, process, store);
  const whole = through(shared.state);
  const state = sabotage === 'an event outside the transaction of its decision' ? tornStore(whole) : whole;
  const [lists, leases] = [through(shared.lists), through(shared.leases)];
  const lanes = makeLaneStore(state);
  const heard = shared.upstream.call(process);
  const call = sabotage === 'an answer taken for synchronised' ? hasty(heard) : heard;
  const permit = () => ({ usableUntilMs: now() + USABLE_MS });
  const askOnce: AskOnce = async (request) => {
    const askedAtMs = now();
    const outcome = await call(request, permit());
    return outcome.kind === 'answer' ? { kind: 'heard', answer: outcome, askedAtMs } : { kind: 'unheard', reason: 'noAnswer' };
  };
  const publishLane = makePublishLane({
    state,
    lanes,
    appendEvents: (_partner, events) =>
      outside(() => {
        for (const event of events) shared.told.set(event.id, event);
      }),
    expandEnded: (event) => Promise.resolve([event]),
  });
  const projectRfi = makeProjectRfi({ lists });
  const indexRfi = makeIndexRfi({ state, project: projectRfi });
  const work = makeWorkDecisions({
    state,
    now,
    askOnce,
    upstream: { takePermit: () => outside(permit), call, heedOutcome: () => Promise.resolve() },
    haltOver: () => Promise.resolve(undefined),
    newPair: () => ({ id: shared.nextId(), firstSent: new Date(now()).toUTCString() }),
    sendDeadlineMs: SEND_DEADLINE_MS,
    quietMs: sabotage === 'no quiet time after a claim' ? 0 : SEND_DEADLINE_MS + TIMEOUT_MS + FAILOVER_WAIT_MS,
    createCustomer: (_customer, key) =>
      outside(() => {
        const id = sabotage === 'a customer under a new key each time' ? `${key} ${shared.nextId()}` : key;
        const known = customers.get(id) ?? {
          operationId: id,
          readyAtMs: scheduler.now() + random.between(0, 60_000),
          fails: random.chance(0.2),
        };
        customers.set(id, known);
        return random.chance(world.faults.storage) ? { kind: 'busy' } : { kind: 'accepted', operationId: known.operationId };
      }),
    lookAtCustomer: (_partner, id) =>
      outside(() => {
        const one = customers.get(id);
        if (!one || scheduler.now() < one.readyAtMs) return { isOver: false };
        return one.fails ? { isOver: true, error: { code: 'UpstreamRejected' } } : { isOver: true };
      }),
    indexRfi,
    publishLane,
  });
  const wakeLanes = (names: readonly string[]): Promise<void> => outside(() => shared.wakeLanes(names));
  const keys = makeIdempotencyKeys(through(shared.keys), async (id) => (await findDecision(state, id)) !== undefined, now);
  const forgetful: typeof keys = {
    look: () => Promise.resolve(undefined),
    claim: (_scope, _hash, operationId) => Promise.resolve({ kind: 'yours', operationId }),
  };
  const step = { lanes, now, sleep, random: random.next, inTurn: makeLaneTurns(), describe: () => undefined };
  const onFault = (_lane: string, error: unknown): void => noteFault(shared, error);
  const findPartnersOfTenant = (tenantId: string): Promise<TenantCustomer[]> =>
    outside(() => [...shared.owners].filter(([id]) => id === tenantId).map(([, owner]) => owner));
  const ingest = makeIngestRfis({
    state,
    lists,
    leases,
    now,
    newId: shared.nextId,
    findPartnersOfTenant,
    publishLane,
    listRules: () => Promise.resolve([]),
    ask: async (request) => {
      const outcome = await heard(request, permit());
      return outcome.kind === 'answer' && outcome.status < 300 ? outcome : undefined;
    },
  });
  return {
    process,
    decide: makeDecideRfi({
      state,
      now,
      newId: shared.nextId,
      keys: sabotage === 'a key that claims nothing' ? forgetful : keys,
      customerExists: () => Promise.resolve(false),
      wakeLane: (lane) => wakeLanes([lane]),
    }),
    workLane: makeWorkLane({
      lanes,
      now,
      publishLane,
      foldLane: () => Promise.resolve(),
      freeLane: () => Promise.resolve(),
      runJob: () => Promise.resolve(),
      projectLane: async (lane) => (isRfi(lane) ? projectRfi(lane) : undefined),
      pumpLane: work,
      noteFault: makeNoteFault({ ...step, describeStall: () => undefined, isTrouble, onFault }),
    }),
    sweep: makeSweep({
      state,
      now,
      partnerOf: () => undefined,
      permitsWithin: () => Promise.resolve(PERMITS),
      isHalted: () => Promise.resolve(false),
      wakeLanes,
      wakeSubscriptions: () => Promise.resolve(),
    }),
    ingest: async () => {
      await ingest();
    },
  };
};
