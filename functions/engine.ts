/** Wires the engine of lanes: what the queues and timers run, and what the use cases behind the routes need of it. */
import { makeAcceptOperation, makeFindRepeat, type AcceptOperation, type FindRepeat } from '../shared/operations/accept-operation.ts';
import { makeAskNow, type AskNow } from '../shared/operations/ask-now.ts';
import { makeAskUpstream, type AskUpstream, type UpstreamEffects } from '../shared/operations/ask-upstream.ts';
import { makeCancelOperation, type CancelOperation } from '../shared/operations/cancel.ts';
import { makeCloseByHand, type CloseByHand } from '../shared/operations/close-by-hand.ts';
import type { WantsNumbers } from '../shared/operations/ended-numbers.ts';
import { makeExpandEnded, type DescribeNumber } from '../shared/operations/expand-ended.ts';
import { makeReadItems } from '../shared/operations/read-items.ts';
import { makeForeseeNumbers, type ForeseeNumbers } from '../shared/operations/foresee-numbers.ts';
import { makeFoldLane } from '../shared/operations/fold-lane.ts';
import { makeHeedOutcome } from '../shared/operations/heed-outcome.ts';
import { makeFreeLane } from '../shared/operations/free-lane.ts';
import { makeIdempotencyKeys } from '../shared/operations/idempotency-keys.ts';
import { makeLaneTurns } from '../shared/operations/lane-turns.ts';
import { makeLaneStore, type LaneStore } from '../shared/operations/lane-store.ts';
import { makeNumberIndex, type NumberIndex } from '../shared/operations/number-index.ts';
import { makePollPending } from '../shared/operations/poll-pending.ts';
import { makePublishLane, NUMBERS_A_TURN, type AppendEvents } from '../shared/operations/publish-lane.ts';
import { pump } from '../shared/operations/pump.ts';
import { makeHaltOver, type HaltOver } from '../shared/operations/stop-gate.ts';
import { makeStops, type Place, type Stops } from '../shared/operations/stops.ts';
import { makeRearm, type Rearm } from '../shared/operations/rearm.ts';
import { LaneContended } from '../shared/operations/lane-step.ts';
import { makeNoteFault } from '../shared/operations/note-fault.ts';
import { ServiceTimeUnknown } from '../shared/platform/budget/ledger-row.ts';
import { isTableTrouble } from '../shared/platform/tables/table-errors.ts';
import { makeReadStanding, type ReadStanding } from '../shared/operations/standing.ts';
import { makeRefreshAccount, type RefreshAccount } from '../shared/operations/refresh-account.ts';
import { makeRefreshNumber, type RefreshNumber } from '../shared/operations/refresh-number.ts';
import type { DescribeStall } from '../shared/operations/stalled.ts';
import { makeSweep } from '../shared/operations/sweep.ts';
import type { DescribeState } from '../shared/operations/verdict.ts';
import { makeWatchGateway } from '../shared/operations/watch-gateway.ts';
import { makeWorkLane } from '../shared/operations/work-lane.ts';
import { DEFAULT_TIMES } from '../shared/platform/budget/rules.ts';
import type { BudgetView } from '../shared/platform/budget/view.ts';
import { makeTableBudget } from '../shared/platform/budget/table-budget.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import type { Lane } from '../shared/platform/lanes/lane.ts';
import type { RepeatabilityPair } from '../shared/platform/upstream/call.ts';
import { errorFields } from '../shared/platform/telemetry/log.ts';
import { remembering } from '../shared/platform/values/remembering.ts';
import { noTelemetry } from '../shared/platform/telemetry/telemetry.ts';
import type { Effects } from './effects.ts';
import { measureSweep, observedAccept, observedEnd } from './observe.ts';

