/** Remembers the answers of repeatable requests, newest kept; bounded, because an answer to a full batch is 40 KB. */
import type { RepeatabilityMemory, RepeatedAnswer } from '../protocol/repeatability.ts';

/** Some 50 minutes at 100 requests a minute; the published window is unknown. */
const MAX_REMEMBERED = 5_000;

export type RepeatMemory = RepeatabilityMemory & { entries: () => Iterable<[string, RepeatedAnswer]>; clear: () => void };

export const createRepeatMemory = (onKeep: (id: string, entry: RepeatedAnswer) => void = () => undefined): RepeatMemory => {
  const entries = new Map<string, RepeatedAnswer>();
  return {
    find: (id) => entries.get(id),
    keep: (id, entry) => {
      entries.set(id, entry);
      const [oldest] = entries.keys();
      if (entries.size > MAX_REMEMBERED && oldest !== undefined) entries.delete(oldest);
      onKeep(id, entry);
    },
    entries: () => entries,
    clear: () => entries.clear(),
  };
};
