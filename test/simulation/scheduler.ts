/** One thread of virtual time: every effect of every process is an event here, so a seed replays exactly. */

export type Random = {
  next: () => number;
  below: (n: number) => number;
  chance: (p: number) => boolean;
  between: (a: number, b: number) => number;
};

/** Mulberry32: small, fast and the same everywhere. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    chance: (p) => next() < p,
    between: (a, b) => a + next() * (b - a),
  };
};

type Entry = { atMs: number; order: number; run: () => void };

export type Scheduler = {
  now: () => number;
  after: (delayMs: number, run: () => void) => void;
  sleep: (ms: number) => Promise<void>;
  /** Runs events until none is left, `untilMs` is reached, or `stop` says so. */
  run: (untilMs: number, stop: () => boolean) => Promise<void>;
  steps: () => number;
};

const before = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap: the queue is the simulator's inner loop. */
const makeQueue = () => {
  const heap: Entry[] = [];
  const at = (n: number): Entry => heap[n] as Entry;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(b), at(a)];
  };
  return {
    peek: (): Entry | undefined => heap[0],
    push: (entry: Entry): void => {
      heap.push(entry);
      for (let n = heap.length - 1; n > 0;) {
        const parent = (n - 1) >> 1;
        if (!before(at(n), at(parent))) break;
        swap(n, parent);
        n = parent;
      }
    },
    pop: (): Entry | undefined => {
      const top = heap[0];
      const last = heap.pop();
      if (!last || heap.length === 0) return top;
      heap[0] = last;
      for (let n = 0; ;) {
        const kids = [2 * n + 1, 2 * n + 2].filter((k) => k < heap.length).sort((a, b) => (before(at(a), at(b)) ? -1 : 1));
        const [least] = kids;
        if (least === undefined || !before(at(least), at(n))) break;
        swap(n, least);
        n = least;
      }
      return top;
    },
  };
};

const microtasksDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const makeScheduler = (startMs: number): Scheduler => {
  const queue = makeQueue();
  let nowMs = startMs;
  let order = 0;
  let steps = 0;
  const after = (delayMs: number, run: () => void): void => queue.push({ atMs: nowMs + Math.max(0, delayMs), order: order++, run });
  return {
    now: () => nowMs,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    steps: () => steps,
    run: async (untilMs, stop) => {
      for (let entry = queue.peek(); entry && entry.atMs <= untilMs && !stop(); entry = queue.peek()) {
        queue.pop();
        nowMs = entry.atMs;
        steps++;
        entry.run();
        await microtasksDone();
      }
    },
  };
};
