/** Closes a link or connection of the SDK, which never reports its end when the other side is gone. */
import { systemClock } from '../lib/clock.ts';

/** Long for a close that is answered (milliseconds on loopback), short for a person at a terminal. */
const LIMIT_MS = 1000;

/** Resolves when `close` has ended, in whatever way, or after a second. */
export const closeInTime = async (close: () => Promise<unknown>): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = systemClock.after(LIMIT_MS, () => resolve(undefined));
  await Promise.race([close().catch(() => undefined), promise]);
  timer.cancel();
};
