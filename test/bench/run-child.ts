/** One round of one benchmark in a fresh process: `node run-child.ts NAME ROUND` in, one JSON line of figures out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import type { Figures } from './benchmark.ts';
import { SUITE } from './suite.ts';

/** What a round prints beside its figures goes to stderr: the last line of stdout is the result. */
const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? '';

/** Figures of one round. Throws when the round fails. */
export const runChild = async (name: string, round: number): Promise<Figures> => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`${name} ended with ${code ?? 'a signal'}`);
  return JSON.parse(lastLine(output)) as Figures;
};

if (import.meta.main) {
  const benchmark = SUITE.find(({ name }) => name === process.argv[2]);
  if (!benchmark) throw new Error(`no benchmark ${process.argv[2] ?? ''}`);
  process.stdout.write(`${JSON.stringify(await benchmark.measure(Number(process.argv[3] ?? 1)))}\n`);
}
