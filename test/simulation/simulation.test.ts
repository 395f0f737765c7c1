import { describe, expect, it } from 'vitest';
import { runSeed } from './run-seed.ts';

const SEEDS = process.env['LONG'] ? 2000 : 300;

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
});
