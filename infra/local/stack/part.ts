/** One part of the stack as a child process: its ready line, its end, and its log. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';

export type PartSpec = {
  name: string;
  /** Its program, a `main.ts` that prints one JSON line when it serves. */
  main: string;
  args: readonly string[];
  logFile: string;
  startDeadlineMs: number;
  stopDeadlineMs: number;
};

export type Part = {
  name: string;
  pid: number;
  /** Its ready line; rejects, with its last words, when it ends or takes too long first. */
  ready: Promise<unknown>;
  /** Resolves at its end with how it ended. */
  exited: Promise<string>;
  /** True from the moment that somebody wanted it to end. */
  isEnding: () => boolean;
  /** Asks once with SIGTERM and waits; past the deadline it is killed. */
  stop: () => Promise<void>;
  /** Ends it as a crash would. */
  kill: () => Promise<void>;
};

const FOLLOW_PARENT = new URL('./follow-parent.ts', import.meta.url).href;
const LAST_LINES = 12;

/** Starts the part. Its own process group keeps a Ctrl-C at the terminal from it: the stack decides the order of the end. */
export const startPart = (spec: PartSpec, log: Log): Part => {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const logFd = openSync(spec.logFile, 'a');
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, spec.main, ...spec.args], {
    detached: true,
    stdio: ['pipe', 'pipe', logFd],
  });
  closeSync(logFd);
  let ending = false;
  const exited = endOf(child);
  const ready = Promise.race([
    firstLine(child),
    exited.then((how) => Promise.reject(new Error(`${spec.name} did not start (${how}).\n${lastWords(spec.logFile)}`))),
    deadline(spec.startDeadlineMs, exited, `${spec.name} was not ready after ${spec.startDeadlineMs / 1000} s; see ${spec.logFile}.`),
  ]);
  ready.catch(() => undefined);
  return {
    name: spec.name,
    pid: child.pid ?? 0,
    ready,
    exited,
    isEnding: () => ending,
    stop: async () => {
      if (!ending) child.kill('SIGTERM');
      ending = true;
      await killWhenLate(child, exited, spec, log);
    },
    kill: async () => {
      ending = true;
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`));
  });

const firstLine = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new Error('The part has no output.'));
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => {
      try {
        resolve(JSON.parse(line));
      } catch {
        reject(new Error(`The part said ${line.slice(0, 200)} where its ready line was due.`));
      }
    });
  });

const deadline = async (afterMs: number, exited: Promise<unknown>, message: string): Promise<never> => {
  const over = new AbortController();
  void exited.then(() => over.abort());
  await delay(afterMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
  throw new Error(message);
};

const killWhenLate = async (child: ChildProcess, exited: Promise<unknown>, spec: PartSpec, log: Log): Promise<void> => {
  const over = new AbortController();
  const late = delay(spec.stopDeadlineMs, true, { signal: over.signal }).catch(() => false);
  if (await Promise.race([exited.then(() => false), late])) {
    log('did not end in time and is killed', { part: spec.name, pid: child.pid });
    child.kill('SIGKILL');
    await exited;
  }
  over.abort();
};

/** The end of a part's log, for the message of a failed start. */
export const lastWords = (logFile: string): string => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
