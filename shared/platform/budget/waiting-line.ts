/** Those who wait for a permit in this process: by class, first come first served, until their time is over. */
import type { Clock } from '../time/clock.ts';
import { type Counts, PERMIT_CLASSES } from './ledger.ts';
import type { Permit, PermitClass } from './permit.ts';

type Waiter = { permitClass: PermitClass; untilMs: number; settle: (permit: Permit | undefined) => void; fail: (error: unknown) => void };

export type WaitingLine = {
  join: (permitClass: PermitClass, waitMs: number) => Promise<Permit | undefined>;
  counts: () => Counts;
  isEmpty: () => boolean;
  /** Gives the first ones of each class their permits. */
  serve: (granted: Counts, permit: Permit) => void;
  /** Sends away those whose time is over. */
  dropLate: () => void;
  failAll: (error: unknown) => void;
  /** When the first of them gives up, by the own clock. */
  nextDeadlineMs: () => number;
  /** Resolves when the next one joins. */
  arrival: () => Promise<void>;
};

export const makeWaitingLine = (clock: Clock): WaitingLine => {
  let waiters: Waiter[] = [];
  let bell = Promise.withResolvers<undefined>();

  const take = (chosen: readonly Waiter[]): readonly Waiter[] => {
    waiters = waiters.filter((waiter) => !chosen.includes(waiter));
    return chosen;
  };

  return {
    join: (permitClass, waitMs) =>
      new Promise((settle, fail) => {
        waiters.push({ permitClass, untilMs: clock.now() + waitMs, settle, fail });
        bell.resolve(undefined);
        bell = Promise.withResolvers();
      }),
    counts: () => Object.fromEntries(PERMIT_CLASSES.map((c) => [c, waiters.filter((waiter) => waiter.permitClass === c).length])),
    isEmpty: () => waiters.length === 0,
    serve: (granted, permit) => {
      const chosen = PERMIT_CLASSES.flatMap((c) => waiters.filter((waiter) => waiter.permitClass === c).slice(0, granted[c] ?? 0));
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
