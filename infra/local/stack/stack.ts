/** Starts the whole local stack as child processes, in order of need, and ends it the other way round. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureCertificates } from '../lib/certificates.ts';
import type { Log } from '../lib/log.ts';
import { credentials } from './credentials.ts';
import { removeFacts, writeFacts, type StackFacts } from './facts.ts';
import { hostKeeper, type HostKeeper } from './host-keeper.ts';
import { UPSTREAM_AUDIENCE } from './identities.ts';
import { prepareFolder, waitForRemains, writeSettings, type LocalFolder } from './local-folder.ts';
import { azuritePlan, hostPlan, issuerPlan, receiverPlan, serviceBusPlan, upstreamPlan, type UpstreamOptions } from './parts.ts';
import { findFreePort, takenPorts, type Ports } from './ports.ts';
import { settingsFor } from './settings.ts';
import { supervisor, type Supervisor } from './supervisor.ts';

export type StackOptions = {
  /** Where data, certificates, logs and `stack.json` live. */
  dir: string;
  ports: Ports;
  /** Deletes the data of earlier runs. */
  fresh: boolean;
  /** How many Functions hosts run the app, on consecutive ports. */
  hosts: number;
  /** The app: a folder with `host.json`, `package.json` and what its `main` names, built. */
  appDir: string;
  /** Laid over the settings that the stack makes. */
  settingsOverrides?: Record<string, string>;
  /** Leaves a `local.settings.json` of the app out of account. */
  ignoreLocalSettings?: boolean;
  upstream?: UpstreamOptions;
  /** Queues of the Service Bus emulator, in the official emulator's format. */
  entitiesFile?: string;
  log: Log;
  /** Gives up while still starting. */
  signal?: AbortSignal;
};

export type Stack = {
  facts: StackFacts;
  /** Resolves when everything has ended: with the reason, when nobody asked for it. */
  ended: Promise<string | undefined>;
  stop: () => Promise<void>;
  /** Ends a host as a crash would (SIGKILL); `number` counts from 0. */
  killHost: (number?: number) => Promise<void>;
  /** Starts a killed host again, on its port. */
  startHost: (number?: number) => Promise<void>;
};

