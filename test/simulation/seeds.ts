/** The share of one test file in the seeds that every run goes through: three files, so that two cores are busy with them. */
import { runSeed } from './run-seed.ts';

const SHARES = 3;
export const SEEDS_A_SHARE = (process.env['LONG'] ? 2_001 : 300) / SHARES;
/** One seed with its kills takes some 0.4 s of a core. */
export const TIMEOUT = { timeout: SEEDS_A_SHARE * 2_000 };

/** What was violated, by seed. */
export const violationsIn = async (share: 0 | 1 | 2): Promise<Record<string, string[]>> => {
  const violating: Record<string, string[]> = {};
  for (let seed = share + 1; seed <= SEEDS_A_SHARE * SHARES; seed += SHARES) {
    const { violations } = await runSeed(seed);
    if (violations.length > 0) violating[`seed ${seed}`] = violations;
  }
  return violating;
};
