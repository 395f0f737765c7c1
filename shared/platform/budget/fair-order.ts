/** Pure: in which order those who wait are served: floors of the classes, then each partner's fair share by class, then the rest. */
import { byClass, byPartner, type ClassCounts, type Counts, fromGroup, PERMIT_CLASSES } from './group.ts';
import type { Waiting } from './ledger.ts';
import type { PermitClass } from './permit.ts';

/** Of 100 permits, what a waiting class gets before anybody else; the first class needs none. */
const FLOOR_PERCENT: Partial<Record<PermitClass, number>> = { orders: 20, polls: 10, background: 2 };

/** Of 100 permits, what goes before orders because somebody waits at a screen; more of it is no exception but the load itself. */
const CEILING_PERCENT = 35;
/** Behind orders, before looks. */
const PAST_CEILING = 1.5;

/** Permits of a window that go to interactive requests before orders, as they come. */
export const ceilingOf = (limit: number): number => Math.ceil((limit * CEILING_PERCENT) / 100);

/** Permits taken at once: few enough that a crash wastes little, enough that a burst needs few writes. */
export const MAX_LEASE = 10;

/** Below this limit a floor would be most of it. */
const LEAST_LIMIT_WITH_FLOORS = 10;

/** Permits of a window that are the class's before anybody else's. */
export const floorOf = (permitClass: PermitClass, limit: number): number =>
  limit < LEAST_LIMIT_WITH_FLOORS ? 0 : Math.ceil((limit * (FLOOR_PERCENT[permitClass] ?? 0)) / 100);

/** One permit for one process; `isFloor`: of what its class has before anybody else. */
export type Turn = { id: string; group: string; isFloor: boolean };

type Waiter = { id: string; sinceMs: number; left: number; had: number };
type Queue = { group: string; permitClass: PermitClass; partner: string; waiters: Waiter[] };

/** The height to which `available` fills vessels that hold what they demand: nobody below it can get more without somebody below losing. */
export const waterLevel = (available: number, demands: readonly number[]): number => {
  let left = available;
  const sorted = demands.toSorted((a, b) => a - b);
  for (const [n, demand] of sorted.entries()) {
    const share = left / (sorted.length - n);
    if (demand >= share) return share;
    left -= demand;
  }
  return Number.POSITIVE_INFINITY;
};

/** The waiters after the first one had a permit: whoever has had as many as are taken at once goes to the end. */
const rotated = ([first, ...others]: readonly Waiter[]): Waiter[] => {
  if (!first) return [];
  const next = { ...first, left: first.left - 1, had: first.had + 1 };
  if (next.left === 0) return others;
  return next.had % MAX_LEASE === 0 ? [...others, next] : [next, ...others];
};

const toQueues = (line: readonly Pick<Waiting, 'id' | 'sinceMs' | 'wants'>[]): Queue[] => {
  const queues = new Map<string, Queue>();
  for (const { id, sinceMs, wants } of line.toSorted((a, b) => a.sinceMs - b.sinceMs || (a.id < b.id ? -1 : 1))) {
    for (const [group, left] of Object.entries(wants).filter(([, n]) => n > 0)) {
      const queue = queues.get(group) ?? { group, ...fromGroup(group), waiters: [] };
      queues.set(group, queue);
      queue.waiters.push({ id, sinceMs, left, had: 0 });
    }
  }
  return [...queues.values()];
};

/** Background work has no share: it lives on its floor and on what nobody else wants. */
const hasShare = ({ permitClass }: Queue): boolean => permitClass !== 'background';

/** What each waiting partner may have before others go first, with the permits it has already. */
const shareOf = (queues: readonly Queue[], taken: Counts, limit: number): number => {
  const wants = new Map<string, number>();
  for (const queue of queues.filter(hasShare))
    wants.set(queue.partner, (wants.get(queue.partner) ?? 0) + queue.waiters.reduce((sum, { left }) => sum + left, 0));
  const others = Object.entries(taken).reduce((sum, [partner, n]) => sum + (wants.has(partner) ? 0 : n), 0);
  return waterLevel(
    limit - others,
    [...wants].map(([partner, n]) => n + (taken[partner] ?? 0)),
  );
};

type Standing = { limit: number; share: number; classes: ClassCounts; partners: Counts };

const priorityOf = (permitClass: PermitClass, { limit, classes }: Standing): number => {
  const isPast = permitClass === 'interactive' && (classes[permitClass] ?? 0) >= ceilingOf(limit);
  return isPast ? PAST_CEILING : PERMIT_CLASSES.indexOf(permitClass);
};

const isBelowFloor = ({ permitClass }: Queue, { limit, classes }: Standing): boolean =>
  (classes[permitClass] ?? 0) < floorOf(permitClass, limit);

/** Smaller goes first, compared from the left. */
const rankOf = (queue: Queue, standing: Standing): number[] => {
  const { share, partners } = standing;
  const { permitClass, partner, waiters } = queue;
  const held = partners[partner] ?? 0;
  const tier = isBelowFloor(queue, standing) ? 0 : hasShare(queue) && held + 1 <= share ? 1 : 2;
  return [tier, priorityOf(permitClass, standing), held, waiters[0]?.sinceMs ?? 0];
};

const precedes = (a: readonly number[], b: readonly number[]): boolean => {
  const n = a.findIndex((value, index) => value !== b[index]);
  return n >= 0 && (a[n] ?? 0) < (b[n] ?? 0);
};

const firstOf = (queues: readonly Queue[], standing: Standing): Queue | undefined => {
  let best: { queue: Queue; rank: number[] } | undefined;
  for (const queue of queues) {
    const rank = rankOf(queue, standing);
    if (!best || precedes(rank, best.rank)) best = { queue, rank };
  }
  return best?.queue;
};

/** The next permits, at most `most`, given those that count now: `taken` by group. */
export const fairOrder = (
  taken: Counts,
  line: readonly Pick<Waiting, 'id' | 'sinceMs' | 'wants'>[],
  limit: number,
  most: number,
): Turn[] => {
  let queues = toQueues(line);
  const [classes, partners] = [byClass(taken), byPartner(taken)];
  const standing: Standing = { limit, share: shareOf(queues, partners, limit), classes, partners };
  const turns: Turn[] = [];
  while (turns.length < most) {
    const queue = firstOf(queues, standing);
    const waiter = queue?.waiters[0];
    if (!queue || !waiter) break;
    turns.push({ id: waiter.id, group: queue.group, isFloor: isBelowFloor(queue, standing) });
    classes[queue.permitClass] = (classes[queue.permitClass] ?? 0) + 1;
    partners[queue.partner] = (partners[queue.partner] ?? 0) + 1;
    queue.waiters = rotated(queue.waiters);
    if (queue.waiters.length === 0) queues = queues.filter((other) => other !== queue);
  }
  return turns;
};