/** Resolves when all parts serve and `stack.json` is written. When a part does not come up, ends all others and rejects with what to do. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  await waitForRemains(options.dir, options.log);
  const taken = await takenPorts(options.ports, options.hosts);
  if (taken.length > 0) throw new Error(taken.join('\n'));
  const folder = prepareFolder(options.dir, options.fresh);
  const parts = supervisor(options.log);
  try {
    return await orAborted(options.signal, bringUp(options, folder, parts));
  } catch (error) {
    await parts.stopAll();
    throw error;
  }
};

const orAborted = async <T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> => {
  if (signal === undefined) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Error('The stack was stopped while it started.'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

const bringUp = async (options: StackOptions, folder: LocalFolder, parts: Supervisor): Promise<Stack> => {
  const { ports } = options;
  // Before the parts: several of them would make certificates at the same time.
  const { caFile } = await ensureCertificates(folder.certificates);
  const [azurite, serviceBus, receiver, { issuer, upstream }] = await Promise.all([
    parts.start(azuritePlan(folder, ports), 'storage'),
    parts.start(serviceBusPlan(folder, ports, options.entitiesFile), 'service'),
    parts.start(receiverPlan(folder, ports), 'service'),
    startIssuerAndUpstream(options, folder, parts),
  ]);
  const hostPorts = await portsOfHosts(options);
  const publicUrl = `http://localhost:${hostPorts[0] ?? 0}`;
  const settingsFile = chooseSettings(options, folder, {
    publicUrl,
    upstreamUrl: upstream.ready.url,
    issuerUrl: issuer.ready.url,
    serviceBusConnectionString: serviceBus.ready.connectionString,
    azuriteConnectionString: azurite.ready.connectionString,
    webhookSecretKey: folder.webhookSecretKey,
  });
  const hosts = hostKeeper(parts, hostPorts, (number, port) =>
    hostPlan(folder, { number, port, appDir: options.appDir, settingsFile, caFile }),
  );
  await Promise.all(hostPorts.map((_port, number) => hosts.start(number)));

  const startedAt = new Date().toISOString();
  const controlPort = serviceBus.ready.controlPort ?? ports.serviceBusControl;
  const facts = (): StackFacts => ({
    pid: process.pid,
    startedAt,
    dir: folder.dir,
    logs: folder.logs,
    caFile,
    settingsFile,
    publicUrl,
    apiUrl: [publicUrl, routePrefix(options.appDir)].filter((part) => part !== '').join('/'),
    hosts: hosts.facts(),
    upstream: { ...at(upstream.ready.url), pid: upstream.part.pid, scope: `${UPSTREAM_AUDIENCE}/.default` },
    issuer: { ...at(issuer.ready.url), pid: issuer.part.pid },
    receiver: { ...at(receiver.ready.url), pid: receiver.part.pid },
    serviceBus: { ...serviceBus.ready, controlPort, controlUrl: `http://localhost:${controlPort}`, pid: serviceBus.part.pid },
    azurite: { ...azurite.ready, azuritePid: azurite.ready.pid, pid: azurite.part.pid },
    credentials: credentials(issuer.ready.url),
  });

  return running(folder, parts, hosts, facts);
};

const startIssuerAndUpstream = async ({ ports, upstream = {} }: StackOptions, folder: LocalFolder, parts: Supervisor) => {
  const issuer = await parts.start(issuerPlan(folder, ports), 'service');
  return { issuer, upstream: await parts.start(upstreamPlan(folder, ports, issuer.ready.url, upstream), 'service') };
};

const portsOfHosts = ({ ports, hosts }: StackOptions): Promise<number[]> =>
  Promise.all(Array.from({ length: hosts }, async (_, n) => (ports.host === 0 ? findFreePort() : ports.host + n)));

/** What the app's host.json puts before every route; Azure's default is `api`. */
const routePrefix = (appDir: string): string => {
  const file = hostJson.parse(JSON.parse(readFileSync(join(appDir, 'host.json'), 'utf8')));
  return (file.extensions?.http?.routePrefix ?? 'api').replaceAll(/^\/+|\/+$/g, '');
};

const hostJson = z.object({ extensions: z.object({ http: z.object({ routePrefix: z.string().optional() }).optional() }).optional() });

/** A local.settings.json wins, as with Core Tools; otherwise the stack's own are written. */
const chooseSettings = (options: StackOptions, folder: LocalFolder, input: Parameters<typeof settingsFor>[0]): string => {
  const own = join(options.appDir, 'local.settings.json');
  if (options.ignoreLocalSettings !== true && existsSync(own)) return own;
  writeSettings(folder.settingsFile, { ...settingsFor(input), ...options.settingsOverrides });
  return folder.settingsFile;
};

const running = (folder: LocalFolder, parts: Supervisor, hosts: HostKeeper, facts: () => StackFacts): Stack => {
  const end = Promise.withResolvers<string | undefined>();
  const stop = async (reason: string | undefined): Promise<void> => {
    await parts.stopAll();
    removeFacts(folder.dir);
    end.resolve(reason);
  };
  void parts.crashed.then(stop);
  const stack: Stack = {
    facts: facts(),
    ended: end.promise,
    stop: () => stop(undefined),
    killHost: (number = 0) => hosts.kill(number),
    startHost: async (number = 0) => {
      await hosts.start(number);
      stack.facts = facts();
      writeFacts(stack.facts);
    },
  };
  writeFacts(stack.facts);
  return stack;
};

const at = (url: string): { url: string; port: number } => ({ url, port: Number(new URL(url).port) });
