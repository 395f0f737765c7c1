/** What a command of the CLI is: its words, what it takes, how it is explained, and what it does. */
import type { Client } from '../client/client.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

export type Flag = { what: string; value?: string; many?: true };

export type Given = {
  /** The positional arguments by their names. */
  args: Readonly<Record<string, string>>;
  text: (flag: string) => string | undefined;
  list: (flag: string) => string[];
  has: (flag: string) => boolean;
};

export type Context = { client: Client; given: Given; io: Io; json: boolean };

/** What is shown at the end: the body as it came for `--json`, the columns of a list or the fields of one thing for eyes. */
export type Outcome = { body?: unknown; columns?: readonly string[]; exit?: ExitCode; note?: string };

export type Command = {
  /** As typed, such as `orders create`. */
  words: string;
  args?: readonly string[];
  flags?: Readonly<Record<string, Flag>>;
  what: string;
  examples: readonly string[];
  run: (context: Context) => Promise<Outcome>;
};

/** The command line cannot mean anything. */
export class UsageError extends Error {}
