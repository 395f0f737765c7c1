/** `npm run bench -- [--only NAME] [--rounds N] [--json]`: median of rounds in fresh processes; status 1 when a target is missed. */
import { parseArgs } from 'node:util';
import { alternated, judge, type Figures } from './benchmark.ts';
import { toText } from './report.ts';
import { runChild } from './run-child.ts';
import { SUITE } from './suite.ts';

const DEFAULT_ROUNDS = '5';
/** What the numbers were made on. */
const machine = { node: process.version, platform: `${process.platform} ${process.arch}` };

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: DEFAULT_ROUNDS },
    json: { type: 'boolean', default: false },
  },
});

const wanted = (): typeof SUITE => {
  const unknown = (values.only ?? []).filter((name) => !SUITE.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are ${SUITE.map(({ name }) => name).join(', ')}`);
  return values.only ? SUITE.filter(({ name }) => values.only?.includes(name)) : SUITE;
};

const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');
const suite = wanted();
const figures = new Map<string, Figures[]>(suite.map(({ name }) => [name, []]));
for (const [round, order] of alternated(suite, rounds).entries()) {
  for (const { name, maxRounds = rounds } of order) {
    if (round >= maxRounds) continue;
    process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`);
    figures.get(name)?.push(await runChild(name, round + 1));
  }
}
const results = suite.map((benchmark) => ({ benchmark, judged: judge(benchmark.gates, figures.get(benchmark.name) ?? []) }));
const missed = results.flatMap(({ benchmark, judged }) =>
  judged.filter((one) => one.missed).map(({ figure }) => `${benchmark.name}: ${figure}`),
);
const toJson = (): string =>
  JSON.stringify({
    ...machine,
    rounds,
    missed,
    benchmarks: results.map(({ benchmark: { name, what }, judged }) => ({ name, what, figures: judged })),
  });
const summary = missed.length === 0 ? 'Every target was met.' : `Missed: ${missed.join('; ')}`;
process.stdout.write(values.json ? `${toJson()}\n` : [...results.map((r) => toText(r.benchmark, r.judged)), summary, ''].join('\n\n'));
process.exitCode = missed.length > 0 ? 1 : 0;
