/** Counts running invocations, so that a stopping host can wait for them. */
import type { Invoke } from './invoke.ts';

export type InFlight = {
  invoke: Invoke;
  /** Resolves when nothing runs. */
  idle: () => Promise<void>;
};

export const trackInFlight = (invoke: Invoke): InFlight => {
  let running = 0;
  let onIdle = (): void => undefined;
  return {
    invoke: async (target, request) => {
      running += 1;
      try {
        return await invoke(target, request);
      } finally {
        running -= 1;
        if (running === 0) onIdle();
      }
    },
    idle: () => {
      if (running === 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      onIdle = () => resolve(undefined);
      return promise;
    },
  };
};
