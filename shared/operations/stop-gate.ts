/** Whether anything may leave for a customer now, asked before every claim and by every sweep, and answered from a memory of seconds. */
import { stopIdsOver, type Place, type Stops } from './stops.ts';

/** Why nothing leaves: an operator's stop, or the partner is suspended. */
export type Halt = 'stopped' | 'suspended';

/** Undefined when writes may leave. At most MEMORY_MS old. */
export type HaltOver = (place: Place) => Promise<Halt | undefined>;

/** How long a stop may go unnoticed by an instance. */
export const MEMORY_MS = 3_000;
const MAX_REMEMBERED = 10_000;

export type StopGateEffects = {
  listStops: Stops['list'];
  isSuspended: (partner: string) => Promise<boolean>;
  now: () => number;
};

/** Remembers each answer for a while; a failure is forgotten at once. */
const remembering = <T>(now: () => number, look: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const known = new Map<string, { untilMs: number; answer: Promise<T> }>();
  return (key) => {
    const old = known.get(key);
    if (old && now() < old.untilMs) return old.answer;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const answer = look(key);
    known.set(key, { untilMs: now() + MEMORY_MS, answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
};

export const makeHaltOver = ({ listStops, isSuspended, now }: StopGateEffects): HaltOver => {
  const stops = remembering(now, async () => new Set((await listStops()).map(({ id }) => id)));
  const suspended = remembering(now, isSuspended);
  return async (place) => {
    const standing = await stops('');
    if (stopIdsOver(place).some((id) => standing.has(id))) return 'stopped';
    return (await suspended(place.partner)) ? 'suspended' : undefined;
  };
};
