/** Pure: what a benchmark is, and how the figures of its rounds become a verdict. */

/** One round's figures, by name. */
export type Figures = Record<string, number>;

/** A figure that must stay on one side of a target; a missed target ends the run with status 1. */
export type Gate = { figure: string; atMost: number } | { figure: string; atLeast: number };

export type Benchmark = {
  name: string;
  /** What is done, over how much, and what it is held against in the same run. */
  what: string;
  gates: Gate[];
  /** The most rounds that are worth their time: figures on a virtual clock differ by their seed alone. */
  maxRounds?: number;
  /** One round of fixed work, in a process of its own. Rounds are counted from 1; virtual ones take theirs as seed. */
  measure: (round: number) => Promise<Figures>;
};

export type Judged = { figure: string; median: number; raw: number[]; gate: Gate | undefined; missed: boolean };

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

const isMissed = (gate: Gate, value: number): boolean => !('atMost' in gate ? value <= gate.atMost : value >= gate.atLeast);

/** Every figure over all rounds, in the order of the first; a gate whose figure was never measured is missed. */
export const judge = (gates: readonly Gate[], rounds: readonly Figures[]): Judged[] => {
  const names = [...new Set([...Object.keys(rounds[0] ?? {}), ...gates.map(({ figure }) => figure)])];
  return names.map((figure) => {
    const raw = rounds.map((round) => round[figure] ?? Number.NaN);
    const gate = gates.find((one) => one.figure === figure);
    const value = median(raw);
    return { figure, median: value, raw, gate, missed: gate !== undefined && isMissed(gate, value) };
  });
};

/** The order in which the benchmarks run in each round: every other one backwards, so that no neighbour has an advantage. */
export const alternated = <T>(benchmarks: readonly T[], rounds: number): T[][] =>
  Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? [...benchmarks] : benchmarks.toReversed()));
