/** One seed from start to rest: two hosts, clients that retry, kills and faults for a while, then calm, then the verdict. */
import { memoryRowStore } from '../fakes/memory-row-store.ts';
import { timedRowStore } from '../fakes/timed-row-store.ts';
import { laneKey, lanePartition } from '../../shared/platform/tables/keys.ts';
import type { AccountLane } from '../../shared/operations/model.ts';
import type { LogHead } from '../../shared/webhooks/model.ts';
import { planActions, planBugs, runAction, type Stopped } from './actions.ts';
import { makeBusModel } from './bus-model.ts';
import { FAILOVER_WAIT_MS, makeHost, noteFault, TIMEOUT_MS, type Shared } from './host.ts';
import { NO_FAULTS, planFaults, startHosts, startTimer } from './hosts.ts';
import { gatewayEvents, gatewayLane } from './gateway-checks.ts';
import { checkWorld } from './invariants.ts';
import { watchLogs } from './log-watch.ts';
import { makeReceiverModel } from './receiver-model.ts';
import { MAX_SKEW_MS, type World } from './process.ts';
import type { Sabotage } from './sabotage.ts';
import { makeScheduler, seededRandom } from './scheduler.ts';
import { lookAfter, newNotes, planLives, runLife, type LifeWorld } from './subscription-life.ts';
import { addSubscriptions, planSubscriptions } from './subscriptions.ts';
import { watchTerminalStates } from './terminal-watch.ts';
import { habitsOf } from './upstream-lists.ts';
import { makeUpstreamModel } from './upstream-model.ts';
import { headAt } from './webhook-checks.ts';
import { DELIVERY, FORGETFUL } from './webhook-host.ts';
import { makeWorkload, runClient, type Submitted } from './workload.ts';

const START_MS = Date.parse('2026-11-01T00:00:00Z');
const FORGETFUL_WORLDS = 0.2;
const STORM_MS = 300_000;
/** A gateway that fails nearly always for longer than news of it takes. */
const BROWNOUT = { chance: 0.1, fromMs: 30_000, forMs: 480_000, trouble: 0.95 } as const;
/** Long enough for every quarantine, pause and poll delay to pass many times. */
const CALM_MS = 6 * 3_600_000;
const TIMER_MS = 10_000;

export type SeedResult = {
  violations: string[];
  kills: number;
  steps: number;
  operations: number;
  requests: number;
  deliveries: number;
  /** Troubles of the gateway and ends of them that the operator was told of. */
  news: number;
  fullestMinute: number;
};

const isAtRest = (lane: AccountLane | undefined): boolean => lane !== undefined && Object.keys(lane.due).length === 0;

const isDelivered = (head: LogHead | undefined): boolean => head?.due.deliver === undefined;

