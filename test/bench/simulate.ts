/** How fast the simulator replays seeds, so that more of them fit into a test run. */
import { runSeed } from '../simulation/run-seed.ts';
import type { Figures } from './benchmark.ts';

const SEEDS = 12;
const US_PER_S = 1_000_000;

export const measureSimulate = async (): Promise<Figures> => {
  await runSeed(1);
  const before = process.cpuUsage();
  let [steps, violations] = [0, 0];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await runSeed(seed);
    steps += result.steps;
    violations += result.violations.length;
  }
  const { user, system } = process.cpuUsage(before);
  const cpuS = (user + system) / US_PER_S;
  return { 'seeds / CPU s': SEEDS / cpuS, 'steps / CPU s': steps / cpuS, violations };
};
