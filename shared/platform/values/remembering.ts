/** Answers from a memory of some seconds. */

const MAX_REMEMBERED = 10_000;

/** Asks `look` at most once in `memoryMs` for each key; a failure is forgotten at once. */
export const remembering = <T>(now: () => number, memoryMs: number, look: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const known = new Map<string, { untilMs: number; answer: Promise<T> }>();
  return (key) => {
    const old = known.get(key);
    if (old && now() < old.untilMs) return old.answer;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const answer = look(key);
    known.set(key, { untilMs: now() + memoryMs, answer });
    answer.catch(() => known.delete(key));
    return answer;
  };
};
