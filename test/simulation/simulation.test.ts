import { describe, expect, it } from 'vitest';
import { runSeed } from './run-seed.ts';
import { SABOTAGES, type Sabotage } from './sabotage.ts';

const SEEDS = process.env['LONG'] ? 3000 : 300;
/** A sabotage that this many seeds do not notice means that the checker is blind to it. */
const SABOTAGE_SEEDS = 60;

describe('the engine under kills, faults and overlapping orders', () => {
  it(`keeps every law in ${SEEDS} seeds`, { timeout: SEEDS * 2_000 }, async () => {
    const violating: Record<string, string[]> = {};
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violations } = await runSeed(seed);
      if (violations.length > 0) violating[`seed ${seed}`] = violations;
    }
    expect(violating).toEqual({});
  });

  it('replays a seed exactly', async () => expect(await runSeed(11)).toEqual(await runSeed(11)));

  it.each(Object.keys(SABOTAGES) as Sabotage[])('is caught when broken: %s', { timeout: SABOTAGE_SEEDS * 10_000 }, async (sabotage) => {
    for (let seed = 1; seed <= SABOTAGE_SEEDS; seed++) {
      const { violations } = await runSeed(seed, sabotage);
      if (violations.some((violation) => SABOTAGES[sabotage].test(violation))) return;
    }
    expect.fail(`${SABOTAGE_SEEDS} seeds noticed nothing`);
  });
});
