/** What the CLI says about itself. */
import type { Command, Flag } from './command.ts';
import { COMMON_FLAGS } from './command-line.ts';

const usageOf = ({ words, args = [] }: Command): string => ['acg', words, ...args.map((name) => `<${name}>`)].join(' ');

const flagLine = ([name, { value, what }]: [string, Flag]): [string, string] => [
  `--${name}${value === undefined ? '' : ` ${value}`}`,
  what,
];

const aligned = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

export const helpOf = (command: Command): string =>
  [
    command.what,
    '',
    `Usage: ${usageOf(command)} [flags]`,
    '',
    ...(command.flags === undefined ? [] : ['Flags:', ...aligned(Object.entries(command.flags).map(flagLine)), '']),
    'Flags of every command:',
    ...aligned(Object.entries(COMMON_FLAGS).map(flagLine)),
    '',
    'Examples:',
    ...command.examples.map((example) => `  acg ${example}`),
  ].join('\n');

export const helpOfAll = (commands: readonly Command[]): string =>
  [
    'The partner-facing provisioning API from the command line.',
    '',
    'Usage: acg <command> [arguments] [flags]',
    '',
    ...aligned(commands.map((command) => [usageOf(command).slice('acg '.length), command.what])),
    '',
    'Flags of every command:',
    ...aligned(Object.entries(COMMON_FLAGS).map(flagLine)),
    '',
    'Exit status: 0 done · 1 ended, but not all well · 2 wrong command line · 3 refused by the API · 4 no answer, try again',
    'More about one command, with examples: acg <command> --help',
  ].join('\n');
