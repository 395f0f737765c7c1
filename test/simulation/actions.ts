/** What partners and operators do about orders that were placed: asked again until somebody answers. */
import { AppError } from '../../shared/platform/errors/app-error.ts';
import type { Bugs, Host } from './host.ts';
import { anyAlive } from './hosts.ts';
import type { World } from './process.ts';
import type { Random } from './scheduler.ts';
import { customerOf, partnerOf, PARTNERS } from './names.ts';
import type { PlannedDraft, Submitted, Workload } from './workload.ts';

/** `key` names the draft that it is about. */
export type PlannedAction =
  { kind: 'cancel' | 'close'; atMs: number; key: string } | { kind: 'stop'; atMs: number; stopId: string; forMs: number };

/** Acknowledged at `fromMs`; nobody asked to lift it before `toMs`. */
export type Stopped = { stopId: string; fromMs: number; toMs: number };

const LATEST_CANCEL_MS = 60_000;
const ANSWER_WAIT_MS = 15_000;

const planCancels = (random: Random, drafts: readonly PlannedDraft[], kind: 'cancel' | 'close', most: number): PlannedAction[] => {
  const rate = random.chance(0.5) ? most : 0;
  return drafts.flatMap(({ atMs, draft, key }): PlannedAction[] =>
    draft.kind === 'numbers' && random.chance(rate) ? [{ kind, atMs: atMs + random.between(0, LATEST_CANCEL_MS), key }] : [],
  );
};

const planStops = (random: Random, lanes: readonly string[]): PlannedAction[] => {
  const customers = lanes.map(customerOf);
  const ids = ['all', ...PARTNERS.map((id) => `partner.${id}`), ...customers.map((id) => `customer.${partnerOf(id)}.${id}`)];
  return ids.flatMap((stopId): PlannedAction[] =>
    random.chance(0.15) ? [{ kind: 'stop', atMs: random.between(0, 120_000), stopId, forMs: random.between(20_000, 200_000) }] : [],
  );
};

export const planActions = (random: Random, { drafts, lanes }: Workload): PlannedAction[] => [
  ...planCancels(random, drafts, 'cancel', 0.15),
  ...planCancels(random, drafts, 'close', 0.05),
  ...planStops(random, lanes),
];

/** Orders around which the product has a bug, in few worlds. */
export const planBugs = (random: Random, { drafts }: Workload): Bugs => {
  const rate = random.chance(0.25) ? 0.1 : 0;
  const keys = drafts.filter(({ draft }) => draft.kind === 'numbers').map(({ key }) => key);
  return {
    send: new Set(keys.filter(() => random.chance(rate))),
    describe: new Map(keys.filter(() => random.chance(rate)).map((key) => [key, 1 + random.below(4)])),
  };
};

type Told = { done: () => void; stopped: (stop: Stopped) => void; onFault: (error: unknown) => void };

/** Asks hosts in turn until one answers for good. */
export const insist = (
  world: World,
  hosts: readonly Host[],
  onFault: (error: unknown) => void,
  ask: (host: Host) => Promise<boolean>,
): Promise<void> =>
  new Promise((resolve) => {
    let answered = false;
    const tryOne = (): void => {
      if (answered) return;
      world.scheduler.after(ANSWER_WAIT_MS, tryOne);
      const host = anyAlive(world, hosts);
      if (!host) return;
      ask(host).then((final) => {
        if (!final || answered) return;
        answered = true;
        resolve();
      }, onFault);
    };
    tryOne();
  });

const runStop = async (world: World, hosts: readonly Host[], { stopId, forMs }: PlannedAction & { kind: 'stop' }, told: Told) => {
  const { scheduler } = world;
  await insist(world, hosts, told.onFault, (host) => host.stops.put(stopId, 'maintenance', scheduler.now()).then(() => true));
  const fromMs = scheduler.now();
  await scheduler.sleep(forMs);
  told.stopped({ stopId, fromMs, toMs: scheduler.now() });
  await insist(world, hosts, told.onFault, (host) =>
    host.stops
      .remove(stopId)
      .then(() => host.stops.list())
      .then((left) => !left.some(({ id }) => id === stopId)),
  );
};

export const runAction = (
  world: World,
  hosts: readonly Host[],
  action: PlannedAction,
  submitted: readonly Submitted[],
  told: Told,
): void => {
  const act = async (): Promise<void> => {
    if (action.kind === 'stop') return runStop(world, hosts, action, told);
    return insist(world, hosts, told.onFault, async (host) => {
      const order = submitted.find(({ key }) => key === action.key);
      if (!order) return false;
      if (action.kind === 'close') return !((await host.closeByHand(order.operationId, 'simulated')) instanceof AppError);
      return (await host.cancel(order.draft.partner, order.operationId)).kind !== 'busy';
    });
  };
  world.scheduler.after(action.atMs, () => void act().then(told.done, told.onFault));
};
