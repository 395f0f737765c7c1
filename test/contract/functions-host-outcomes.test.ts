/** What returned is completed and what threw is buried, message by message, though many handlers end at once: through the real SDK. */
import { app } from '@azure/functions';
import type { InvocationContext } from '@azure/functions';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHosts, until } from '../support/functions-host.ts';
import { CONFORMANCE_QUEUES, emptyRemoteQueues, startConformanceBus, type Bus } from '../support/service-bus.ts';

type QueueName = 'plain' | 'sessions';

const MESSAGES = 200;
const SESSIONS = 20;
const SENT_TOGETHER = 50;
/** Every other one, in the queue and in each session: what is merged with its neighbour takes on the wrong outcome. */
const throws = (n: number): boolean => (n + Math.floor(n / SESSIONS)) % 2 === 1;
const NUMBERS = Array.from({ length: MESSAGES }, (_, n) => n);
const idOf = (n: number): string => `m-${n}`;
const RETURNING = NUMBERS.filter((n) => !throws(n)).map(idOf);
const THROWING = NUMBERS.filter(throws).map(idOf);

let bus: Bus;
const hosts = createHosts();

beforeAll(async () => {
  bus = await startConformanceBus();
});
beforeEach(() => emptyRemoteQueues(bus.client, ['plain', 'sessions']));
afterEach(() => hosts.closeAll());
afterAll(() => bus.close());

type Wait = (n: number) => Promise<void>;

/** Handlers that answer as soon as they are called. */
const instantly: Wait = () => Promise.resolve();

/** Two neighbours, one that returns and one that throws, wait for each other and end in one turn of the event loop, alone. */
const inPairs = (): Wait => {
  const waiting = new Map<number, () => void>();
  return (n) =>
    new Promise((resolve) => {
      const pair = Math.floor(n / 2);
      const other = waiting.get(pair);
      if (other === undefined) return void waiting.set(pair, resolve);
      setImmediate(() => [other, resolve].forEach((end) => end()));
    });
};

/** A host; how often it ran the handler of each message. A message that comes again is answered at once. */
const runHandlers = async (queueName: QueueName, serviceBus: object, wait: Wait): Promise<Map<string, number>> => {
  const runs = new Map<string, number>();
  const handler = async (_body: unknown, { triggerMetadata }: InvocationContext): Promise<void> => {
    const id = String(triggerMetadata?.['messageId']);
    const n = Number(id.slice(2));
    const before = runs.get(id) ?? 0;
    runs.set(id, before + 1);
    if (before === 0) await wait(n);
    if (throws(n)) throw new Error('refused');
  };
  const isSessionsEnabled = queueName === 'sessions';
  await hosts.start(() => app.serviceBusQueue('work', { queueName, connection: 'BUS', isSessionsEnabled, handler }), {
    environment: { BUS: bus.connectionString },
    hostJson: { extensions: { serviceBus: { sessionIdleTimeout: '00:00:00.200', ...serviceBus } } },
  });
  return runs;
};

const sendAll = async (queueName: QueueName): Promise<void> => {
  const sender = bus.client.createSender(queueName);
  const messages = NUMBERS.map((n) => ({ messageId: idOf(n), body: { n }, sessionId: `s-${n % SESSIONS}` }));
  for (let at = 0; at < MESSAGES; at += SENT_TOGETHER) await sender.sendMessages(messages.slice(at, at + SENT_TOGETHER));
  await sender.close();
};

/** Takes dead letters away until there are `count`, and then all that there are beyond. */
const takeDeadLetters = async (queueName: QueueName, count: number): Promise<string[]> => {
  const receiver = bus.client.createReceiver(queueName, { subQueueType: 'deadLetter', receiveMode: 'receiveAndDelete' });
  const found: string[] = [];
  const take = async (): Promise<number> => found.push(...(await receiver.receiveMessages(MESSAGES, { maxWaitTimeInMs: 200 })).map(({ messageId }) => String(messageId))); // prettier-ignore
  await until(`${count} dead letters`, async () => (await take()) >= count, 30_000);
  await take();
  await receiver.close();
  return found;
};

/** All that is still in the queue, locked or not. */
const leftIn = async (queueName: QueueName): Promise<string[]> => {
  const receiver = bus.client.createReceiver(queueName);
  const left = await receiver.peekMessages(MESSAGES);
  await receiver.close();
  return left.map(({ messageId }) => String(messageId));
};

const { MaxDeliveryCount } = CONFORMANCE_QUEUES.plain;

it.each<[string, QueueName, object, Wait]>([
  ['a queue, handlers that end at once', 'plain', { maxConcurrentCalls: 64 }, instantly],
  ['a queue, handlers that end in pairs', 'plain', { maxConcurrentCalls: 64 }, inPairs()],
  ['sessions, one message of each at a time', 'sessions', { maxConcurrentSessions: 16 }, instantly],
  ['sessions, five messages of each at a time', 'sessions', { maxConcurrentSessions: 16, maxConcurrentCallsPerSession: 5 }, instantly],
])('%s: of 200 messages the 100 that throw are buried and the other 100 completed', async (_what, queueName, options, wait) => {
  const runs = await runHandlers(queueName, options, wait);
  await sendAll(queueName);
  const dead = await takeDeadLetters(queueName, THROWING.length);
  await until('the queue to be empty', async () => (await leftIn(queueName)).length === 0);
  await hosts.closeAll();
  expect(dead.toSorted()).toEqual(THROWING.toSorted());
  // Nothing that returned came again, and what threw came as often as it may.
  expect(Object.fromEntries(runs)).toEqual(
    Object.fromEntries([...RETURNING.map((id) => [id, 1]), ...THROWING.map((id) => [id, MaxDeliveryCount])]),
  );
});
