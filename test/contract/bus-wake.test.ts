/** Wakes through the real SDK: they arrive in their sessions, and a bus that is down costs a caller little. */
import type { ServiceBusClient, ServiceBusReceivedMessage } from '@azure/service-bus';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import { readConfig } from '../../infra/local/service-bus/config.ts';
import type { ServiceBus } from '../../infra/local/service-bus/server.ts';
import { azureBus } from '../../shared/platform/bus/azure-bus.ts';
import { busClient, type BusClient } from '../../shared/platform/bus/client.ts';
import { fromWakeBody } from '../../shared/platform/bus/envelope.ts';
import type { BusError } from '../../shared/platform/bus/errors.ts';
import { QUEUES } from '../../shared/platform/bus/queues.ts';
import { makeWakes, type Wakes } from '../../shared/platform/bus/wake.ts';
import { newId } from '../../shared/platform/ids/new-id.ts';
import { type Clock, systemClock } from '../../shared/platform/time/clock.ts';
import { startTestServiceBus } from '../support/service-bus.ts';

let bus: ServiceBus;
let client: ServiceBusClient;
let opened: { client: BusClient; wakes: Wakes }[] = [];

beforeAll(async () => {
  const config = readConfig(readFileSync('infra/local/service-bus/entities.json', 'utf8'));
  if (config.kind === 'refused') throw new Error(config.problems.join('\n'));
  bus = await startTestServiceBus(config.entities);
  client = azureBus({ connectionString: bus.connectionString });
});
afterEach(async () => {
  await Promise.all(opened.map((o) => o.client.close()));
  opened = [];
});
afterAll(async () => {
  await client.close();
  await bus.close();
});

type Sender = { wakes: Wakes; failures: BusError[] };
const senderTo = (connectionString: string, options: { clock?: Clock; queueNames?: typeof QUEUES } = {}): Sender => {
  const failures: BusError[] = [];
  const own = busClient({ connectionString });
  const { clock = systemClock, queueNames = QUEUES } = options;
  const wakes = makeWakes({ client: own, queueNames, clock, newId, onFailure: (error) => failures.push(error) });
  opened.push({ client: own, wakes });
  return { wakes, failures };
};

const receive = async (queue: string, session: string, count: number): Promise<ServiceBusReceivedMessage[]> => {
  const receiver = await client.acceptSession(queue, session, { maxAutoLockRenewalDurationInMs: 0 });
  const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 4_000 });
  for (const message of messages) await receiver.completeMessage(message);
  await receiver.close();
  return messages;
};

describe('wakes', () => {
  it('arrive in the session of whom they wake, each with an id of its own', async () => {
    const { wakes, failures } = senderTo(bus.connectionString);
    await wakes.wakeLane('acc|contoso');
    await wakes.wakeLane('acc|contoso');
    await wakes.wakeSubscription('sub1');
    const lane = await receive(QUEUES.provisioning, 'acc|contoso', 2);
    expect(lane.map((m) => fromWakeBody(m.body))).toEqual([
      { kind: 'lane', lane: 'acc|contoso' },
      { kind: 'lane', lane: 'acc|contoso' },
    ]);
    expect(new Set(lane.map((m) => m.messageId)).size).toBe(2);
    const [subscription] = await receive(QUEUES.webhooks, 'sub1', 1);
    expect(fromWakeBody(subscription?.body)).toEqual({ kind: 'subscription', subscription: 'sub1' });
    expect(failures).toEqual([]);
  });

  it('carry the trace that they belong to, as hosts continue it', async () => {
    const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const own = busClient({ connectionString: bus.connectionString });
    const wakes = makeWakes({ client: own, queueNames: QUEUES, clock: systemClock, newId, traceParent: () => traceParent });
    opened.push({ client: own, wakes });
    await wakes.wakeLane('traced');
    const [message] = await receive(QUEUES.provisioning, 'traced', 1);
    expect(message?.applicationProperties).toEqual({ 'Diagnostic-Id': traceParent });
  });

  it('of many go to many sessions', async () => {
    const { wakes } = senderTo(bus.connectionString);
    const lanes = Array.from({ length: 120 }, (_, n) => `lane-${n}`);
    await wakes.wakeLanes(lanes);
    await wakes.wakeSubscriptions(['a', 'b']);
    for (const lane of ['lane-0', 'lane-77', 'lane-119']) expect(await receive(QUEUES.provisioning, lane, 1)).toHaveLength(1);
    for (const session of ['a', 'b']) expect(await receive(QUEUES.webhooks, session, 1)).toHaveLength(1);
  });

  it('may become visible later', async () => {
    const { wakes } = senderTo(bus.connectionString);
    const sentMs = systemClock.now();
    await wakes.wakeLane('later', 800);
    const [message] = await receive(QUEUES.provisioning, 'later', 1);
    expect(fromWakeBody(message?.body)).toEqual({ kind: 'lane', lane: 'later' });
    expect(systemClock.now() - sentMs).toBeGreaterThanOrEqual(700);
  });

  it('go on after the connection was cut', async () => {
    const { wakes } = senderTo(bus.connectionString);
    await wakes.wakeLane('cut');
    bus.dropConnections();
    // What is sent before the client noticed may be lost; that is what sweeps are for.
    await expect
      .poll(
        async () => {
          await wakes.wakeLane('cut');
          return (await client.createReceiver(QUEUES.provisioning).peekMessages(1)).length;
        },
        { timeout: 8_000 },
      )
      .toBe(1);
    expect(await receive(QUEUES.provisioning, 'cut', 1)).toHaveLength(1);
  });
});

describe('a bus that is down', () => {
  let silent: Server;
  let held: Socket[] = [];
  let connectionTo: (port: number) => string;
  beforeAll(async () => {
    silent = createServer((socket) => {
      socket.on('error', () => undefined);
      held.push(socket);
    });
    connectionTo = (port) => bus.connectionString.replace(/:\d+/, `:${port}`);
    await listen(silent, 0, 'port');
  });
  const endHeld = (): void => {
    for (const socket of held) socket.destroy();
    held = [];
  };
  afterAll(async () => {
    endHeld();
    await closeServer(silent);
  });

  it('refuses connections: the caller goes on at once, and the failure is told once', async () => {
    const free = createServer();
    const port = await listen(free, 0, 'port');
    await closeServer(free);
    const { wakes, failures } = senderTo(connectionTo(port));
    const startedMs = systemClock.now();
    await wakes.wakeLanes(['a', 'b', 'c']);
    await wakes.wakeLane('d');
    expect(systemClock.now() - startedMs).toBeLessThan(2_500);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.message).not.toBe('');
  });

  it('does not answer: the caller waits its deadline once, then not at all for a while', async () => {
    const waits: number[] = [];
    const fast: Clock = { now: systemClock.now, sleep: (ms) => systemClock.sleep(waits.push(ms) && ms / 30) };
    const address = silent.address();
    const { wakes, failures } = senderTo(connectionTo(typeof address === 'object' && address ? address.port : 0), { clock: fast });
    await wakes.wakeLane('a');
    await wakes.wakeLane('b');
    expect(failures.map((f) => f.code)).toEqual(['SendTimeout']);
    expect(waits).toEqual([3_000]);
    endHeld();
  });

  it('lacks the queue: the code says so', async () => {
    const { wakes, failures } = senderTo(bus.connectionString, { queueNames: { provisioning: 'nowhere', webhooks: 'nowhere' } });
    await wakes.wakeLane('a');
    expect(failures.map((f) => f.code)).toEqual(['MessagingEntityNotFound']);
  });
});