export type Engine = {
  lanes: LaneStore;
  accept: AcceptOperation;
  findRepeat: FindRepeat;
  foreseeNumbers: ForeseeNumbers;
  cancel: CancelOperation;
  stops: Stops;
  haltOver: HaltOver;
  readStanding: ReadStanding;
  readBudget: () => Promise<BudgetView>;
  rearm: Rearm;
  closeByHand: CloseByHand;
  ask: AskUpstream;
  askNow: AskNow;
  /** One request to the gateway under the shared budget, for features that look at every outcome themselves. */
  upstream: UpstreamEffects;
  newPair: () => RepeatabilityPair;
  /** How long after a claim a write may be sent, and how long nobody else may send it. */
  sendDeadlineMs: number;
  quietMs: number;
  refreshAccount: RefreshAccount;
  refreshNumber: RefreshNumber;
  index: NumberIndex;
  publishLane: (lane: string) => Promise<void>;
  workLane: (lane: string) => Promise<void>;
  pollPending: () => Promise<void>;
  sweep: () => Promise<void>;
};

/** What features put into the engine. */
export type EngineParts = {
  describe: DescribeState;
  describeStall: DescribeStall;
  describeNumber: DescribeNumber;
  wantsNumbers: WantsNumbers;
  appendEvents: AppendEvents;
  projectLane: (lane: Lane) => Promise<void>;
  /** Whose lane it is, by its name alone; undefined where no partner's writes are concerned. */
  placeOf: (lane: string) => Place | undefined;
  isSuspended: (partner: string) => Promise<boolean>;
  /** Sends what is due in a lane of a kind of its own; undefined for lanes of accounts. */
  pumpOther?: (lane: string, deadlineMs: number) => Promise<void> | undefined;
  /** Goes on with the job of a lane that has one. */
  runJob: (lane: string, deadlineMs: number) => Promise<void>;
};

/** How long an answer about upstream's pause is good enough for those who look at their orders. */
const PAUSE_MEMORY_MS = 3_000;

/** What passes by itself: a lane that many want, a table service that is slow or away. */
const isTrouble = (error: unknown): boolean =>
  error instanceof LaneContended || error instanceof ServiceTimeUnknown || isTableTrouble(error);

