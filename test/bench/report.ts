/** Pure: the figures of a run as text for people. */
import type { Benchmark, Gate, Judged } from './benchmark.ts';

const DIGITS = 3;
const spell = (value: number): string => {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 10 ** (DIGITS - 1) ? value.toFixed(0) : value.toPrecision(DIGITS);
};

const targetOf = (gate: Gate): string => ('atMost' in gate ? `<= ${gate.atMost}` : `>= ${gate.atLeast}`);

const verdictOf = ({ gate, missed }: Judged): string => (gate ? `  target ${targetOf(gate)}${missed ? '  MISSED' : ''}` : '');

/** One block for each benchmark: a line for each figure with its median, every raw value, and its target. */
export const toText = ({ name, what }: Benchmark, judged: readonly Judged[]): string => {
  const width = Math.max(...judged.map(({ figure }) => figure.length));
  const lines = judged.map(
    (one) => `  ${one.figure.padEnd(width)}  ${spell(one.median)}  (${one.raw.map(spell).join(', ')})${verdictOf(one)}`,
  );
  return [`${name}: ${what}`, ...lines].join('\n');
};
