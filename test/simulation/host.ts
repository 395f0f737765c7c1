/** The product's engine inside one simulated process: the real code, every effect of it an event of the scheduler. */
import { makeAcceptOperation, type AcceptOperation } from '../../shared/operations/accept-operation.ts';
import type { UpstreamEffects } from '../../shared/operations/ask-upstream.ts';
import { makeCancelOperation, type CancelOperation } from '../../shared/operations/cancel.ts';
import { OperationFault } from '../../shared/operations/fault.ts';
import { makeNoteFault } from '../../shared/operations/note-fault.ts';
import { makeCloseByHand, type CloseByHand } from '../../shared/operations/close-by-hand.ts';
import { makeFoldLane } from '../../shared/operations/fold-lane.ts';
import { makeHeedOutcome } from '../../shared/operations/heed-outcome.ts';
import { makeFreeLane } from '../../shared/operations/free-lane.ts';
import { makeIdempotencyKeys } from '../../shared/operations/idempotency-keys.ts';
import { makeLaneTurns } from '../../shared/operations/lane-turns.ts';
import { makeLaneStore } from '../../shared/operations/lane-store.ts';
import { makeNumberIndex } from '../../shared/operations/number-index.ts';
import { makePollPending } from '../../shared/operations/poll-pending.ts';
import type { Operation, OperationState } from '../../shared/operations/model.ts';
import type { EventDraft } from '../../shared/platform/lanes/lane.ts';
import { makeExpandEnded } from '../../shared/operations/expand-ended.ts';
import { makeReadItems } from '../../shared/operations/read-items.ts';
import { describeOrderNumber } from '../../shared/orders/describe-number.ts';
import { makePublishLane } from '../../shared/operations/publish-lane.ts';
import { pump } from '../../shared/operations/pump.ts';
import { makeHaltOver, type HaltOver } from '../../shared/operations/stop-gate.ts';
import { makeStops, type Stops } from '../../shared/operations/stops.ts';
import { makeSweep } from '../../shared/operations/sweep.ts';
import type { DescribeState } from '../../shared/operations/verdict.ts';
import { makeWatchGateway } from '../../shared/operations/watch-gateway.ts';
import { makeWorkLane } from '../../shared/operations/work-lane.ts';
import { DEFAULT_TIMES } from '../../shared/platform/budget/rules.ts';
import { makeTableBudget } from '../../shared/platform/budget/table-budget.ts';
import type { CallUpstream } from '../../shared/platform/upstream/call.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { LaneContended } from '../../shared/operations/lane-step.ts';
import { customerOf, partnerOf } from './names.ts';
import { faultyStore, scannedStore, StorageBusy } from './faulty-store.ts';
import { clockOf, effect, type Process, type World } from './process.ts';
import {
  dropDue,
  sabotagedAccept,
  sabotagedCall,
  sabotagedExpand,
  sabotagedCancelLanes,
  sabotagedIndex,
  sabotagedPermits,
  sabotagedPollLanes,
  sabotagedPublishLanes,
  sabotagedPumpLanes,
  sabotagedStore,
  type Sabotage,
} from './sabotage.ts';
import type { DeliverySettings } from '../../shared/webhooks/schedule.ts';
import type { ReceiverModel } from './receiver-model.ts';
import type { UpstreamModel } from './upstream-view.ts';
import { makeWebhookHost, type WebhookHost } from './webhook-host.ts';

export type Shared = {
  world: World;
  state: RowStore;
  /** Whether a partition of `state` has no rows. */
  isEmpty: (partition: string) => boolean;
  keys: RowStore;
  stops: RowStore;
  leases: RowStore;
  numberIndex: RowStore;
  upstream: UpstreamModel;
  /** Its ETags tell the true time. */
  budget: RowStore;
  requestsPerMinute: number;
  subscriptions: RowStore;
  receiver: ReceiverModel;
  delivery: DeliverySettings;
  wakeLanes: (lanes: readonly string[]) => void;
  wakeSubscriptions: (subscriptionIds: readonly string[]) => void;
  faultsSeen: string[];
  sabotage: Sabotage | undefined;
  nextId: () => string;
  bugs: Bugs;
};

/** Tags of orders around which the product has a bug: at each sending, or so many times at their end. */
export type Bugs = { send: ReadonlySet<string>; describe: Map<string, number> };

