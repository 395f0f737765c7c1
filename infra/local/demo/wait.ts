/** Looks again and again until something holds or its time is over. */
import type { Clock } from '../lib/clock.ts';

export type Wait = { clock: Clock; deadlineMs: number; everyMs: number };

/** The first value that is `good`, or the last one seen when `deadlineMs` have passed: the caller judges which it is. */
export const lookUntil = async <T>(
  { clock, deadlineMs, everyMs }: Wait,
  look: () => Promise<T>,
  good: (value: T) => boolean,
): Promise<T> => {
  const untilMs = clock.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (good(value) || clock.now() >= untilMs) return value;
    await new Promise<void>((resolve) => clock.after(everyMs, resolve));
  }
};
