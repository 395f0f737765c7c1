/** The Service Bus emulator as one thing: AMQP for the SDK, HTTP for health and counts. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import { closeServer, listen, LOOPBACK } from '../lib/listen.ts';
import type { Log } from '../lib/log.ts';
import { checkSharedAccess, SAS_TYPE, type Authenticate } from './amqp/authorization.ts';
import { BrokerConnection, type BrokerOptions } from './amqp/broker-connection.ts';
import { noFaults } from './amqp/faults.ts';
import { acceptConnection } from './amqp/rhea.ts';
import { createControlServer } from './control.ts';
import { Namespace, type EntitySettings } from './engine/namespace.ts';

export type ServiceBusOptions = {
  /** AMQP; 0 takes a free port. */
  port: number;
  /** Health and counts; undefined for none, 0 for a free port. */
  controlPort?: number;
  entities: readonly EntitySettings[];
  clock: Clock;
  log: Log;
};

export type ServiceBus = {
  port: number;
  controlPort: number | undefined;
  connectionString: string;
  /** The queues themselves, for a test that looks behind the protocol. */
  namespace: Namespace;
  /** Cuts every connection without a word, as a broken network does; says how many. */
  dropConnections: () => number;
  close: () => Promise<void>;
};

/** The name and key that the official emulator's connection string has. */
const SHARED_KEY = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' };

/** Starts an emulator on loopback. Throws `PortTaken` when a port is in use. */
export const startServiceBus = async (options: ServiceBusOptions): Promise<ServiceBus> => {
  const { clock, log } = options;
  const namespace = new Namespace({ entities: options.entities, clock, newLockToken: randomUUID });
  const authenticate: Authenticate = async (claim) =>
    claim.type === SAS_TYPE ? checkSharedAccess(claim, SHARED_KEY, clock.now()) : { kind: 'refused', why: 'Tokens are not accepted here.' };
  const amqp = createAmqpServer({ namespace, authenticate, clock, log, newUuid: randomUUID, faults: noFaults });
  const control = createControlServer(namespace, new Map());
  const port = await listen(amqp.server, options.port, '--port');
  const controlPort = options.controlPort === undefined ? undefined : await listen(control, options.controlPort, '--control-port');
  return {
    port,
    controlPort,
    connectionString: toConnectionString(port),
    namespace,
    dropConnections: amqp.dropAll,
    close: async () => {
      amqp.dropAll();
      namespace.close();
      await Promise.all([closeServer(amqp.server), ...(controlPort === undefined ? [] : [closeServer(control)])]);
    },
  };
};

const toConnectionString = (port: number): string =>
  `Endpoint=sb://${LOOPBACK}:${port};SharedAccessKeyName=${SHARED_KEY.name};SharedAccessKey=${SHARED_KEY.key};UseDevelopmentEmulator=true`;

const createAmqpServer = (options: BrokerOptions): { server: Server; dropAll: () => number } => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const connection = new BrokerConnection(acceptConnection(socket, 'service-bus-emulator'), options);
    // rhea keeps quiet about a socket that was destroyed on this side.
    socket.on('close', () => {
      sockets.delete(socket);
      connection.drop();
    });
  });
  const dropAll = (): number => {
    const count = sockets.size;
    for (const socket of sockets) socket.destroy();
    return count;
  };
  return { server, dropAll };
};
