/** One part of the stack as a child process: its ready line, its end, and its log. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import type { Log } from '../lib/log.ts';

export type PartSpec<Ready> = {
  name: string;
  /** Its program, a `main.ts` that prints one JSON line when it serves. */
  main: string;
  args: readonly string[];
  /** Gets all that it writes. */
  logFile: string;
  /** Knows the ready line among whatever else a part writes. */
  readyLine: z.ZodType<Ready>;
  startDeadlineMs: number;
  stopDeadlineMs: number;
};

export type Part<Ready = unknown> = {
  name: string;
  pid: number;
  /** Its ready line; rejects, with its last words, when it ends or takes too long first. */
  ready: Promise<Ready>;
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
const LOOK_EVERY_MS = 30;

/** Starts the part. Its own process group keeps a Ctrl-C at the terminal from it: the stack decides the order of the end. */
export const startPart = <Ready>(spec: PartSpec<Ready>, log: Log): Part<Ready> => {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const logFd = openSync(spec.logFile, 'a');
  const logStart = statSync(spec.logFile).size;
  // Files, not pipes: a part that outlives the stack for its last steps must not fail because nobody reads what it says.
  const child = spawn(process.execPath, ['--import', FOLLOW_PARENT, spec.main, ...spec.args], {
    detached: true,
    stdio: ['pipe', logFd, logFd],
  });
  closeSync(logFd);
  let ending = false;
  const exited = endOf(child);
  const ready = waitForReady(spec, logStart, exited);
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

const waitForReady = async <Ready>(spec: PartSpec<Ready>, logStart: number, exited: Promise<string>): Promise<Ready> => {
  const untilMs = Date.now() + spec.startDeadlineMs;
  for (;;) {
    const ended = await Promise.race([exited, delay(LOOK_EVERY_MS, undefined)]);
    const ready = findReady(readFileSync(spec.logFile).subarray(logStart).toString('utf8'), spec.readyLine);
    if (ready !== undefined) return ready;
    if (ended !== undefined) throw new Error(`${spec.name} did not start (${ended}).\n${lastWords(spec.logFile)}`);
    if (Date.now() > untilMs) throw new Error(`${spec.name} was not ready after ${spec.startDeadlineMs / 1000} s; see ${spec.logFile}.`);
  }
};

const findReady = <Ready>(output: string, readyLine: z.ZodType<Ready>): Ready | undefined => {
  for (const line of output.split('\n')) {
    const parsed = line.startsWith('{') ? readyLine.safeParse(parseJson(line)) : undefined;
    if (parsed?.success === true) return parsed.data;
  }
  return undefined;
};

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const killWhenLate = async (child: ChildProcess, exited: Promise<unknown>, spec: PartSpec<unknown>, log: Log): Promise<void> => {
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
