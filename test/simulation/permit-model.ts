/** The shared budget as the engine knows it: exact, shared by all processes, and slow to answer when nothing is free. */
import type { TakePermit } from '../../shared/platform/budget/permit.ts';
import { effect, type Process, type World } from './process.ts';

const HELD_MS = 62_000;
const USABLE_MS = 1_000;
const LOOK_AGAIN_MS = 500;

export type PermitModel = { takePermit: (process: Process) => TakePermit; pauseUpstream: (ms: number) => Promise<void> };

export const makePermitModel = (world: World, limit: number): PermitModel => {
  const { scheduler } = world;
  let taken: number[] = [];
  let pausedUntilMs = 0;
  const tryTake = (): boolean => {
    const now = scheduler.now();
    taken = taken.filter((at) => at > now - HELD_MS);
    if (now < pausedUntilMs || taken.length >= limit) return false;
    taken.push(now);
    return true;
  };
  return {
    pauseUpstream: async (ms) => {
      pausedUntilMs = Math.max(pausedUntilMs, scheduler.now() + Math.min(ms, 600_000));
    },
    takePermit: (process) => async (_ask, waitMs) => {
      const untilMs = scheduler.now() + waitMs;
      for (;;) {
        const atMs = await effect(world, process, async () => (tryTake() ? scheduler.now() : undefined));
        if (atMs !== undefined) return { usableUntilMs: atMs + USABLE_MS };
        if (scheduler.now() >= untilMs) return undefined;
        await scheduler.sleep(LOOK_AGAIN_MS);
      }
    },
  };
};
