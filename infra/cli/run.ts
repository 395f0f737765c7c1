/** One run of the CLI: command line in, lines and an exit status out. */
import { ApiError } from '../client/send.ts';
import { UsageError, type Command, type Outcome } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { connect } from './connect.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { helpOf, helpOfAll } from './help.ts';
import type { Io } from './io.ts';
import { shown } from './show.ts';

const SERVER_ERROR = 500;

const show = (io: Io, json: boolean, { body, columns, note }: Outcome): void => {
  if (body !== undefined) for (const line of json ? [JSON.stringify(body, null, 2)] : shown(body, columns)) io.out(line);
  if (note !== undefined && !json) io.err(note);
};

const tellRefusal = (io: Io, json: boolean, error: ApiError): ExitCode => {
  if (json)
    io.out(JSON.stringify({ error: { status: error.status, code: error.code, message: error.message, details: error.details } }, null, 2));
  io.err(`${error.code}: ${error.message}${error.requestId === undefined ? '' : ` (request ${error.requestId})`}`);
  for (const { code, message, target } of error.details) io.err(`  ${target ?? ''} ${code}: ${message}`);
  return error.status >= SERVER_ERROR ? EXIT.unavailable : EXIT.refused;
};

const tell = (io: Io, json: boolean, error: unknown): ExitCode => {
  if (error instanceof ApiError) return tellRefusal(io, json, error);
  if (error instanceof UsageError) {
    io.err(`${error.message}\nacg --help lists the commands.`);
    return EXIT.usage;
  }
  const { message, cause } = error as Error;
  io.err(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
  return EXIT.unavailable;
};

/** Runs what the command line says. Never throws. */
export const runCli = async (commands: readonly Command[], argv: readonly string[], io: Io): Promise<ExitCode> => {
  const json = argv.includes('--json');
  try {
    const asked = readCommandLine(commands, argv);
    if (asked === undefined) {
      const isAsked = argv.length === 0 || argv[0] === '--help' || argv[0] === 'help';
      if (!isAsked) throw new UsageError(`${argv.filter((word) => !word.startsWith('-')).join(' ')}: no such command`);
      io.out(helpOfAll(commands));
      return EXIT.done;
    }
    const { command, given } = asked;
    if (given.has('help')) {
      io.out(helpOf(command));
      return EXIT.done;
    }
    const outcome = await command.run({ client: connect(given, io), given, io, json });
    show(io, json, outcome);
    return outcome.exit ?? EXIT.done;
  } catch (error) {
    return tell(io, json, error);
  }
};
