/** A set of texts in order, cheap to add to at the end and to cut ranges from. */

export type SortedKeys = {
  add: (key: string) => void;
  remove: (key: string) => void;
  /** Position of the first key that is not before `key`. */
  indexOf: (key: string) => number;
  at: (index: number) => string | undefined;
  size: () => number;
};

export const sortedKeys = (): SortedKeys => {
  const keys: string[] = [];
  const indexOf = (key: string): number => {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    add: (key) => {
      const index = indexOf(key);
      if (keys[index] !== key) keys.splice(index, 0, key);
    },
    remove: (key) => {
      const index = indexOf(key);
      if (keys[index] === key) keys.splice(index, 1);
    },
    indexOf,
    at: (index) => keys[index],
    size: () => keys.length,
  };
};
