/** Runs Azurite, Microsoft's storage emulator, as a process of its own and ends it without losing rows. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK, PortTaken } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';

export type AzuriteOptions = {
  dataDir: string;
  /** 0 takes a free port. */
  blobPort: number;
  queuePort: number;
  tablePort: number;
  /** Files of a certificate and its key: it then serves HTTPS and takes tokens of Entra's shape instead of the account key. */
  identity?: { certFile: string; keyFile: string };
  /** Deletes what an earlier run stored. */
  fresh?: boolean;
  log: Log;
};

export type Azurite = {
  blobUrl: string;
  queueUrl: string;
  tableUrl: string;
  connectionString: string;
  pid: number;
  /** Resolves when the process has ended, asked or not. */
  exited: Promise<void>;
  /** Asks it once to end and waits until everything it acknowledged is on the disk. */
  close: () => Promise<void>;
};

/** The account and key that Azurite publishes for everybody: no secret. */
const ACCOUNT = 'devstoreaccount1';
const ACCOUNT_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const START_DEADLINE_MS = 30_000;
/** Killed, Azurite loses the rows of its last 5 seconds: only a hung one is. */
const CLOSE_DEADLINE_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Starts Azurite on loopback. Rejects with `PortTaken`, or with its own last words when it does not come up. */
export const startAzurite = async (options: AzuriteOptions): Promise<Azurite> => {
  const { dataDir, log } = options;
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const outputFile = join(dataDir, 'azurite.log');
  const child = launch(options, outputFile);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const urls = await waitForUrls(child, outputFile, options);
    log('started', { pid: child.pid, ...urls });
    return { ...urls, connectionString: toConnectionString(urls), pid: child.pid ?? 0, exited, close: () => end(child, exited, log) };
  } catch (error) {
    await end(child, exited, log);
    throw error;
  }
};

type Urls = { blobUrl: string; queueUrl: string; tableUrl: string };

const launch = ({ dataDir, blobPort, queuePort, tablePort, identity }: AzuriteOptions, outputFile: string): ChildProcess => {
  // The program of all three services: the one of tables alone forgets its newest rows on SIGTERM.
  const program = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/azurite.js');
  const hosts = ['--blobHost', LOOPBACK, '--queueHost', LOOPBACK, '--tableHost', LOOPBACK];
  const ports = ['--blobPort', `${blobPort}`, '--queuePort', `${queuePort}`, '--tablePort', `${tablePort}`];
  const oauth = identity === undefined ? [] : ['--oauth', 'basic', '--cert', identity.certFile, '--key', identity.keyFile];
  const rest = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--location', dataDir];
  // Its output goes to a file, not to a pipe: with the reader gone, a broken pipe would end it before it saved.
  // Detached, because a Ctrl-C at the terminal must not reach it beside our own signal: a second one can lose everything.
  const output = openSync(outputFile, 'w');
  const child = spawn(process.execPath, [program, ...hosts, ...ports, ...oauth, ...rest], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  return child;
};

const waitForUrls = async (child: ChildProcess, outputFile: string, options: AzuriteOptions): Promise<Urls> => {
  const untilMs = Date.now() + START_DEADLINE_MS;
  while (Date.now() < untilMs) {
    const output = readFileSync(outputFile, 'utf8');
    const urls = readUrls(output);
    if (urls !== undefined) return urls;
    if (child.exitCode !== null || child.signalCode !== null) throw startError(output, options);
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`Azurite did not start within ${START_DEADLINE_MS / 1000} s; see ${outputFile}.`);
};

/** Azurite's own start lines tell the real ports, also when it was asked for port 0. */
const readUrls = (output: string): Urls | undefined => {
  const urlOf = (service: string): string | undefined =>
    new RegExp(`Azurite ${service} service is successfully listening at (https?://\\S+)`).exec(output)?.[1];
  const [blobUrl, queueUrl, tableUrl] = [urlOf('Blob'), urlOf('Queue'), urlOf('Table')];
  if (blobUrl === undefined || queueUrl === undefined || tableUrl === undefined) return undefined;
  return { blobUrl: `${blobUrl}/${ACCOUNT}`, queueUrl: `${queueUrl}/${ACCOUNT}`, tableUrl: `${tableUrl}/${ACCOUNT}` };
};

const startError = (output: string, { blobPort, queuePort, tablePort }: AzuriteOptions): Error => {
  const port = Number(/EADDRINUSE\D+[\d.]+:(\d+)/.exec(output)?.[1] ?? 0);
  if (port === 0) return new Error(`Azurite ended at its start: ${output.trim()}`);
  const option =
    port === blobPort ? '--blob-port' : port === queuePort ? '--queue-port' : port === tablePort ? '--table-port' : 'its port options';
  return new PortTaken(port, option);
};

const toConnectionString = ({ blobUrl, queueUrl, tableUrl }: Urls): string =>
  `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${ACCOUNT_KEY};` +
  `BlobEndpoint=${blobUrl};QueueEndpoint=${queueUrl};TableEndpoint=${tableUrl};`;

const end = async (child: ChildProcess, exited: Promise<void>, log: Log): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (!child.killed) child.kill('SIGTERM');
  const given = new AbortController();
  const hung = delay(CLOSE_DEADLINE_MS, 'hung' as const, { signal: given.signal }).catch(() => 'ended' as const);
  if ((await Promise.race([exited, hung])) === 'hung') {
    log('did not end and is killed: its newest rows may be lost', { pid: child.pid });
    child.kill('SIGKILL');
    await exited;
  }
  given.abort();
};
