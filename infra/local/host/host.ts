/** A Functions host in this process: loads an app, drives the real `@azure/functions` library, and listens on loopback. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { LOOPBACK, listen } from '../lib/listen.ts';
import { silentLog } from '../lib/log.ts';
import type { Log } from '../lib/log.ts';
import { createAdmin } from './admin.ts';
import { loadApp } from './app-loader.ts';
import type { AppSource, LoadedApp } from './app-loader.ts';
import type { HostKeys } from './authorization.ts';
import { parseHostJson, readHostJson } from './host-json.ts';
import type { HostOptions } from './host-json.ts';
import { openBlobStorage } from './blob-storage.ts';
import type { HostStorage } from './host-storage.ts';
import { createHostLog, logFromApp } from './host-log.ts';
import type { HostLog } from './host-log.ts';
import { createHttpTrigger } from './http-trigger.ts';
import { trackInFlight } from './in-flight.ts';
import type { InFlight } from './in-flight.ts';
import { createInvoke } from './invoke.ts';
import type { InvocationOutcome } from './invoke.ts';
import { pause } from './pause.ts';
import { createRegistration, runHooks } from './registration.ts';
import { createRouteTable } from './route-table.ts';
import { withOutputs } from './outputs.ts';
import type { SendMessages } from './outputs.ts';
import { createBusClients } from './service-bus-connection.ts';
import type { BusClients } from './service-bus-connection.ts';
import { createServiceBusSender } from './service-bus-sender.ts';
import type { Environment } from './settings.ts';
import { createTriggers } from './triggers.ts';
import type { OpenQueue, Triggers } from './triggers.ts';

export type StartHostOptions = {
  app: AppSource;
  /** host.json content in place of the app folder's file; `{}` gives the defaults. Needed with `register`. */
  hostJson?: Record<string, unknown>;
  /** Where `%SETTING%` and connections are looked up; process.env unless given. The app itself always reads process.env. */
  environment?: Environment;
  port?: number;
  keys?: HostKeys;
  admin?: boolean;
  clock?: Clock;
  log?: Log;
  /** Replaces Service Bus by another source of messages, for tests. */
  openQueue?: OpenQueue;
  /** Replaces Service Bus for output bindings, for tests. */
  send?: SendMessages;
  /** Replaces the blobs of AzureWebJobsStorage, for tests. */
  storage?: HostStorage;
  /** How long running invocations may take to end when the host closes. */
  drainLimitMs?: number;
};

export type Host = {
  url: string;
  functions: string[];
  /** Runs a timer (or another function that needs no request) now and waits for it. Throws for an unknown name. */
  invoke: (name: string) => Promise<InvocationOutcome>;
  /** Stops the triggers, lets what runs end within the drain limit, runs appTerminate hooks. Safe to call again. */
  close: () => Promise<void>;
};

/** The grace that Flex Consumption gives running code when an instance goes is about a minute; a terminal is less patient. */
const DRAIN_LIMIT_MS = 30_000;

/** Starts a host and resolves when it serves. Throws whatever is wrong with host.json, settings, entry file or bindings. */
export const startHost = async (options: StartHostOptions): Promise<Host> => {
  const clock = options.clock ?? systemClock;
  const environment = options.environment ?? process.env;
  const hostJson = hostOptions(options, environment);
  const log = createHostLog(hostJson.logLevels, options.log ?? silentLog);
  const registration = createRegistration((entry) => logFromApp(registration, log, entry));
  const app = await loadApp(options.app, registration);
  const functions = [...registration.functions.values()];
  const clients = createBusClients(environment, hostJson.serviceBus.clientRetry);
  const inFlight = trackInFlight(
    withOutputs(createInvoke(app, log), functions, environment, options.send ?? createServiceBusSender(clients)),
  );
  const storage = options.storage ?? (await openBlobStorage(environment));
  const common = { invoke: inFlight.invoke, clock, environment, newId: randomUUID, randomHex, log };
  const routes = createRouteTable(functions, hostJson.routePrefix);
  const triggers = await createTriggers(functions, {
    ...common,
    hostJson,
    singleton: hostJson.singleton,
    storage,
    capabilities: app.capabilities,
    clients,
    openQueue: options.openQueue,
  });
  const answer = createHttpTrigger({ ...common, routes, keys: options.keys ?? {}, customHeaders: hostJson.customHeaders });
  const admin = options.admin ? createAdmin({ functions, routes, runNow: triggers.runNow }) : async () => false;
  const server = createServer((request, response) => {
    admin(request, response)
      .then((done) => (done ? undefined : answer(request, response)))
      .catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0, '--port');
  triggers.start();
  return {
    url: `http://${LOOPBACK}:${port}`,
    functions: functions.map((target) => target.metadata.name),
    invoke: async (name) => triggers.runNow(name) ?? Promise.reject(new Error(`No function "${name}" that can be run now.`)),
    close: once(() => close({ server, triggers, inFlight, clients, app, log, clock, limitMs: options.drainLimitMs ?? DRAIN_LIMIT_MS })),
  };
};

const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

const hostOptions = (options: StartHostOptions, environment: Environment): HostOptions => {
  if (options.hostJson) return parseHostJson(options.hostJson, environment);
  return 'dir' in options.app ? readHostJson(options.app.dir, environment) : parseHostJson({}, environment);
};

type Running = {
  server: Server;
  triggers: Triggers;
  inFlight: InFlight;
  clients: BusClients;
  app: LoadedApp;
  log: HostLog;
  clock: Clock;
  limitMs: number;
};

const close = async ({ server, triggers, inFlight, clients, app, log, clock, limitMs }: Running): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const enough = new AbortController();
  const limit = pause(clock, limitMs, enough.signal).then(
    () => enough.signal.aborted || log('warning', 'Host', `Still busy after ${limitMs} ms.`),
  );
  await Promise.race([Promise.all([triggers.stop(), inFlight.idle()]), limit]);
  enough.abort();
  const { appOnlyHookData: hookData, appHookData } = app.registration;
  await runHooks(app.registration, 'appTerminate', { hookData, appHookData });
  await clients.closeAll();
  server.closeAllConnections();
  await closed;
};

const once = (action: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
};
