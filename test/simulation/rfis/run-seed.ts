/** One seed of Requests for Information from start to rest: two hosts, scans, partners that decide and retry, kills and faults, then calm, then the verdict. */
import { lanePartition } from '../../../shared/platform/tables/keys.ts';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import type { DecisionEvent, DecisionKind } from '../../../shared/rfis/decision-model.ts';
import { rfiLaneOf, type RfiLane } from '../../../shared/rfis/model.ts';
import type { TenantCustomer } from '../../../shared/rfis/ports.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { makeBusModel } from '../bus-model.ts';
import { anyAlive, NO_FAULTS, planFaults, startHosts, startTimer } from '../hosts.ts';
import { MAX_SKEW_MS, type World } from '../process.ts';
import { makeScheduler, seededRandom, type Random } from '../scheduler.ts';
import { checkRfis, laneOf, type Decided } from './checks.ts';
import { FAILOVER_WAIT_MS, makeRfiHost, noteFault, TIMEOUT_MS, type RfiHost, type RfiSabotage, type RfiShared } from './host.ts';
import { makeRfiUpstream } from './upstream.ts';

const START_MS = Date.parse('2026-11-01T00:00:00Z');
const STORM_MS = 300_000;
const CALM_MS = 12 * 3_600_000;
const SWEEP_MS = 10_000;
const SCAN_MS = 60_000;
const ANSWER_WAIT_MS = 15_000;
const LONGEST_PAUSE_MS = 240_000;

const tenant = (n: number): string => `a7f4bd5c-cc01-40f4-8baa-${n.toString(16).padStart(12, '0')}`;

/** `tag`: the comment and the key, which nobody uses twice. */
export type PlannedDecision = { atMs: number; tag: string; tenantId: string; kind: DecisionKind; wantsCustomer: boolean };

const EVENTS: Record<DecisionKind, DecisionEvent> = {
  'rfi.accept': 'rfi.accepted',
  'rfi.decline': 'rfi.declined',
  'rfi.relationship': 'rfi.updated',
};
const KINDS = Object.keys(EVENTS) as DecisionKind[];

const planDecisions = (random: Random, tenants: readonly string[]): PlannedDecision[] =>
  tenants.flatMap((tenantId, t) =>
    Array.from({ length: 1 + random.below(5) }, (_, n): PlannedDecision => {
      const kind = KINDS[random.below(KINDS.length)] ?? 'rfi.accept';
      const wantsCustomer = kind === 'rfi.accept' && random.chance(0.8);
      return { atMs: 2_000 + random.between(0, LONGEST_PAUSE_MS), tag: `t${t}d${n}`, tenantId, kind, wantsCustomer };
    }),
  );

/** Asks hosts in turn, with the same key, until one answers for good. Sometimes asks once more than needed. */
const runPartner = (
  { world }: RfiShared,
  hosts: readonly RfiHost[],
  { atMs, tag, tenantId, kind, wantsCustomer }: PlannedDecision,
  told: { answered: (decided: Decided) => void; onFault: (error: unknown) => void },
): void => {
  const { scheduler, random } = world;
  const input = {
    reader: { seesContacts: true },
    tenantId,
    kind,
    event: EVENTS[kind],
    relationship: { status: `Says${tag}`, comment: tag },
    requestHash: tag,
    scope: { partner: 'acme', method: 'POST', path: tenantId, key: tag },
    ...(wantsCustomer ? { customer: { customerId: `c-${tag}`, request: {}, requestHash: tag } } : {}),
  };
  let heard = false;
  const ask = (): void => {
    if (heard) return;
    scheduler.after(ANSWER_WAIT_MS, ask);
    const host = anyAlive(world, hosts);
    if (!host) return;
    host.decide(input).then((answer) => {
      const isLater = answer instanceof AppError && ['ServiceBusy', 'ResourceNotFound', 'LimitReached'].includes(answer.code);
      if (heard || isLater) return;
      heard = true;
      told.answered({ tag, tenantId, wantsCustomer, id: answer instanceof AppError ? undefined : answer.decision.id });
    }, told.onFault);
    if (random.chance(0.1)) host.decide(input).catch(told.onFault);
  };
  scheduler.after(atMs, ask);
};

const isAtRest = (lane: RfiLane | undefined): boolean => lane !== undefined && Object.keys(lane.due).length === 0;

export type RfiSeedResult = { violations: string[]; kills: number; steps: number; decisions: number; requests: number; events: number };

export const runRfiSeed = async (seed: number, sabotage?: RfiSabotage): Promise<RfiSeedResult> => {
  const random = seededRandom(seed);
  const scheduler = makeScheduler(START_MS);
  const world: World = { scheduler, random, faults: planFaults(random), kills: 0 };
  const tenants = Array.from({ length: 1 + random.below(4) }, (_, n) => tenant(n + 1));
  const meddling = random.chance(0.3) ? 0.1 : 0;
  const latestLandingMs = TIMEOUT_MS + FAILOVER_WAIT_MS - 2 * MAX_SKEW_MS;
  const upstream = makeRfiUpstream(world, tenants, { timeoutMs: TIMEOUT_MS, latestLandingMs, meddling });
  const bus = makeBusModel(world);
  const state = memoryRowStore();
  let ids = 0;
  const shared: RfiShared = {
    world,
    state,
    lists: memoryRowStore(),
    leases: memoryRowStore(),
    keys: memoryRowStore(),
    upstream,
    owners: new Map(tenants.map((id, n): [string, TenantCustomer] => [id, { partner: 'acme', customerId: `owner${n}` }])),
    customers: new Map(),
    told: new Map(),
    wakeLanes: bus.send,
    faultsSeen: [],
    nextId: () => `id${(++ids).toString().padStart(8, '0')}`,
    sabotage,
  };
  const onFault = (error: unknown): void => noteFault(shared, error);
  const hosts = startHosts(world, (process) => {
    const host = makeRfiHost(shared, process);
    bus.join(process, (lane) =>
      host.workLane(lane).catch((error: unknown) => {
        onFault(error);
        throw error;
      }),
    );
    return host;
  });
  startTimer(world, hosts, SWEEP_MS, (host) => host.sweep());
  startTimer(world, hosts, SCAN_MS, (host) => host.ingest());
  const planned = planDecisions(random, tenants);
  const answers: Decided[] = [];
  for (const one of planned) runPartner(shared, hosts, one, { answered: (decided) => void answers.push(decided), onFault });
  const withdrawn = tenants.filter(() => random.chance(0.15));
  for (const id of withdrawn) scheduler.after(random.between(0, LONGEST_PAUSE_MS), () => upstream.withdraw(id));
  await scheduler.run(START_MS + STORM_MS, () => false);
  world.faults = { ...NO_FAULTS };
  let rest = false;
  const look = (): void => {
    rest = answers.length === planned.length && tenants.every((id) => isAtRest(laneOf(state, id)));
    if (!rest) scheduler.after(30_000, look);
  };
  look();
  await scheduler.run(START_MS + STORM_MS + CALM_MS, () => rest);
  const violations = [...upstream.violations, ...shared.faultsSeen, ...checkRfis({ shared, state, tenants, answers, meddling, planned })];
  return {
    violations: [...new Set(violations)],
    kills: world.kills,
    steps: scheduler.steps(),
    decisions: answers.length,
    requests: upstream.requests(),
    events: tenants.reduce(
      (sum, id) => sum + state.all(lanePartition(rfiLaneOf(id))).filter(({ key }) => key.startsWith('evt|')).length,
      0,
    ),
  };
};
