/** The words of a command line -> the command that they mean, with its arguments and flags. */
import { parseArgs } from 'node:util';
import { UsageError, type Command, type Flag, type Given } from './command.ts';

export const COMMON_FLAGS: Readonly<Record<string, Flag>> = {
  url: { what: 'where the API is, without /api (or ACG_URL)', value: 'URL' },
  token: {
    what: 'an API key or access token (or ACG_TOKEN; or ACG_TOKEN_URL, ACG_CLIENT_ID, ACG_CLIENT_SECRET, ACG_SCOPE)',
    value: 'TOKEN',
  },
  json: { what: 'print what the API answered' },
  help: { what: 'explain the command' },
};

export type Asked = { command: Command; given: Given };

const wordsOf = (command: Command): string[] => command.words.split(' ');

/** The command whose words the line begins with; the longest wins. */
export const findCommand = (commands: readonly Command[], words: readonly string[]): Command | undefined =>
  commands
    .filter((command) => wordsOf(command).every((word, n) => words[n] === word))
    .sort((a, b) => wordsOf(b).length - wordsOf(a).length)[0];

const optionOf = ({ value, many }: Flag): { type: 'string' | 'boolean'; multiple: boolean } => ({
  type: value === undefined ? 'boolean' : 'string',
  multiple: many === true,
});

type Parsed = { values: Record<string, unknown>; positionals: string[] };

const parse = (flags: Readonly<Record<string, Flag>>, argv: readonly string[]): Parsed => {
  const options = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, optionOf(flag)]));
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]);
  }
};

const givenOf = (values: Record<string, unknown>, args: Record<string, string>): Given => ({
  args,
  text: (flag) => (typeof values[flag] === 'string' ? values[flag] : undefined),
  list: (flag) => (Array.isArray(values[flag]) ? (values[flag] as string[]) : []),
  has: (flag) => values[flag] === true,
});

/** What stands before the first flag names the command; flags may stand anywhere behind it. Throws UsageError. */
export const readCommandLine = (commands: readonly Command[], argv: readonly string[]): Asked | undefined => {
  const command = findCommand(commands, argv);
  if (command === undefined) return undefined;
  const rest = argv.slice(wordsOf(command).length);
  const { values, positionals } = parse({ ...COMMON_FLAGS, ...command.flags }, rest);
  const names = command.args ?? [];
  if (values['help'] === true) return { command, given: givenOf(values, {}) };
  const missing = names.slice(positionals.length);
  if (missing.length > 0) throw new UsageError(`${command.words} needs ${missing.map((name) => `<${name}>`).join(' ')}`);
  if (positionals.length > names.length) throw new UsageError(`${positionals.slice(names.length).join(' ')}: not understood`);
  return { command, given: givenOf(values, Object.fromEntries(names.map((name, n) => [name, positionals[n] ?? '']))) };
};
