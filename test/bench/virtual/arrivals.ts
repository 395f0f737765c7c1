/** The sliding limit of upstream: every arrival counts, and one too many within 60 s is refused. */

const WINDOW_MS = 60_000;

export type Arrivals = {
  /** Whether the request that arrives now is within the limit. Times come in order. */
  admit: (nowMs: number) => boolean;
  total: () => number;
  refused: () => number;
  /** The most arrivals that any 60 s held. */
  mostInAnyMinute: () => number;
};

export const countArrivals = (limit: number): Arrivals => {
  const window: number[] = [];
  let [total, refused, most] = [0, 0, 0];
  return {
    admit: (nowMs) => {
      while (window[0] !== undefined && window[0] <= nowMs - WINDOW_MS) window.shift();
      window.push(nowMs);
      total++;
      most = Math.max(most, window.length);
      if (window.length <= limit) return true;
      refused++;
      return false;
    },
    total: () => total,
    refused: () => refused,
    mostInAnyMinute: () => most,
  };
};
