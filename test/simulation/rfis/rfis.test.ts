import { describe, expect, it } from 'vitest';
import { RFI_SABOTAGES, type RfiSabotage } from './host.ts';
import { runRfiSeed } from './run-seed.ts';

const SEEDS = process.env['LONG'] ? 2000 : 100;
const SABOTAGE_SEEDS = 100;

describe('answers to requests for information under kills, faults, scans and other hands', () => {
  it(`keep every law in ${SEEDS} seeds`, { timeout: SEEDS * 2_000 }, async () => {
    const violating: Record<string, string[]> = {};
    let [decisions, kills, events] = [0, 0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await runRfiSeed(seed);
      if (result.violations.length > 0) violating[`seed ${seed}`] = result.violations;
      decisions += result.decisions;
      kills += result.kills;
      events += result.events;
    }
    expect(violating).toEqual({});
    expect([decisions > SEEDS, kills > SEEDS, events > SEEDS]).toEqual([true, true, true]);
  });

  it('replay a seed exactly', async () => expect(await runRfiSeed(11)).toEqual(await runRfiSeed(11)));

  it.each(Object.keys(RFI_SABOTAGES) as RfiSabotage[])(
    'are seen to be broken by: %s',
    { timeout: SABOTAGE_SEEDS * 5_000 },
    async (sabotage) => {
      for (let seed = 1; seed <= SABOTAGE_SEEDS; seed++) {
        const { violations } = await runRfiSeed(seed, sabotage);
        if (violations.some((violation) => RFI_SABOTAGES[sabotage].test(violation))) return;
      }
      expect.fail(`${SABOTAGE_SEEDS} seeds noticed nothing`);
    },
  );
});
