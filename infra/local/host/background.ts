/** Work that goes on in the background until it is told to stop. */

export type Background = {
  start: () => void;
  /** Resolves when the work has ended. */
  stop: () => Promise<void>;
};

/** `work` ends soon after its signal is aborted, and never throws. What was stopped does nothing when it is started again. */
export const inBackground = (work: (signal: AbortSignal) => Promise<void>): Background => {
  const stopping = new AbortController();
  let running = Promise.resolve();
  return {
    start: () => {
      running = work(stopping.signal);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
