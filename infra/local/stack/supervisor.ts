/** Keeps the parts of one stack together: when one ends that nothing can stand in for all end, each rank only after the one before it. */
import type { Log } from '../lib/log.ts';
import { lastWords, startPart, type Part, type PartSpec } from './part.ts';

/** In the order of the end: hosts use everything, everything may use storage. */
export const RANKS = ['host', 'service', 'storage'] as const;
export type Rank = (typeof RANKS)[number];

export type Started<Ready> = { part: Part; ready: Ready };

export type Supervisor = {
  /** Starts a part and waits for its ready line; rejects with what went wrong. */
  start: <Ready>(plan: PartSpec<Ready>, rank: Rank) => Promise<Started<Ready>>;
  /**
   * Resolves when a part that served has ended without being asked, with the message for the person at the terminal.
   * A host does not count while another one serves: so it is with instances in Azure.
   */
  crashed: Promise<string>;
  /** Ends all parts; further starts are refused. */
  stopAll: () => Promise<void>;
};

export const supervisor = (log: Log): Supervisor => {
  const parts: { part: Part; rank: Rank }[] = [];
  const crash = Promise.withResolvers<string>();
  let stopping: Promise<void> | undefined;

  const serving = new Map<Part, Rank>();
  const watch = async (part: Part, rank: Rank, logFile: string): Promise<void> => {
    serving.set(part, rank);
    const how = await part.exited;
    serving.delete(part);
    if (part.isEnding()) return;
    if (rank === 'host' && [...serving.values()].includes('host')) return log('a host has ended by itself; others go on', { how, logFile });
    crash.resolve(`${part.name} has ended by itself (${how}); see ${logFile}.\n${lastWords(logFile)}`);
  };
  const stopRank = async (rank: Rank): Promise<void> => {
    await Promise.all(parts.filter((held) => held.rank === rank).map(({ part }) => part.stop()));
  };
  const stopInOrder = async (): Promise<void> => {
    for (const rank of RANKS) await stopRank(rank);
  };

  return {
    start: async (plan, rank) => {
      if (stopping !== undefined) throw new Error(`The stack is ending: ${plan.name} was not started.`);
      const part = startPart(plan, log);
      parts.push({ part, rank });
      const ready = await part.ready;
      void watch(part, rank, plan.logFile);
      log('ready', { part: plan.name, pid: part.pid });
      return { part, ready };
    },
    crashed: crash.promise,
    stopAll: () => (stopping ??= stopInOrder()),
  };
};
