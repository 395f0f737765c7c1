/** Lets parts of one run wait for each other without looking again and again. */

export type Signal = {
  /** Resolves at the next `notify`. */
  wait: () => Promise<void>;
  /** Lets everybody go on who waits now. */
  notify: () => void;
};

export const makeSignal = (): Signal => {
  let waiting: (() => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    notify: () => {
      const all = waiting;
      waiting = [];
      for (const resolve of all) resolve();
    },
  };
};
