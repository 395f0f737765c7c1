/** The stack that a run works with: the one that runs already, or one of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../lib/log.ts';
import { isAlive, readFacts, type StackFacts } from '../stack/facts.ts';
import { startStack } from '../stack/stack.ts';
import type { DemoCommandLine } from './command-line.ts';

export type StackInUse = {
  facts: StackFacts;
  /** Rejects when a stack of its own ends before it was asked to. */
  broken: Promise<never>;
  /** Why a stack of its own is going down, if it is. */
  reason: () => Promise<string | undefined>;
  /** Ends it, if the run started it. */
  release: () => Promise<void>;
};

const PROBE_TIMEOUT_MS = 5000;
/** When one part has died the stack ends all others before it says so. */
const REASON_DEADLINE_MS = 10_000;

/** Throws when a running stack cannot follow the options, or when none can be started. */
export const useStack = async (options: DemoCommandLine, say: (text: string) => void, signal: AbortSignal): Promise<StackInUse> => {
  const { stack, stackOnly } = options;
  const running = readFacts(stack.dir);
  if (running !== undefined && isAlive(running.pid) && (await answers(running.apiUrl))) {
    if (stackOnly.length > 0)
      throw new Error(
        `A stack runs in ${running.dir} already, which cannot follow ${stackOnly.join(', ')}: end it, or use another folder with --dir.`,
      );
    say(`Using the stack that runs at ${running.apiUrl}`);
    return { facts: running, broken: new Promise<never>(() => undefined), reason: async () => undefined, release: async () => undefined };
  }
  say('Starting the local stack');
  const own = await startStack({ ...stack, log: silentLog, signal });
  const broken = own.ended.then((reason) => {
    throw new Error(reason ?? 'The stack was stopped.');
  });
  // Nobody may be listening any more when the run ends it.
  broken.catch(() => undefined);
  const reason = (): Promise<string | undefined> => Promise.race([own.ended, delay(REASON_DEADLINE_MS, undefined, { ref: false })]);
  return { facts: own.facts, broken, reason, release: own.stop };
};

const answers = async (apiUrl: string): Promise<boolean> => {
  try {
    return (await fetch(`${apiUrl}/health/live`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
};
