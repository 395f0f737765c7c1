/** A Service Bus for tests: the emulator in this process on free ports, or the one that SERVICEBUS_CONNECTION_STRING names. */
import { ServiceBusClient, type ServiceBusReceivedMessage, type ServiceBusReceiver } from '@azure/service-bus';
import { expect } from 'vitest';
import { fakeClock, systemClock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { readConfig } from '../../infra/local/service-bus/config.ts';
import type { EntitySettings } from '../../infra/local/service-bus/engine/namespace.ts';
import { startServiceBus, type ServiceBus } from '../../infra/local/service-bus/server.ts';

/** An emulator with these queues, in real time; to be closed by who started it. */
export const startTestServiceBus = (entities: readonly EntitySettings[]): Promise<ServiceBus> =>
  startServiceBus({ port: 0, controlPort: 0, entities, clock: systemClock, log: silentLog });

/** Queues of the conformance suite; a real namespace needs the same (see the emulator's README). */
export const CONFORMANCE_QUEUES = {
  plain: { LockDuration: 'PT5M', MaxDeliveryCount: 3 },
  sessions: { LockDuration: 'PT5M', MaxDeliveryCount: 3, RequiresSession: true },
  unique: { RequiresDuplicateDetection: true, DuplicateDetectionHistoryTimeWindow: 'PT20S' },
  expiring: { DeadLetteringOnMessageExpiration: true },
} as const;

/** Locks last as long as the queue says: for receivers whose locks shall run out. */
export const NO_RENEWAL = { maxAutoLockRenewalDurationInMs: 0 };

/** The lock duration of the queues above. */
export const LOCK_MS = 300_000;

export const REMOTE = process.env['SERVICEBUS_CONNECTION_STRING'];

export type Bus = {
  client: ServiceBusClient;
  connectionString: string;
  /** Moves the emulator's time; not against a real namespace. */
  advance: (ms: number) => void;
  /** The emulator itself; not against a real namespace. */
  emulator: () => ServiceBus;
  close: () => Promise<void>;
};

/** No second try, so that a refusal is seen as it came. */
export const newClient = (connectionString: string): ServiceBusClient =>
  new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } });

const notRemote = (): never => {
  throw new Error('This case is for the emulator only.');
};

/** Time in this emulator stands still until it is advanced; it begins with the real time, as tokens carry that. */
export const startConformanceBus = async (): Promise<Bus> => {
  if (REMOTE !== undefined) {
    const client = newClient(REMOTE);
    return { client, connectionString: REMOTE, advance: notRemote, emulator: notRemote, close: () => client.close() };
  }
  const clock = fakeClock(Date.now());
  const entities = conformanceEntities();
  const emulator = await startServiceBus({ port: 0, controlPort: 0, entities, clock, tokenClock: systemClock, log: silentLog });
  const { connectionString } = emulator;
  const client = newClient(connectionString);
  const close = async (): Promise<void> => {
    await client.close();
    await emulator.close();
  };
  return { client, connectionString, advance: (ms) => clock.advance(ms), emulator: () => emulator, close };
};

/** The queues above as the emulator takes them. */
export const conformanceEntities = (): EntitySettings[] => {
  const Queues = Object.entries(CONFORMANCE_QUEUES).map(([Name, Properties]) => ({ Name, Properties }));
  const config = readConfig(JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues, Topics: [] }] } }));
  if (config.kind === 'refused') throw new Error(config.problems.join('\n'));
  return config.entities;
};

/** Takes away what earlier runs left in a queue of a real namespace; the emulator begins empty. */
export const emptyRemoteQueues = async (client: ServiceBusClient, queues: readonly string[]): Promise<void> => {
  if (REMOTE === undefined) return;
  for (const queue of queues) {
    for (const options of [{}, { subQueueType: 'deadLetter' as const }]) {
      const receiver = client.createReceiver(queue, { ...options, receiveMode: 'receiveAndDelete' });
      while ((await receiver.receiveMessages(100, { maxWaitTimeInMs: 2000 })).length > 0);
      await receiver.close();
    }
  }
};

/** The next message, which has to come within five seconds. */
export const receiveOne = async (receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> => {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5000 });
  if (!message) throw new Error('No message came.');
  return message;
};

/** True when nothing can be received now. */
export const isEmpty = async (receiver: ServiceBusReceiver): Promise<boolean> =>
  (await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).length === 0;

/** The code of the error a promise ends with, taken out of the SDK's collection of tries. */
export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    return (first as { code?: string }).code ?? String(first);
  }
};

type Internals = { _connectionContext: { connection: { isOpen: () => boolean } } };

/** Cuts all connections and waits until the bus's own client has noticed: what it sends before is lost without an error. */
export const cutConnections = async ({ client, emulator }: Bus): Promise<void> => {
  emulator().dropConnections();
  await expect.poll(() => (client as unknown as Internals)._connectionContext.connection.isOpen()).toBe(false);
};
