/** Choosing by chance that a seed repeats. */
import { seeded } from '../../webhooks/log-world.ts';

export type Random = () => number;

export const randomFrom: (seed: number) => Random = seeded;

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

/** One of `some`, which has at least one. */
export const pick = <T>(random: Random, some: readonly T[]): T => {
  const at = below(random, some.length);
  if (at >= some.length) throw new Error('nothing to pick from');
  return some[at] as T;
};