export const runSeed = async (seed: number, sabotage?: Sabotage): Promise<SeedResult> => {
  const random = seededRandom(seed);
  const scheduler = makeScheduler(START_MS);
  const faults = planFaults(random);
  const world: World = { scheduler, random, faults: { ...faults }, kills: 0 };
  const state = memoryRowStore();
  const numberIndex = memoryRowStore();
  const workload = makeWorkload(random);
  const limit = workload.crowded ? 20 : ([20, 40, 100][random.below(3)] ?? 100);
  const upstream = makeUpstreamModel(world, {
    honoursRepeatability: random.chance(0.7),
    limit,
    timeoutMs: TIMEOUT_MS,
    // The quiet time ends by another clock than the one by which it began.
    latestLandingMs: TIMEOUT_MS + FAILOVER_WAIT_MS - 2 * MAX_SKEW_MS,
    namesCulprits: random.chance(0.5),
    syncChangesEtag: random.chance(0.5),
    meddling: random.chance(0.5) ? 0.2 : 0,
    lists: habitsOf(random),
  });
  const [lanes, logs] = [makeBusModel(world), makeBusModel(world)];
  const receiver = makeReceiverModel(world);
  const subscriptions = memoryRowStore();
  const targets = planSubscriptions(random, workload.lanes);
  await addSubscriptions(subscriptions, targets);
  const lives = planLives(random, targets);
  const delivery = random.chance(FORGETFUL_WORLDS) ? FORGETFUL : DELIVERY;
  let ids = 0;
  const report = (violation: string): void => void upstream.violations.push(violation);
  const watched = watchLogs(watchTerminalStates(state, report), scheduler.now, report);
  const shared: Shared = {
    world,
    state: watched.store,
    isEmpty: (partition) => state.keys(partition).length === 0,
    keys: memoryRowStore(),
    stops: memoryRowStore(),
    leases: memoryRowStore(),
    numberIndex,
    upstream,
    budget: timedRowStore(memoryRowStore(), { now: scheduler.now, sleep: () => Promise.resolve() }),
    requestsPerMinute: limit,
    subscriptions,
    receiver,
    delivery,
    wakeLanes: lanes.send,
    wakeSubscriptions: logs.send,
    faultsSeen: [],
    sabotage,
    bugs: planBugs(random, workload),
    nextId: () => `id${(++ids).toString().padStart(8, '0')}`,
  };
  const heard = (error: unknown): never => {
    noteFault(shared, error);
    throw error;
  };
  const hosts = startHosts(world, (process) => {
    const host = makeHost(shared, process);
    lanes.join(process, (lane) => host.workLane(lane).catch(heard));
    logs.join(process, (subscriptionId) => host.webhooks.deliverDue(subscriptionId).catch(heard));
    return host;
  });
  startTimer(world, hosts, TIMER_MS, (host) => host.sweep());
  startTimer(world, hosts, TIMER_MS, (host) => host.pollPending());
  const submitted: Submitted[] = [];
  for (const { atMs, account } of workload.meddling) scheduler.after(atMs, () => upstream.meddle(account));
  for (const draft of workload.drafts) runClient(world, hosts, draft, submitted, (error) => noteFault(shared, error));
  const actions = planActions(random, workload);
  const stopped: Stopped[] = [];
  let acknowledged = 0;
  for (const action of actions)
    runAction(world, hosts, action, submitted, {
      done: () => {
        acknowledged++;
      },
      stopped: (stop) => stopped.push(stop),
      onFault: (error) => noteFault(shared, error),
    });
  const life: LifeWorld = { world, hosts, logs: watched, receiver, notes: newNotes(), onFault: (error) => noteFault(shared, error) };
  let lived = 0;
  for (const one of lives) void runLife(life, one).then(() => lived++, life.onFault);
  const brownoutMs = random.chance(BROWNOUT.chance) ? BROWNOUT.forMs : 0;
  scheduler.after(BROWNOUT.fromMs, () => (world.faults.upstream = brownoutMs > 0 ? BROWNOUT.trouble : faults.upstream));
  scheduler.after(BROWNOUT.fromMs + brownoutMs, () => (world.faults.upstream = faults.upstream));
  const calmFromMs = START_MS + STORM_MS + brownoutMs;
  await scheduler.run(calmFromMs, () => false);
  world.faults = { ...NO_FAULTS };
  let rest = false;
  let caring = false;
  let cared = 0;
  const laneAt = (lane: string): AccountLane | undefined =>
    state.all(lanePartition(lane)).find((row) => row.key === laneKey(lane))?.value as AccountLane | undefined;
  const look = (): void => {
    const asked = submitted.length === workload.drafts.length && acknowledged === actions.length;
    const toldOfGateway = Object.keys(gatewayLane(state)?.due ?? {}).length === 0;
    const lanesRest = workload.lanes.every((lane) => isAtRest(laneAt(lane)));
    if (asked && toldOfGateway && lanesRest && lived === lives.length && !caring) {
      caring = true;
      for (const target of targets) void lookAfter(life, target).then(() => cared++, life.onFault);
    }
    rest = cared === targets.length && lanesRest && targets.every(({ id }) => isDelivered(headAt(state, id)));
    if (!rest) scheduler.after(30_000, look);
  };
  look();
  await scheduler.run(calmFromMs + CALM_MS, () => rest);
  if (delivery === FORGETFUL) await scheduler.run(scheduler.now() + 2 * delivery.keepDeliveredMs, () => false);
  const { notes } = life;
  const violations = [
    ...upstream.violations,
    ...shared.faultsSeen,
    ...checkWorld({
      ...{ state, numberIndex, upstream, submitted, workload, stopped, bugs: shared.bugs },
      ...{ logs: watched, delivery, targets, arrivals: receiver.arrivals, notes },
    }),
  ];
  return {
    violations: [...new Set(violations)],
    kills: world.kills,
    steps: scheduler.steps(),
    operations: submitted.length,
    requests: upstream.requests(),
    deliveries: receiver.arrivals.length,
    news: gatewayEvents(state).length,
    fullestMinute: upstream.fullestMinute() / limit,
  };
};
