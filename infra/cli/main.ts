#!/usr/bin/env node
/** The command `acg`. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { COMMANDS } from './commands.ts';
import type { Io } from './io.ts';
import { runCli } from './run.ts';

const isWatched = process.stderr.isTTY;

const io: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  progress: (line) => void process.stderr.write(isWatched ? `\r\u001b[K${line}` : `${line}\n`),
  readText: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
  environment: process.env,
  nowMs: () => Date.now(),
  sleep: (ms) => wait(ms),
  newKey: randomUUID,
  fetch: (...given) => fetch(...given),
  interrupted: new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  }),
};

process.exitCode = await runCli(COMMANDS, process.argv.slice(2), io);
