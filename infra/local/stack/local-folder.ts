/** The stack's folder: what is kept from run to run, what begins anew, and what an earlier stack left behind. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../lib/log.ts';
import { isAlive, readFacts, removeFacts, type StackFacts } from './facts.ts';
import { issuerClients } from './identities.ts';

export type LocalFolder = {
  dir: string;
  logs: string;
  certificates: string;
  /** Tables, blobs and queues of Azurite. */
  azuriteData: string;
  /** What the upstream emulator knows, from run to run. */
  upstreamData: string;
  /** Messages that waited at an orderly end. */
  serviceBusData: string;
  issuerKeyFile: string;
  issuerClientsFile: string;
  settingsFile: string;
  /** 32 bytes in base64, the same on every start: stored webhook secrets stay readable. */
  webhookSecretKey: string;
};

const SECRET_KEY_BYTES = 32;
const REMAINS_DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 100;
const PROBE_TIMEOUT_MS = 2000;

/** Makes the folder ready for a start; `fresh` deletes all data but the certificates. */
export const prepareFolder = (given: string, fresh: boolean): LocalFolder => {
  const dir = resolve(given);
  const folder = {
    dir,
    logs: join(dir, 'logs'),
    certificates: join(dir, 'certificates'),
    azuriteData: join(dir, 'azurite'),
    upstreamData: join(dir, 'upstream'),
    serviceBusData: join(dir, 'service-bus'),
    issuerKeyFile: join(dir, 'issuer-key.json'),
    issuerClientsFile: join(dir, 'issuer-clients.json'),
    settingsFile: join(dir, 'settings.json'),
  };
  const keyFile = join(dir, 'webhook-secret-key');
  const begunAnew = fresh ? [folder.azuriteData, folder.upstreamData, folder.serviceBusData, folder.issuerKeyFile, keyFile] : [];
  for (const path of [folder.logs, ...begunAnew]) rmSync(path, { recursive: true, force: true });
  mkdirSync(folder.logs, { recursive: true });
  writeFileSync(folder.issuerClientsFile, JSON.stringify(issuerClients(), null, 2), { mode: 0o600 });
  return { ...folder, webhookSecretKey: keptKey(keyFile) };
};

const keptKey = (file: string): string => {
  if (!existsSync(file)) writeFileSync(file, randomBytes(SECRET_KEY_BYTES).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
};

/** Writes the app's settings in the shape of local.settings.json. */
export const writeSettings = (file: string, values: Record<string, string>): void =>
  writeFileSync(file, `${JSON.stringify({ IsEncrypted: false, Values: values }, null, 2)}\n`, { mode: 0o600 });

/**
 * Throws when a stack runs in this folder. When one was killed there, waits until the parts that it left have ended themselves,
 * Azurite above all: two of them over the same data would destroy it.
 */
export const waitForRemains = async (given: string, log: Log): Promise<void> => {
  const dir = resolve(given);
  const earlier = readFacts(dir);
  if (earlier === undefined) return;
  if (isAlive(earlier.pid) && (await answers(earlier.receiver.url)))
    throw new Error(`A local stack runs in ${dir} already (process ${earlier.pid}): end it, or use another folder with --dir.`);
  log('an earlier stack was killed; waiting for what it left to end');
  await waitForEnd(pidsOf(earlier), log);
  removeFacts(dir);
};

const pidsOf = ({ hosts, upstream, issuer, receiver, serviceBus, azurite }: StackFacts): number[] => [
  ...[...hosts, upstream, issuer, receiver, serviceBus, azurite].map(({ pid }) => pid),
  azurite.azuritePid,
];

const waitForEnd = async (pids: number[], log: Log): Promise<void> => {
  const untilMs = Date.now() + REMAINS_DEADLINE_MS;
  while (pids.some(isAlive)) {
    // A process id may belong to somebody else by now, so this cannot be an error; a part still there holds its port and that one is.
    if (Date.now() > untilMs) return log('went on without waiting longer', { pids: pids.filter(isAlive) });
    await delay(LOOK_EVERY_MS);
  }
};

const answers = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
};
