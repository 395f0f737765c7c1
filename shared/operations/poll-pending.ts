/** Timer: looks at upstream for what was submitted and is not settled, round after round while there is something worth asking. */
import { capabilityRow } from './capability-row.ts';
import type { UpstreamEffects } from './ask-upstream.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { SETTLED_BY_MS } from './poll-age.ts';
import { newPollMemory } from './poll-memory.ts';
import { makePollRound, type RoundEffects } from './poll-round.ts';
import { makeReadOne } from './read-one.ts';
import { makeReadPage } from './read-page.ts';

/** The next tick goes on; the timer must not outlive the instance's patience. */
const LONGEST_MS = 150_000;
/**
 * With nothing to ask it ends earlier, but not before what was there when it began has had its time to settle:
 * between its end and the next tick nobody looks.
 */
const LONGEST_IDLE_MS = SETTLED_BY_MS + 30_000;
/** What is due later than this is left to the next tick. */
const LONGEST_PAUSE_MS = 10_000;
/** After a wait this long for a permit the plan is made anew. */
const PERMIT_WAIT_MS = 15_000;

export type PollPendingEffects = Omit<RoundEffects, 'readPage' | 'readOne' | 'memory' | 'capabilities'> & {
  upstream: UpstreamEffects;
  /** Table `Leases`. */
  leases: RowStore;
};

/** Resolves when nothing is worth a request now, or upstream does not answer; the next tick goes on where this one ended. */
export const makePollPending = (effects: PollPendingEffects): (() => Promise<void>) => {
  const reading = { ...effects.upstream, now: effects.now, permitWaitMs: PERMIT_WAIT_MS };
  const round = makePollRound({
    ...effects,
    readPage: makeReadPage(reading),
    readOne: makeReadOne(reading),
    capabilities: capabilityRow(effects.leases),
    memory: newPollMemory(),
  });
  return async () => {
    const startedMs = effects.now();
    while (effects.now() - startedMs < LONGEST_MS) {
      const { heard, nextMs } = await round();
      const isIdle = !heard.includes('heard');
      if (isIdle && effects.now() - startedMs > LONGEST_IDLE_MS) return;
      if (heard.includes('noAnswer') || nextMs - effects.now() > LONGEST_PAUSE_MS) return;
      if (heard.length === 0) await effects.sleep(nextMs - effects.now());
    }
  };
};
