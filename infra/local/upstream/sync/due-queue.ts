/** What is due when, earliest first: a binary heap, because 100,000 pending numbers must not mean 100,000 timers. */
export type Due<T> = { atMs: number; item: T };

export type DueQueue<T> = {
  add: (atMs: number, item: T) => void;
  /** Removes and returns the earliest entry if it is due at `nowMs`; ties leave in the order they were added. */
  takeDue: (nowMs: number) => Due<T> | undefined;
  nextAtMs: () => number | undefined;
  size: () => number;
  clear: () => void;
};

export const dueQueue = <T>(): DueQueue<T> => {
  type Entry = Due<T> & { order: number };
  const heap: Entry[] = [];
  let order = 0;
  const before = (a: number, b: number): boolean => {
    const [x, y] = [heap[a], heap[b]];
    if (!x || !y) return false;
    return x.atMs < y.atMs || (x.atMs === y.atMs && x.order < y.order);
  };
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (!x || !y) return;
    heap[a] = y;
    heap[b] = x;
  };
  const rise = (index: number): void => {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!before(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  };
  const sink = (): void => {
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const child = before(left + 1, left) ? left + 1 : left;
      if (!before(child, parent)) return;
      swap(child, parent);
      parent = child;
    }
  };
  return {
    add: (atMs, item) => {
      heap.push({ atMs, item, order: order++ });
      rise(heap.length - 1);
    },
    takeDue: (nowMs) => {
      const [first] = heap;
      if (!first || first.atMs > nowMs) return undefined;
      swap(0, heap.length - 1);
      heap.pop();
      sink();
      return { atMs: first.atMs, item: first.item };
    },
    nextAtMs: () => heap[0]?.atMs,
    size: () => heap.length,
    clear: () => void (heap.length = 0),
  };
};
