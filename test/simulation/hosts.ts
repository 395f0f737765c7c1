/** The hosts of a simulated world: how often things go wrong for them, how they die and come back, and the timers that find one alive. */
import { makeProcess, MAX_SKEW_MS, type Faults, type Process, type World } from './process.ts';
import type { Random } from './scheduler.ts';

const HOSTS = 2;

export const planFaults = (random: Random): Faults => ({
  kill: random.below(4) === 0 ? 0 : random.between(0, 0.03),
  storage: random.between(0, 0.04),
  lostCommit: random.between(0, 0.03),
  upstream: random.between(0, 0.35),
});

export const NO_FAULTS: Faults = { kill: 0, storage: 0, lostCommit: 0, upstream: 0 };

/** Each killed host is followed by another in its place; `make` starts one and has it join what wakes it. */
export const startHosts = <H>(world: World, make: (process: Process) => H): H[] => {
  const hosts: H[] = [];
  const start = (slot: number): void => {
    const process = makeProcess(`host${slot}`, world.random.between(-MAX_SKEW_MS, MAX_SKEW_MS));
    process.onKill.push(() => world.scheduler.after(world.random.between(500, 20_000), () => start(slot)));
    hosts[slot] = make(process);
  };
  for (let slot = 0; slot < HOSTS; slot++) start(slot);
  return hosts;
};

/** Any of those alive; undefined while there is none. */
export const anyAlive = <H extends { process: Process }>({ random }: World, hosts: readonly H[]): H | undefined => {
  const alive = hosts.filter(({ process }) => process.alive);
  return alive[random.below(alive.length)];
};

/** Runs on one host at a time; a turn is left out while the last one goes on. */
export const startTimer = <H extends { process: Process }>(
  world: World,
  hosts: readonly H[],
  everyMs: number,
  run: (host: H) => Promise<void>,
): void => {
  let running: H | undefined;
  const tick = (): void => {
    world.scheduler.after(everyMs, tick);
    if (running?.process.alive) return;
    const host = anyAlive(world, hosts);
    if (!host) return;
    running = host;
    const done = (): void => {
      if (running === host) running = undefined;
    };
    run(host).then(done, done);
  };
  tick();
};
