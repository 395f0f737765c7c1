/** The Service Bus emulator as one thing: AMQP for the SDK, HTTP for health and counts. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import { closeServer, listen, LOOPBACK } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';
import { AmqpSockets } from './amqp-server.ts';
import { checkSharedAccess, SAS_TYPE, type Authenticate } from './amqp/authorization.ts';
import { createControlRoutes } from './control-routes.ts';
import { createControlServer } from './control.ts';
import { readDataFile, removeDataFile, writeDataFile } from './data-file.ts';
import { Namespace, type EntitySettings } from './engine/namespace.ts';
import { Faults } from './faults.ts';
import type { CheckToken } from './token-check.ts';

export type ServiceBusOptions = {
  /** AMQP; 0 takes a free port. */
  port: number;
  /** Health and counts; undefined for none, 0 for a free port. */
  controlPort?: number;
  /** Lets faults be set over the control port. */
  control?: boolean;
  /** AMQP over TLS, as clients with a credential instead of a connection string use it. */
  tls?: { port: number; cert: string; key: string };
  /** Judges the tokens of such clients; without it only shared access signatures are accepted. */
  checkToken?: CheckToken;
  entities: readonly EntitySettings[];
  /** Keeps messages from an orderly end to the next start; without it everything is in memory only. */
  dataFile?: string;
  clock: Clock;
  /** Tells whether a token has expired; `clock` unless given. Clients make tokens by the real time. */
  tokenClock?: Clock;
  log: Log;
};

export type ServiceBus = {
  port: number;
  controlPort: number | undefined;
  tlsPort: number | undefined;
  connectionString: string;
  /** The queues themselves, for a test that looks behind the protocol. */
  namespace: Namespace;
  faults: Faults;
  /** Cuts every connection without a word, as a broken network does; says how many. */
  dropConnections: () => number;
  close: () => Promise<void>;
};

/** The name and key that the official emulator's connection string has. */
const SHARED_KEY = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' };

/** Starts an emulator on loopback. Throws `PortTaken` when a port is in use. */
export const startServiceBus = async (options: ServiceBusOptions): Promise<ServiceBus> => {
  const { clock, log, tls } = options;
  const namespace = new Namespace({ entities: options.entities, clock, newLockToken: randomUUID });
  const { dataFile } = options;
  if (dataFile !== undefined) namespace.load(readDataFile(dataFile));
  const faults = new Faults();
  const authenticate = toAuthenticate(options);
  const tokenClock = options.tokenClock ?? clock;
  const sockets = new AmqpSockets({ namespace, authenticate, clock, tokenClock, log, newUuid: randomUUID, faults });
  const dropConnections = (): number => sockets.dropAll();
  const routes = options.control === true ? createControlRoutes({ faults, namespace, dropConnections }) : new Map<string, never>();
  const opened: Server[] = [];
  const open = async (server: Server, port: number, option: string): Promise<number> => {
    opened.push(server);
    return listen(server, port, option);
  };
  const close = async (): Promise<void> => {
    sockets.dropAll();
    namespace.close();
    await Promise.all(opened.map(closeServer));
  };
  const end = async (): Promise<void> => {
    await close();
    if (dataFile !== undefined) writeDataFile(dataFile, namespace.save());
  };
  try {
    const port = await open(sockets.plainServer(), options.port, '--port');
    const tlsPort = tls && (await open(sockets.tlsServer(tls), tls.port, '--tls-port'));
    const { controlPort: wanted } = options;
    const controlPort = wanted === undefined ? undefined : await open(createControlServer(namespace, routes), wanted, '--control-port');
    // From here on the file is out of date: after a kill it would bring back what has been settled since.
    if (dataFile !== undefined) removeDataFile(dataFile);
    return { port, controlPort, tlsPort, connectionString: toConnectionString(port), namespace, faults, dropConnections, close: end };
  } catch (error) {
    await close();
    throw error;
  }
};

const toAuthenticate =
  ({ clock, tokenClock = clock, checkToken }: ServiceBusOptions): Authenticate =>
  async (claim) => {
    if (claim.type === SAS_TYPE) return checkSharedAccess(claim, SHARED_KEY, tokenClock.now());
    return checkToken ? checkToken(claim.token) : { kind: 'refused', why: 'Tokens of an identity are not accepted here.' };
  };

const toConnectionString = (port: number): string =>
  `Endpoint=sb://${LOOPBACK}:${port};SharedAccessKeyName=${SHARED_KEY.name};SharedAccessKey=${SHARED_KEY.key};UseDevelopmentEmulator=true`;