export type Host = {
  process: Process;
  accept: AcceptOperation;
  cancel: CancelOperation;
  closeByHand: CloseByHand;
  stops: Stops;
  workLane: (lane: string) => Promise<void>;
  webhooks: WebhookHost;
  pollPending: () => Promise<void>;
  sweep: () => Promise<void>;
};

export const SEND_DEADLINE_MS = 10_000;
export const TIMEOUT_MS = 15_000;
export const FAILOVER_WAIT_MS = 20_000;
/** So few that turns end in the middle of what one transaction has ended. */
const NUMBERS_A_TURN = 7;

const TYPES: Partial<Record<OperationState, string>> = {
  Running: 'number_order.started',
  Succeeded: 'number_order.succeeded',
  PartiallySucceeded: 'number_order.partially_succeeded',
  Failed: 'number_order.failed',
  Canceled: 'number_order.canceled',
};

const eventOf = (type: string, { id: orderId, customerId, state: status, counts }: Operation): EventDraft => ({
  type,
  data: { orderId, customerId, status, counts },
});

/** Every order's start, and every orders' and accounts' end, makes one event. */
const describe: DescribeState = (operation) => eventOf(TYPES[operation.state] ?? 'number_order.failed', operation);

/** An injected bug of the product. */
class Bug extends Error {}

const isTrouble = (error: unknown): boolean => error instanceof StorageBusy || error instanceof LaneContended;
const isInjected = (error: unknown): boolean => error instanceof Bug || (error instanceof OperationFault && error.cause instanceof Bug);

/** Faults that were injected are expected; any other error that code throws is a violation. */
export const noteFault = (shared: Shared, error: unknown): void => {
  if (!isTrouble(error) && !isInjected(error)) shared.faultsSeen.push(String(error));
};

/** Calls that go wrong in our own code after upstream has answered, for orders with such a tag; an account may carry the tag of an order that it was changed for. */
const buggyCall =
  (call: CallUpstream, bugs: Bugs): CallUpstream =>
  async (request, permit) => {
    const outcome = await call(request, permit);
    // With what its numbers have of their own, see `wantedTag`.
    const names = (tag: string): boolean => [`"${tag}"`, `"${tag}~`].some((text) => request.body?.includes(text));
    if (request.method === 'POST' && [...bugs.send].some(names)) throw new Bug();
    return outcome;
  };

/** Ends that cannot be described the first times. */
const buggyDescribe =
  (bugs: Bugs): DescribeState =>
  (operation, lane) => {
    const tag = (operation.view as { tag?: string }).tag ?? '';
    const left = bugs.describe.get(tag) ?? 0;
    bugs.describe.set(tag, left - 1);
    if (left > 0) throw new Bug();
    return describe(operation, lane);
  };

