/** Whether anything may leave for a customer now, asked before every claim and by every sweep, and answered from a memory of seconds. */
import { remembering } from '../platform/values/remembering.ts';
import { stopIdsOver, type Place, type Stops } from './stops.ts';

/** Why nothing leaves: an operator's stop, or the partner is suspended. */
export type Halt = 'stopped' | 'suspended';

/** Undefined when writes may leave. At most MEMORY_MS old. */
export type HaltOver = (place: Place) => Promise<Halt | undefined>;

/** How long a stop may go unnoticed by an instance. */
export const MEMORY_MS = 3_000;

export type StopGateEffects = {
  listStops: Stops['list'];
  isSuspended: (partner: string) => Promise<boolean>;
  now: () => number;
};

export const makeHaltOver = ({ listStops, isSuspended, now }: StopGateEffects): HaltOver => {
  const stops = remembering(now, MEMORY_MS, async () => new Set((await listStops()).map(({ id }) => id)));
  const suspended = remembering(now, MEMORY_MS, isSuspended);
  return async (place) => {
    const standing = await stops('');
    if (stopIdsOver(place).some((id) => standing.has(id))) return 'stopped';
    return (await suspended(place.partner)) ? 'suspended' : undefined;
  };
};
