/** The options of `npm run demo`: its own, and those of `npm start` for the stack that it may have to start: pure. */
import { parseArgs } from 'node:util';
import { parseOptions, type CommandLine } from '../stack/command-line.ts';

/** Partner API: numbers in one order. */
const MAX_NUMBERS = 10_000;
const DEFAULT_NUMBERS = '1000';

export const USAGE = `npm run demo -- [options]

  --numbers N                  how many numbers to order, 1 to ${MAX_NUMBERS} (default ${DEFAULT_NUMBERS})
  --json                       show nothing but one JSON line at the end

A stack that runs in the folder is used and goes on running. Otherwise one is started, and ended with the demo;
then all options of npm start count too (npm start -- --help), for example --fresh and the ports.
`;

export type DemoCommandLine = {
  numbers: number;
  json: boolean;
  stack: CommandLine;
  /** Options that only a stack which is started now can follow. */
  stackOnly: string[];
};

const OWN = { numbers: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
const FOLDER_OPTION = 'dir';

/** Throws, naming the option, when one is unknown or wrong. */
export const parseDemoOptions = (args: readonly string[], appDir: string): DemoCommandLine | 'help' => {
  const { tokens } = parseArgs({ args: [...args], options: OWN, strict: false, tokens: true });
  const options = tokens.filter((token) => token.kind === 'option');
  const isOwn = (name: string): boolean => Object.hasOwn(OWN, name);
  const taken = new Set(
    options
      .filter(({ name }) => isOwn(name))
      .flatMap(({ index, value, inlineValue }) => (value === undefined || inlineValue ? [index] : [index, index + 1])),
  );
  const given = (name: string): string | undefined => options.findLast((option) => option.name === name)?.value;
  const named = new Set(options.map(({ name }) => name));
  if (named.has('help')) return 'help';
  const stack = parseOptions(
    args.filter((_, index) => !taken.has(index)),
    appDir,
  );
  if (stack === 'help') return 'help';
  return {
    numbers: count(named.has('numbers') ? (given('numbers') ?? '') : DEFAULT_NUMBERS),
    json: named.has('json'),
    stack,
    stackOnly: [...named].filter((name) => !isOwn(name) && name !== FOLDER_OPTION).map((name) => `--${name}`),
  };
};

const count = (text: string): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= MAX_NUMBERS)) throw new Error(`--numbers takes a whole number from 1 to ${MAX_NUMBERS}, not ${text}.`);
  return value;
};
