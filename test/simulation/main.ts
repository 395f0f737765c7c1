/** `npm run simulate -- --seeds N --from S [--sabotage NAME]`: prints each seed that violates a law, so that it replays exactly. */
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';
import { SABOTAGES, type Sabotage } from './sabotage.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, sabotage: { type: 'string' } },
});
const isSabotage = (name: string | undefined): name is Sabotage => name !== undefined && name in SABOTAGES;
const sabotage = isSabotage(values.sabotage) ? values.sabotage : undefined;
const [from, seeds] = [Number(values.from), Number(values.seeds)];
const totals = { violating: 0, kills: 0, steps: 0, operations: 0, requests: 0, deliveries: 0, news: 0, fullMinutes: 0 };
const startedMs = performance.now();
for (let seed = from; seed < from + seeds; seed++) {
  const result = await runSeed(seed, sabotage);
  totals.kills += result.kills;
  totals.steps += result.steps;
  totals.operations += result.operations;
  totals.requests += result.requests;
  totals.deliveries += result.deliveries;
  totals.news += result.news;
  if (result.fullestMinute >= 0.95) totals.fullMinutes++;
  if (result.violations.length === 0) continue;
  totals.violating++;
  process.stdout.write(`seed ${seed}:\n  ${result.violations.slice(0, 8).join('\n  ')}\n`);
}
process.stdout.write(`${JSON.stringify({ seeds, ...totals, seconds: Math.round(performance.now() - startedMs) / 1000 })}\n`);
process.exitCode = totals.violating > 0 ? 1 : 0;
