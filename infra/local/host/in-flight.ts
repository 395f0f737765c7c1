/** Counts running invocations, so that a stopping host can wait for them. */
import type { Clock } from '../lib/clock.ts';
import type { Invoke } from './invoke.ts';

export type InFlight = {
  invoke: Invoke;
  /** Resolves to true when nothing runs any more, or to false when `limitMs` passed first. */
  drained: (limitMs: number) => Promise<boolean>;
};

export const trackInFlight = (invoke: Invoke, clock: Clock): InFlight => {
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
    drained: (limitMs) => {
      if (running === 0) return Promise.resolve(true);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const timer = clock.after(limitMs, () => resolve(false));
      onIdle = () => resolve(true);
      return promise.finally(() => timer.cancel());
    },
  };
};
