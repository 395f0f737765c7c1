import { expect, it } from 'vitest';
import { SEEDS_A_SHARE, TIMEOUT, violationsIn } from './seeds.ts';

it(`the engine keeps every law under kills, faults and overlapping orders: ${SEEDS_A_SHARE} seeds, the second third`, TIMEOUT, async () => {
  expect(await violationsIn(1)).toEqual({});
});
