/** Those who wait for a permit in this process: by group, the oldest work first, until their time is over. */
import type { Clock } from '../time/clock.ts';
import { type Counts, fromGroup, PERMIT_CLASSES, toGroup } from './group.ts';
import type { Permit, PermitAsk } from './permit.ts';

type Waiter = {
  group: string;
  sinceMs: number;
  untilMs: number;
  settle: (permit: Permit | undefined) => void;
  fail: (error: unknown) => void;
};

/** More groups than this are served in turn: the row that names them stays small. */
const MAX_GROUPS = 24;

export type WaitingLine = {
  join: (ask: PermitAsk, waitMs: number) => Promise<Permit | undefined>;
  /** How many wait, by group, at most `most` of each. */
  wants: (most: number) => Counts;
  isEmpty: () => boolean;
  /** Gives the first ones of each group their permits. */
  serve: (granted: Counts, permit: Permit) => void;
  /** Sends away those whose time is over. */
  dropLate: () => void;
  failAll: (error: unknown) => void;
  /** When the first of them gives up, by the own clock. */
  nextDeadlineMs: () => number;
  /** Resolves when the next one joins. */
  arrival: () => Promise<void>;
};

const classIndex = (group: string): number => PERMIT_CLASSES.indexOf(fromGroup(group).permitClass);

export const makeWaitingLine = (clock: Clock): WaitingLine => {
  let waiters: Waiter[] = [];
  let bell = Promise.withResolvers<undefined>();

  const take = (chosen: readonly Waiter[]): readonly Waiter[] => {
    waiters = waiters.filter((waiter) => !chosen.includes(waiter));
    return chosen;
  };

  return {
    join: (ask, waitMs) =>
      new Promise((settle, fail) => {
        const nowMs = clock.now();
        waiters.push({ group: toGroup(ask), sinceMs: ask.sinceMs ?? nowMs, untilMs: nowMs + waitMs, settle, fail });
        bell.resolve(undefined);
        bell = Promise.withResolvers();
      }),
    wants: (most) => {
      const groups = Map.groupBy(waiters, ({ group }) => group);
      const first = [...groups].sort(([a], [b]) => classIndex(a) - classIndex(b)).slice(0, MAX_GROUPS);
      return Object.fromEntries(first.map(([group, those]) => [group, Math.min(most, those.length)]));
    },
    isEmpty: () => waiters.length === 0,
    serve: (granted, permit) => {
      const oldest = waiters.toSorted((a, b) => a.sinceMs - b.sinceMs);
      const chosen = Object.entries(granted).flatMap(([group, n]) => oldest.filter((waiter) => waiter.group === group).slice(0, n));
      for (const waiter of take(chosen)) waiter.settle(permit);
    },
    dropLate: () => {
      const nowMs = clock.now();
      for (const waiter of take(waiters.filter((w) => w.untilMs <= nowMs))) waiter.settle(undefined);
    },
    failAll: (error) => {
      for (const waiter of take(waiters)) waiter.fail(error);
    },
    nextDeadlineMs: () => Math.min(...waiters.map((waiter) => waiter.untilMs)),
    arrival: () => bell.promise,
  };
};
