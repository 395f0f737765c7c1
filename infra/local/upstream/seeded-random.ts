/** Repeatable chance for latencies, fault rates and list orders: the same seed gives the same run. */

/** A linear congruential generator modulo 2^32 (Knuth's multiplier), whose better upper bits are used. In [0, 1). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 2_246_822_519) >>> 0;
    return mixed / 2 ** 32;
  };
};
