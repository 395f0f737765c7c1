/** The Functions hosts of a stack, which tests kill and start again one by one. */
import type { HostFacts } from './facts.ts';
import type { Part, PartSpec } from './part.ts';
import type { Supervisor } from './supervisor.ts';

export type HostKeeper = { start: (number: number) => Promise<void>; kill: (number: number) => Promise<void>; facts: () => HostFacts[] };

/** One host for each of `ports`, none started yet; hosts are counted from 0. */
export const hostKeeper = (
  parts: Supervisor,
  ports: readonly number[],
  planOf: (number: number, port: number) => PartSpec<unknown>,
): HostKeeper => {
  const running = new Map<number, Part>();
  return {
    start: async (number) => {
      const port = ports[number];
      if (port === undefined) throw new Error(`There is no host ${number}.`);
      if (running.has(number)) throw new Error(`Host ${number} runs.`);
      const { part } = await parts.start(planOf(number, port), 'host');
      running.set(number, part);
      void part.exited.then(() => running.get(number) === part && running.delete(number));
    },
    kill: async (number) => {
      await running.get(number)?.kill();
    },
    facts: () => ports.map((port, number) => ({ url: `http://localhost:${port}`, port, pid: running.get(number)?.pid ?? 0 })),
  };
};
