/** Failure of a whole region: its connections go dead, and stay dead after it, while the service lives on at another address. */
import { z } from 'zod';

export const regionFailureSchema = z.strictObject({
  failForMs: z.number().min(0),
  /** How dead connections look. */
  as: z.enum(['hang', 'drop']).default('hang'),
  /** Also opens the second region, on a port of its own, for as long as the emulator runs. */
  move: z.boolean().default(false),
});

export type RegionFailure = { sinceMs: number; untilMs: number; as: 'hang' | 'drop' };

/**
 * What a request on a connection to the failed region meets, or undefined when it is served.
 * A connection opened before the end stays dead for ever: only a caller that opens a new one gets through.
 */
export const regionEffect = (failure: RegionFailure | undefined, nowMs: number, openedAtMs: number): 'hang' | 'drop' | undefined => {
  if (!failure || nowMs < failure.sinceMs) return undefined;
  return nowMs < failure.untilMs || openedAtMs < failure.untilMs ? failure.as : undefined;
};
