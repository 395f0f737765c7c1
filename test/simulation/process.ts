/** A process of the simulated world: its effects take time, and it can end between any two of them or in the middle of one. */
import type { Random, Scheduler } from './scheduler.ts';

/** `skewMs`: how far its clock is ahead of the true time. */
export type Process = { name: string; alive: boolean; skewMs: number; onKill: (() => void)[] };

/** No clock is further from the true time. */
export const MAX_SKEW_MS = 2_000;

export type Faults = {
  /** Chance of the process ending at each effect. */
  kill: number;
  /** Chance of the storage refusing for a moment. */
  storage: number;
  /** Chance of a committed transaction reported as a conflict. */
  lostCommit: number;
  /** Chance of trouble at each upstream request. */
  upstream: number;
};

export type World = { scheduler: Scheduler; random: Random; faults: Faults; kills: number };

export const makeProcess = (name: string, skewMs: number): Process => ({ name, alive: true, skewMs, onKill: [] });

/** The time as this process believes it to be. */
export const clockOf =
  ({ scheduler }: World, { skewMs }: Process): (() => number) =>
  () =>
    scheduler.now() + skewMs;

export const kill = (world: World, process: Process): void => {
  if (!process.alive) return;
  process.alive = false;
  world.kills++;
  for (const action of process.onKill) action();
};

const LATENCY_MS = [1, 40] as const;

/**
 * Runs `act` as an effect of `process`. It may never happen, or happen without the process hearing of it.
 * What a dead process awaits never comes.
 */
export const effect = <T>(world: World, process: Process, act: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const { scheduler, random, faults } = world;
    if (!process.alive) return;
    scheduler.after(random.between(...LATENCY_MS), () => {
      if (!process.alive) return;
      if (random.chance(faults.kill / 2)) {
        kill(world, process);
        return;
      }
      const done = act();
      done.catch(() => undefined);
      if (random.chance(faults.kill / 2)) {
        kill(world, process);
        return;
      }
      scheduler.after(random.between(...LATENCY_MS), () => {
        if (process.alive) done.then(resolve, reject);
      });
    });
  });
