/** Time as a capability: code that must wait or look at the clock receives one. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Resolves `ms` later. */
  sleep: (ms: number) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms))),
};
