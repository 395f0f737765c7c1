/** Keys in ascending order with cheap positions, so that a page deep in a large collection costs what the first one costs. */
export type KeyList = {
  size: () => number;
  at: (index: number) => string | undefined;
  /** Position of the first key that is not before `key`. */
  indexOf: (key: string) => number;
  /** Position of the first key that is greater than `key`. */
  indexAfter: (key: string) => number;
};

export type SortedKeys = KeyList & { add: (key: string) => void; remove: (key: string) => void; clear: () => void };

/** Position of the first key for which `isPast` holds; the keys must be sorted for it. */
const firstPast = (keys: readonly string[], isPast: (key: string) => boolean): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isPast(keys[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Adding a key that is there and removing one that is not do nothing. Appending in order costs no move. */
export const sortedKeys = (initial: Iterable<string> = []): SortedKeys => {
  const keys = [...new Set(initial)].sort();
  const indexOf = (key: string): number => firstPast(keys, (k) => k >= key);
  return {
    size: () => keys.length,
    at: (index) => keys[index],
    indexOf,
    indexAfter: (key) => firstPast(keys, (k) => k > key),
    add: (key) => {
      const index = indexOf(key);
      if (keys[index] !== key) keys.splice(index, 0, key);
    },
    remove: (key) => {
      const index = indexOf(key);
      if (keys[index] === key) keys.splice(index, 1);
    },
    clear: () => void (keys.length = 0),
  };
};