export const makeHost = (shared: Shared, process: Process): Host => {
  const { world, sabotage } = shared;
  const { scheduler, random } = world;
  const now = clockOf(world, process);
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => scheduler.after(ms, () => process.alive && resolve()));
  const state = sabotagedStore(faultyStore(world, process, shared.state), sabotage);
  const webhooks = makeWebhookHost({
    world,
    process,
    state,
    subscriptions: faultyStore(world, process, shared.subscriptions),
    clock: { now, sleep },
    receiver: shared.receiver,
    wakeSubscription: (id) => shared.wakeSubscriptions([id]),
    settings: shared.delivery,
    nextId: shared.nextId,
    sabotage,
  });
  const lanes = makeLaneStore(state, webhooks.wantsNumbers);
  const step = { lanes, sleep, random: random.next, now, inTurn: makeLaneTurns(), describe: buggyDescribe(shared.bugs) };
  const newPair = () => ({ id: shared.nextId(), firstSent: new Date(now()).toUTCString() });
  const onFault = (_lane: string, error: unknown): void => noteFault(shared, error);
  const { takePermit, pauseUpstream, endProbe, permitsWithin } = makeTableBudget({
    store: faultyStore(world, process, shared.budget),
    limitPerMinute: shared.requestsPerMinute,
    clock: { now, sleep },
    random: random.next,
    times: { ...DEFAULT_TIMES, probeAloneMs: TIMEOUT_MS + DEFAULT_TIMES.probeLookMs },
  });
  const wakeLanes = async (names: readonly string[]): Promise<void> => {
    await effect(world, process, () => Promise.resolve(shared.wakeLanes(names)));
  };
  const watch = makeWatchGateway({ state, now, wakeLane: (lane) => wakeLanes([lane]), onFault: (error) => noteFault(shared, error) });
  const upstream: UpstreamEffects = {
    takePermit: sabotagedPermits(takePermit, sabotage, { now, sleep, random }),
    heedOutcome: makeHeedOutcome({ pauseUpstream, endProbe, now, failoverWaitMs: FAILOVER_WAIT_MS, watch }),
    call: buggyCall(sabotagedCall(shared.upstream.callFor(process), sabotage, shared.nextId), shared.bugs),
  };
  const foldLane = makeFoldLane(step);
  const expandEnded = makeExpandEnded({ readItems: makeReadItems(lanes), describeNumber: describeOrderNumber('https://api.test') });
  const publishing = {
    state,
    lanes: sabotagedPublishLanes(lanes, sabotage),
    appendEvents: webhooks.appendEvents,
    expandEnded: sabotagedExpand(expandEnded, sabotage, shared.nextId),
    numbersATurn: NUMBERS_A_TURN,
  };
  const publishLane = makePublishLane(publishing);
  const stops = makeStops(faultyStore(world, process, shared.stops));
  const haltOver = makeHaltOver({ listStops: stops.list, isSuspended: () => Promise.resolve(false), now });
  const deaf: HaltOver = () => Promise.resolve(undefined);
  const describeStall = (operation: Operation): EventDraft => eventOf('number_order.stalled', operation);
  const faults = makeNoteFault({ ...step, describeStall, isTrouble, onFault });
  const honestIndex = makeNumberIndex({ table: faultyStore(world, process, shared.numberIndex), sleep, random: random.next });
  const index = sabotagedIndex(honestIndex, sabotage);
  const pumpEffects = {
    index,
    haltOver: sabotage === 'a stop that the pump does not heed' ? deaf : haltOver,
    ...step,
    ...upstream,
    lanes: sabotagedPumpLanes(lanes, sabotage, now),
    foldLane,
    newPair,
    noteFault: faults,
    sendDeadlineMs: SEND_DEADLINE_MS,
    quietMs: SEND_DEADLINE_MS + TIMEOUT_MS + FAILOVER_WAIT_MS,
    onFault,
  };
  const honestWork = makeWorkLane({
    lanes,
    now,
    foldLane,
    publishLane,
    noteFault: faults,
    projectLane: () => effect(world, process, () => Promise.resolve()),
    freeLane: makeFreeLane({ ...step, state, index }),
    runJob: () => Promise.resolve(),
    pumpLane: (lane, deadlineMs) => pump(pumpEffects, lane, deadlineMs),
  });
  const workLane = async (lane: string): Promise<void> => {
    if (sabotage !== 'due row deleted before its effect') return honestWork(lane);
    await dropDue(lanes, lane);
    await foldLane(lane);
    await pump(pumpEffects, lane, now() + 60_000);
    await honestWork(lane);
  };
  const keys = makeIdempotencyKeys(
    faultyStore(world, process, shared.keys),
    async (id) => (await lanes.readOperation(id)) !== undefined,
    now,
  );
  return {
    process,
    accept: sabotagedAccept(
      makeAcceptOperation({
        lanes,
        keys,
        now,
        sleep,
        random: random.next,
        newId: shared.nextId,
        wakeLane: (lane) => wakeLanes([lane]),
        wantsNumbers: webhooks.wantsNumbers,
      }),
      sabotage,
    ),
    stops,
    closeByHand: makeCloseByHand({ ...step, wakeLane: (lane) => wakeLanes([lane]) }),
    cancel: makeCancelOperation({ ...step, lanes: sabotagedCancelLanes(lanes, sabotage), wakeLane: (lane) => wakeLanes([lane]) }),
    workLane,
    webhooks,
    pollPending: makePollPending({
      ...step,
      lanes: sabotagedPollLanes(lanes, sabotage),
      state: scannedStore(state, shared.isEmpty),
      upstream,
      leases: faultyStore(world, process, shared.leases),
      describeStall,
      publishLane: makePublishLane({ ...publishing, mostNumbers: NUMBERS_A_TURN }),
      onFault,
    }),
    sweep: makeSweep({
      state: scannedStore(state, shared.isEmpty),
      now,
      partnerOf: (lane) => partnerOf(customerOf(lane)),
      permitsWithin,
      isHalted: async (lane) => (await haltOver({ partner: partnerOf(customerOf(lane)), customerId: customerOf(lane) })) !== undefined,
      wakeLanes,
      wakeSubscriptions: (ids) => effect(world, process, () => Promise.resolve(shared.wakeSubscriptions(ids))),
    }),
  };
};
