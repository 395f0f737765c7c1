import { expect, it } from 'vitest';
import { runSeed } from './run-seed.ts';
import { SABOTAGES, type Sabotage } from './sabotage.ts';

/** A sabotage that this many seeds do not notice means that the checker is blind to it. */
const SEEDS = 200;

it.each(Object.keys(SABOTAGES) as Sabotage[])('the checker notices: %s', { timeout: SEEDS * 10_000 }, async (sabotage) => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations } = await runSeed(seed, sabotage);
    if (violations.some((violation) => SABOTAGES[sabotage].test(violation))) return;
  }
  expect.fail(`${SEEDS} seeds noticed nothing`);
});
