/** Which sequence numbers arrived, kept as ranges: exact however many there are, in any order, with repeats: pure. */
export type Range = { from: number; to: number };

/** The ranges with `value` in them; they stay sorted, disjoint and not adjacent. */
export const withValue = (ranges: readonly Range[], value: number): Range[] => {
  const before = ranges.filter((range) => range.to < value - 1);
  const after = ranges.filter((range) => range.from > value + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  const from = Math.min(value, ...touching.map((range) => range.from));
  const to = Math.max(value, ...touching.map((range) => range.to));
  return [...before, { from, to }, ...after];
};

/** The highest value that arrived, or `first - 1` for none. */
export const lastOf = (ranges: readonly Range[], first: number): number => ranges.at(-1)?.to ?? first - 1;

/** The holes between `first` and the highest value that arrived. */
export const holes = (ranges: readonly Range[], first: number): Range[] => {
  const ends = [first - 1, ...ranges.map((range) => range.to)];
  return ranges.map((range, i) => ({ from: Math.max(first, (ends[i] ?? 0) + 1), to: range.from - 1 })).filter(({ from, to }) => from <= to);
};

/** How many values ranges hold. */
export const sizeOf = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

/** The lowest `limit` values of ranges. */
export const valuesOf = (ranges: readonly Range[], limit: number): number[] => {
  const values: number[] = [];
  for (const { from, to } of ranges) for (let value = from; value <= to && values.length < limit; value++) values.push(value);
  return values;
};