export const makeEngine = (settings: Settings, effects: Effects, parts: EngineParts): Engine => {
  const { clock, random, newId, newUuid, wakes, call, log, telemetry = noTelemetry } = effects;
  const now = (): number => clock.now();
  const sleep = (ms: number): Promise<void> => clock.sleep(ms);
  const state = effects.table('State');
  const { wantsNumbers } = parts;
  const lanes = makeLaneStore(state, wantsNumbers);
  const { takePermit, pauseUpstream, endProbe, permitsWithin, ...budget } = makeTableBudget({
    store: effects.table('Budget'),
    limitPerMinute: settings.UPSTREAM_REQUESTS_PER_MINUTE,
    minSpacingMs: settings.UPSTREAM_MIN_SPACING_MS,
    clock,
    random,
    times: { ...DEFAULT_TIMES, probeAloneMs: settings.UPSTREAM_TIMEOUT_MS + DEFAULT_TIMES.probeLookMs },
  });
  const watch = makeWatchGateway({
    state,
    now,
    wakeLane: (lane) => wakes.wakeLane(lane),
    onFault: (error) => log('warn', 'what the gateway answers was not noted', errorFields(error)),
  });
  const heedOutcome = makeHeedOutcome({ pauseUpstream, endProbe, now, failoverWaitMs: settings.UPSTREAM_FAILOVER_WAIT_MS, watch });
  const upstream = { takePermit, heedOutcome, call };
  const step = { lanes, sleep, random, now, inTurn: makeLaneTurns(), describe: observedEnd(parts.describe, telemetry) };
  const onFault = (lane: string, error: unknown): void =>
    log('error', 'a lane failed; its due row brings it back', { lane, ...errorFields(error) });
  const ask = makeAskUpstream(upstream);
  const foldLane = makeFoldLane(step);
  const expandEnded = makeExpandEnded({ readItems: makeReadItems(lanes), describeNumber: parts.describeNumber });
  const publishing = { state, lanes, appendEvents: parts.appendEvents, expandEnded };
  const publishLane = makePublishLane(publishing);
  const sendDeadlineMs = settings.QUARANTINE_MARGIN_MS;
  const quietMs = sendDeadlineMs + settings.UPSTREAM_TIMEOUT_MS + settings.UPSTREAM_FAILOVER_WAIT_MS;
  const newPair = () => ({ id: newUuid(), firstSent: new Date(now()).toUTCString() });
  const stops = makeStops(effects.table('Budget'));
  const haltOver = makeHaltOver({ listStops: stops.list, isSuspended: parts.isSuspended, now });
  const pausedUntilMs = remembering(now, PAUSE_MEMORY_MS, () =>
    // What an order waits for is a hint: not knowing it must not keep anybody from seeing the order.
    budget.read().then(
      ({ pausedForMs }) => now() + pausedForMs,
      () => 0,
    ),
  );
  const askNow = makeAskNow({ ...upstream, now, pausedUntilMs: () => pausedUntilMs('') });
  const isHalted = async (lane: string): Promise<boolean> => {
    const place = parts.placeOf(lane);
    return place !== undefined && (await haltOver(place)) !== undefined;
  };
  const noteFault = makeNoteFault({ ...step, describeStall: parts.describeStall, isTrouble, onFault });
  const index = makeNumberIndex({ table: effects.table('NumberIndex'), sleep, random });
  const pumpEffects = { index, haltOver, ...step, ...upstream, foldLane, newPair, sendDeadlineMs, quietMs, noteFault };
  const keys = makeIdempotencyKeys(effects.table('Keys'), async (id) => (await lanes.readOperation(id)) !== undefined, now);
  const { wakeLanes, wakeSubscriptions } = wakes;
  const accept = makeAcceptOperation({ lanes, keys, now, sleep, random, newId, wakeLane: (lane) => wakes.wakeLane(lane), wantsNumbers });
  return {
    lanes,
    ask,
    upstream,
    newPair,
    sendDeadlineMs,
    quietMs,
    askNow,
    refreshAccount: makeRefreshAccount({ ...step, askNow }),
    refreshNumber: makeRefreshNumber({ ...step, askNow }),
    index,
    publishLane,
    accept: observedAccept(accept, telemetry, now),
    findRepeat: makeFindRepeat({ keys, lanes }),
    foreseeNumbers: makeForeseeNumbers({ lanes, index }),
    stops,
    haltOver,
    readStanding: makeReadStanding({ lanes, haltOver, pausedUntilMs: () => pausedUntilMs(''), now }),
    readBudget: budget.read,
    closeByHand: makeCloseByHand({ ...step, wakeLane: (lane) => wakes.wakeLane(lane) }),
    rearm: makeRearm({ ...step, wakeLane: (lane) => wakes.wakeLane(lane) }),
    cancel: makeCancelOperation({ ...step, wakeLane: (lane) => wakes.wakeLane(lane) }),
    workLane: makeWorkLane({
      lanes,
      now,
      foldLane,
      publishLane,
      projectLane: parts.projectLane,
      noteFault,
      freeLane: makeFreeLane({ ...step, state, index }),
      pumpLane: (lane, deadlineMs) => parts.pumpOther?.(lane, deadlineMs) ?? pump(pumpEffects, lane, deadlineMs),
      runJob: parts.runJob,
    }),
    pollPending: makePollPending({
      ...step,
      state,
      upstream,
      leases: effects.table('Leases'),
      describeStall: parts.describeStall,
      // A round of polls serves all partners: what else there is to tell of one partner's numbers is left to that lane's own queue.
      publishLane: makePublishLane({ ...publishing, mostNumbers: NUMBERS_A_TURN }),
      onFault,
    }),
    sweep: makeSweep({
      state,
      now,
      partnerOf: (lane) => parts.placeOf(lane)?.partner,
      permitsWithin,
      isHalted,
      wakeLanes,
      wakeSubscriptions,
      // Its figure costs a look at the budget, which nobody would see.
      ...(telemetry === noTelemetry ? {} : { onOldest: measureSweep(telemetry, budget.read) }),
    }),
  };
};
