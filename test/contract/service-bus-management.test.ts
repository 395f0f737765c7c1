/** Scheduling, peeking, deferring, duplicates and expiry through the real SDK. */
import type { ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bus,
  codeOf,
  emptyRemoteQueues,
  isEmpty,
  NO_RENEWAL,
  receiveOne,
  REMOTE,
  startConformanceBus,
} from '../support/service-bus.ts';

let bus: Bus;
let sender: ServiceBusSender;
let receiver: ServiceBusReceiver;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

beforeAll(async () => {
  bus = await startConformanceBus();
  sender = bus.client.createSender('plain');
  receiver = bus.client.createReceiver('plain', NO_RENEWAL);
  await emptyRemoteQueues(bus.client, ['plain', 'unique', 'expiring']);
});

afterAll(() => bus.close());

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('expected a value');
  return value;
};

const inAnHour = (): Date => new Date(Date.now() + HOUR_MS);

describe('scheduling', () => {
  it('cancels scheduled messages by the numbers it gave, once', async () => {
    const numbers = await sender.scheduleMessages([{ body: 'x' }, { body: 'y' }], inAnHour());
    expect(numbers).toHaveLength(2);
    await sender.cancelScheduledMessages(numbers);
    expect(await codeOf(sender.cancelScheduledMessages(numbers))).toBe('MessageNotFound');
  });

  it('shows a scheduled message to a peek and to no receiver', async () => {
    const at = inAnHour();
    const [number] = await sender.scheduleMessages({ body: 'later', messageId: 'later' }, at);
    const [peeked] = await receiver.peekMessages(1, { fromSequenceNumber: must(number) });
    expect(peeked).toMatchObject({ body: 'later', messageId: 'later', state: 'scheduled', scheduledEnqueueTimeUtc: at });
    expect(await isEmpty(receiver)).toBe(true);
    await sender.cancelScheduledMessages(must(number));
  });

  it.skipIf(REMOTE !== undefined)('delivers at its moment, under a new number (emulator only)', async () => {
    const [number] = await sender.scheduleMessages({ body: 'by operation' }, inAnHour());
    await sender.sendMessages({ body: 'by field', scheduledEnqueueTimeUtc: inAnHour() });
    expect(await isEmpty(receiver)).toBe(true);
    bus.advance(HOUR_MS + MINUTE_MS);
    const messages = await receiver.receiveMessages(2, { maxWaitTimeInMs: 5000 });
    expect(messages.map(({ body }) => body as string)).toEqual(['by operation', 'by field']);
    expect(messages[0]?.sequenceNumber?.greaterThan(must(number))).toBe(true);
    for (const message of messages) await receiver.completeMessage(message);
  });
});

describe('peeking', () => {
  it('pages through messages in order and changes nothing', async () => {
    await sender.sendMessages(Array.from({ length: 5 }, (_, i) => ({ body: i })));
    const locked = await receiver.receiveMessages(5, { maxWaitTimeInMs: 5000 });
    const from = must(must(locked[0]).sequenceNumber);
    const first = await receiver.peekMessages(3, { fromSequenceNumber: from });
    const rest = await receiver.peekMessages(10);
    expect([...first, ...rest].map(({ body }) => body as number)).toEqual([0, 1, 2, 3, 4]);
    expect(first[0]?.lockToken).toBeUndefined();
    for (const message of locked) await receiver.completeMessage(message);
  });
});

describe('deferring', () => {
  it('sets a message aside until it is asked for, and settles it then', async () => {
    await sender.sendMessages({ body: 'aside' });
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message, { why: 'busy' });
    expect(await isEmpty(receiver)).toBe(true);
    const number = must(message.sequenceNumber);
    const [deferred] = await receiver.receiveDeferredMessages(number);
    expect(deferred).toMatchObject({ body: 'aside', state: 'deferred', applicationProperties: { why: 'busy' } });
    await receiver.abandonMessage(must(deferred));
    const [again] = await receiver.receiveDeferredMessages(number);
    expect(again?.deliveryCount).toBe(1);
    await receiver.deadLetterMessage(must(again), { deadLetterReason: 'old', deadLetterErrorDescription: 'too old' });
    const deadLetters = bus.client.createReceiver('plain', { ...NO_RENEWAL, subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ deadLetterReason: 'old', deadLetterErrorDescription: 'too old' });
    await deadLetters.completeMessage(dead);
    await deadLetters.close();
  });

  it('gives a deferred message away for good in receive-and-delete', async () => {
    await sender.sendMessages({ body: 'once' });
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const taker = bus.client.createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    const number = must(message.sequenceNumber);
    expect((await taker.receiveDeferredMessages(number))[0]?.body).toBe('once');
    expect(await codeOf(taker.receiveDeferredMessages(number))).toBe('MessageNotFound');
    await taker.close();
  });
});

describe('duplicate detection', () => {
  it('accepts and drops what repeats an id, also when it is scheduled', async () => {
    const unique = bus.client.createSender('unique');
    const reader = bus.client.createReceiver('unique', NO_RENEWAL);
    const messageId = `id-${Date.now()}`;
    await unique.sendMessages([
      { body: 'first', messageId },
      { body: 'second', messageId },
    ]);
    await unique.scheduleMessages({ body: 'third', messageId }, inAnHour());
    const got = await receiveOne(reader);
    expect(got.body).toBe('first');
    await reader.completeMessage(got);
    expect(await isEmpty(reader)).toBe(true);
    await Promise.all([unique.close(), reader.close()]);
  });
});

describe.skipIf(REMOTE !== undefined)('time to live (emulator only: time is moved)', () => {
  it('moves an expired message to the dead-letter queue where the queue says so', async () => {
    const expiring = bus.client.createSender('expiring');
    const deadLetters = bus.client.createReceiver('expiring', { ...NO_RENEWAL, subQueueType: 'deadLetter' });
    await expiring.sendMessages({ body: 'short', timeToLive: 1000 });
    bus.advance(1000);
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ body: 'short', deadLetterReason: 'TTLExpiredException' });
    await deadLetters.completeMessage(dead);
    await Promise.all([expiring.close(), deadLetters.close()]);
  });

  it('drops it where the queue does not, at the queue’s own limit whatever a sender asks for', async () => {
    await sender.sendMessages([{ body: 'modest' }, { body: 'greedy', timeToLive: HOUR_MS * 24 }]);
    const modest = await receiveOne(receiver);
    expect(modest.timeToLive).toBe(HOUR_MS);
    await receiver.abandonMessage(modest);
    bus.advance(HOUR_MS);
    expect(await isEmpty(receiver)).toBe(true);
  });
});
