/** Clocks of the benchmarks: CPU of this process, and the slow end of many times. */

const US_PER_MS = 1_000;

/** CPU (user and system, all threads of this process) in ms that `act` costs. */
export const cpuMsOf = async (act: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / US_PER_MS;
};

/** `count` repetitions, `width` at a time. */
export const repeat = async (count: number, width: number, act: () => unknown): Promise<void> => {
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: width }, work));
};

/** CPU in ms that one of `count` repetitions costs, after a quarter as many to warm up. */
export const cpuMsEach = async (count: number, act: () => unknown): Promise<number> => {
  await repeat(count / 4, 1, act);
  return (await cpuMsOf(() => repeat(count, 1, act))) / count;
};

export const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.POSITIVE_INFINITY;
