/** Spaces out what is sent to an endpoint that asked for a rate. */
import type { Clock } from '../platform/time/clock.ts';

const SECOND_MS = 1000;

export type Pacer = {
  /** Resolves when the caller's turn has come: true, or false when that would be after `endsAtMs`. */
  turn: (endsAtMs: number) => Promise<boolean>;
  /** When the next turn comes; undefined without a rate. */
  readonly nextAtMs: number | undefined;
};

/** `maxPerSecond` turns a second, evenly; none before `firstAtMs`, where the last run left off. */
export const makePacer = (clock: Clock, maxPerSecond: number | undefined, firstAtMs = 0): Pacer => {
  if (maxPerSecond === undefined) return { turn: () => Promise.resolve(true), nextAtMs: undefined };
  const spacingMs = SECOND_MS / maxPerSecond;
  let nextAtMs = firstAtMs;
  return {
    turn: async (endsAtMs) => {
      const atMs = Math.max(clock.now(), nextAtMs);
      if (atMs >= endsAtMs) return false;
      nextAtMs = atMs + spacingMs;
      if (atMs > clock.now()) await clock.sleep(atMs - clock.now());
      return true;
    },
    get nextAtMs() {
      return nextAtMs;
    },
  };
};
