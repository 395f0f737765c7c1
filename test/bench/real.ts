/** `npm run bench:real [-- --json]`: the one benchmark that takes minutes of real time; status 1 when a target is missed. */
import { parseArgs } from 'node:util';
import { judge, type Benchmark } from './benchmark.ts';
import { measureRealStack } from './real-stack.ts';
import { toText } from './report.ts';

const BENCHMARK: Benchmark = {
  name: 'real',
  what: '10,000 numbers through the real local stack at 100 requests a minute on the wall clock, from the order to its webhook',
  gates: [
    { figure: 's / (least requests + sync)', atMost: 1.15 },
    { figure: 'most requests in any 60 s', atMost: 100 },
    { figure: 'refused by upstream', atMost: 0 },
    { figure: 'numbers not confirmed', atMost: 0 },
  ],
  measure: measureRealStack,
};

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const judged = judge(BENCHMARK.gates, [await BENCHMARK.measure(1)]);
process.stdout.write(`${values.json ? JSON.stringify({ name: BENCHMARK.name, figures: judged }) : toText(BENCHMARK, judged)}\n`);
process.exit(judged.some(({ missed }) => missed) ? 1 : 0);
