/** Sending, receiving and settling through the real SDK, on a queue without sessions. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  cutConnections,
  emptyRemoteQueues,
  isEmpty,
  LOCK_MS,
  receiveOne,
  NO_RENEWAL,
  REMOTE,
  startConformanceBus,
  type Bus,
} from '../support/service-bus.ts';

let bus: Bus;
let sender: ServiceBusSender;
let receiver: ServiceBusReceiver;
let deadLetters: ServiceBusReceiver;

beforeAll(async () => {
  bus = await startConformanceBus();
  sender = bus.client.createSender('plain');
  receiver = bus.client.createReceiver('plain', NO_RENEWAL);
  deadLetters = bus.client.createReceiver('plain', { ...NO_RENEWAL, subQueueType: 'deadLetter' });
  await emptyRemoteQueues(bus.client, ['plain']);
});

afterAll(() => bus.close());

const receive = (count: number): Promise<ServiceBusReceivedMessage[]> => receiver.receiveMessages(count, { maxWaitTimeInMs: 5000 });

const because = (deadLetterReason: string) => ({ deadLetterReason, deadLetterErrorDescription: '' });

const completeAll = async (messages: readonly ServiceBusReceivedMessage[]): Promise<void> => {
  for (const message of messages) await receiver.completeMessage(message);
};

describe('sending', () => {
  it('carries every field of a message and stamps its own', async () => {
    const sent = {
      body: { nested: { n: 1, list: [true, null] } },
      messageId: 'all-fields',
      correlationId: 'c-1',
      contentType: 'application/json',
      subject: 'subject',
      to: 'to',
      replyTo: 'reply',
      replyToSessionId: 'rs',
      partitionKey: 'pk',
      timeToLive: 120_000,
      applicationProperties: { text: 'é', whole: 7, negative: -7, part: 1.5, yes: true },
    };
    await sender.sendMessages(sent);
    const got = await receiveOne(receiver);
    expect(got).toMatchObject(sent);
    expect(got.deliveryCount).toBe(0);
    expect(got.state).toBe('active');
    expect(got.enqueuedTimeUtc).toBeInstanceOf(Date);
    expect(Number(got.lockedUntilUtc) - Number(got.enqueuedTimeUtc)).toBeGreaterThanOrEqual(LOCK_MS - 60_000);
    expect(Number(got.expiresAtUtc) - Number(got.enqueuedTimeUtc)).toBe(120_000);
    await receiver.completeMessage(got);
  });

  it.each([
    ['text', 'plain text'],
    ['bytes', Buffer.from([0, 1, 255])],
    ['a list', [1, 'two', { three: 3 }]],
    ['nothing', null],
    ['a number', 42],
  ])('carries %s as a body', async (_name, body) => {
    await sender.sendMessages({ body });
    const got = await receiveOne(receiver);
    expect(got.body).toEqual(body);
    await receiver.completeMessage(got);
  });

  it('gives a message without an id one of its own', async () => {
    await sender.sendMessages({ body: 'anonymous' });
    const got = await receiveOne(receiver);
    expect(got.messageId).toBeTruthy();
    await receiver.completeMessage(got);
  });

  it('keeps the order of an array and of a batch, each in one transfer', async () => {
    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    const batch = await sender.createMessageBatch();
    expect(batch.maxSizeInBytes).toBe(262_144);
    expect([batch.tryAddMessage({ body: 'c' }), batch.tryAddMessage({ body: 'd', messageId: 'd' })]).toEqual([true, true]);
    await sender.sendMessages(batch);
    const got = await receive(4);
    expect(got.map(({ body }) => body as string)).toEqual(['a', 'b', 'c', 'd']);
    expect(got[3]?.messageId).toBe('d');
    await completeAll(got);
  });

  it('carries a message of many frames unchanged', async () => {
    const body = Buffer.alloc(200_000, 'frame after frame ');
    await sender.sendMessages({ body });
    const got = await receiveOne(receiver);
    expect(body.equals(got.body as Buffer)).toBe(true);
    await receiver.completeMessage(got);
  });

  it('refuses a message over 256 KB', async () => {
    expect(await codeOf(sender.sendMessages({ body: Buffer.alloc(262_145) }))).toBe('MessageSizeExceeded');
    await sender.sendMessages({ body: 'the link still works' });
    await completeAll(await receive(1));
  });
});

describe('receiving', () => {
  it('delivers at once what comes while a receiver waits', async () => {
    const waiting = receiveOne(receiver);
    await sender.sendMessages({ body: 'late' });
    const got = await waiting;
    expect(got.body).toBe('late');
    await receiver.completeMessage(got);
    expect(await isEmpty(receiver)).toBe(true);
  });

  it('hands out and removes in one step in receive-and-delete', async () => {
    const taker = bus.client.createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    expect((await taker.receiveMessages(2, { maxWaitTimeInMs: 5000 })).map(({ body }) => body as number)).toEqual([1, 2]);
    await taker.close();
    expect(await isEmpty(receiver)).toBe(true);
  });

  it('passes more messages through one link than it can hold unsettled', async () => {
    const total = 2500;
    for (let first = 0; first < total; first += 500)
      await sender.sendMessages(Array.from({ length: 500 }, (_, i) => ({ body: first + i })));
    const bodies: number[] = [];
    const subscriber = bus.client.createReceiver('plain', NO_RENEWAL);
    await new Promise<void>((resolve, reject) => {
      subscriber.subscribe(
        {
          processMessage: async ({ body }) => {
            bodies.push(body as number);
            if (bodies.length === total) resolve();
          },
          processError: async ({ error }) => reject(error),
        },
        { maxConcurrentCalls: 50 },
      );
    });
    await subscriber.close();
    expect(new Set(bodies).size).toBe(total);
    expect(await isEmpty(receiver)).toBe(true);
  });
});

describe('settling', () => {
  it('brings an abandoned message back at once, first in line, with its count and properties', async () => {
    await sender.sendMessages([{ body: 'a', applicationProperties: { kept: 1, changed: 1 } }, { body: 'b' }]);
    await receiver.abandonMessage(await receiveOne(receiver), { changed: 2, added: 'x' });
    const got = await receive(2);
    expect(got.map(({ body, deliveryCount }) => `${body as string}${deliveryCount}`)).toEqual(['a1', 'b0']);
    expect(got[0]?.applicationProperties).toEqual({ kept: 1, changed: 2, added: 'x' });
    await completeAll(got);
  });

  it('dead-letters after the maximum of deliveries', async () => {
    await sender.sendMessages({ body: 'poison', messageId: 'poison' });
    for (let delivery = 0; delivery < 3; delivery++) await receiver.abandonMessage(await receiveOne(receiver));
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ messageId: 'poison', deadLetterReason: 'MaxDeliveryCountExceeded', deadLetterSource: 'plain' });
    await deadLetters.completeMessage(dead);
    expect(await isEmpty(receiver)).toBe(true);
  });

  it('dead-letters with reason, description and properties', async () => {
    await sender.sendMessages({ body: 'bad', applicationProperties: { kept: 1 } });
    const options = { deadLetterReason: 'why', deadLetterErrorDescription: 'what', extra: true };
    await receiver.deadLetterMessage(await receiveOne(receiver), options);
    const dead = await receiveOne(deadLetters);
    expect(dead).toMatchObject({ deadLetterReason: 'why', deadLetterErrorDescription: 'what', body: 'bad' });
    expect(dead.applicationProperties).toMatchObject({ kept: 1, extra: true });
    await deadLetters.completeMessage(dead);
  });

  it('keeps the outcomes of many messages apart: 100 completed, 100 dead-lettered, each the right one', async () => {
    await sender.sendMessages(Array.from({ length: 200 }, (_, i) => ({ body: i })));
    for (const message of await receive(200)) {
      if ((message.body as number) % 2 === 0) await receiver.completeMessage(message);
      else await receiver.deadLetterMessage(message, because(`odd ${message.body as number}`));
    }
    expect(await isEmpty(receiver)).toBe(true);
    const dead = await deadLetters.receiveMessages(100, { maxWaitTimeInMs: 5000 });
    expect(dead.map(({ deadLetterReason }) => deadLetterReason)).toEqual(Array.from({ length: 100 }, (_, i) => `odd ${2 * i + 1}`));
    for (const message of dead) await deadLetters.completeMessage(message);
  });
});

describe.skipIf(REMOTE !== undefined)('locks (emulator only: time is moved)', () => {
  it('loses the lock when its time is up, and says so', async () => {
    await sender.sendMessages({ body: 'slow' });
    const slow = await receiveOne(receiver);
    bus.advance(LOCK_MS);
    expect(await codeOf(receiver.completeMessage(slow))).toBe('MessageLockLost');
    expect(await codeOf(receiver.renewMessageLock(slow))).toBe('MessageLockLost');
    const again = await receiveOne(receiver);
    expect([again.body, again.deliveryCount]).toEqual(['slow', 1]);
    await receiver.completeMessage(again);
  });

  it('answers each of two settlements in one tick for itself', async () => {
    await sender.sendMessages([{ body: 'lost' }, { body: 'held' }]);
    const [lost] = await receive(1);
    bus.advance(LOCK_MS / 2);
    const [held] = await receive(1);
    if (!lost || !held) throw new Error('no messages came');
    bus.advance(LOCK_MS / 2);
    expect(await Promise.all([codeOf(receiver.completeMessage(lost)), codeOf(receiver.completeMessage(held))])).toEqual([
      'MessageLockLost',
      'no error',
    ]);
    const again = await receiveOne(receiver);
    expect(again.body).toBe('lost');
    await receiver.completeMessage(again);
  });

  it('takes a settlement over another way after the connection was lost', async () => {
    await sender.sendMessages([{ body: 'a' }, { body: 'b' }]);
    const [a, b] = await receive(2);
    if (!a || !b) throw new Error('no messages came');
    await cutConnections(bus);
    await receiver.completeMessage(a);
    await receiver.deadLetterMessage(b, because('elsewhere'));
    const dead = await receiveOne(deadLetters);
    expect([dead.body, dead.deadLetterReason]).toEqual(['b', 'elsewhere']);
    await deadLetters.completeMessage(dead);
    expect(await isEmpty(receiver)).toBe(true);
  });

  it('keeps a lock that is renewed', async () => {
    await sender.sendMessages({ body: 'long' });
    const long = await receiveOne(receiver);
    const firstEnd = Number(long.lockedUntilUtc);
    bus.advance(LOCK_MS - 1000);
    expect(Number(await receiver.renewMessageLock(long))).toBe(firstEnd + LOCK_MS - 1000);
    bus.advance(LOCK_MS - 1000);
    await receiver.completeMessage(long);
  });
});
