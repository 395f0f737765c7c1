/** Clocks of the benchmarks: CPU of this process, and rates. */

const US_PER_MS = 1_000;

/** CPU (user and system, all threads) in ms that one of `count` repetitions costs, after a quarter as many to warm up. */
export const cpuMsEach = async (count: number, act: () => unknown): Promise<number> => {
  for (let n = 0; n < count / 4; n++) await act();
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / US_PER_MS / count;
};

/** Repetitions in one second of `count` of them, `width` at a time, after a quarter as many to warm up. */
export const perSecond = async (count: number, width: number, act: () => Promise<unknown>): Promise<number> => {
  const run = async (total: number): Promise<void> => {
    let left = total;
    const work = async (): Promise<void> => {
      while (left-- > 0) await act();
    };
    await Promise.all(Array.from({ length: width }, work));
  };
  await run(Math.ceil(count / 4));
  const startedMs = performance.now();
  await run(count);
  return (count * 1_000) / (performance.now() - startedMs);
};

export const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.POSITIVE_INFINITY;
