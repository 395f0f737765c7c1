/** Sessions through the real SDK: who gets which, in what order, for how long. */
import type { ServiceBusReceivedMessage, ServiceBusSender, ServiceBusSessionReceiver } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  codeOf,
  cutConnections,
  isEmpty,
  LOCK_MS,
  newClient,
  receiveOne,
  NO_RENEWAL,
  REMOTE,
  startConformanceBus,
  type Bus,
} from '../support/service-bus.ts';

let bus: Bus;
let sender: ServiceBusSender;
let sessions = 0;

beforeAll(async () => {
  bus = await startConformanceBus();
  sender = bus.client.createSender('sessions');
});

afterAll(() => bus.close());

/** A name of its own for each case, so that none meets another's messages. */
const newSession = (): string => `session-${++sessions}-${Date.now()}`;

const send = (sessionId: string, ...bodies: string[]): Promise<void> => sender.sendMessages(bodies.map((body) => ({ body, sessionId })));

const accept = (sessionId: string): Promise<ServiceBusSessionReceiver> => bus.client.acceptSession('sessions', sessionId, NO_RENEWAL);

const acceptNext = (): Promise<ServiceBusSessionReceiver> => bus.client.acceptNextSession('sessions', NO_RENEWAL);

const receiveBodies = async (receiver: ServiceBusSessionReceiver, count: number): Promise<string[]> => {
  const messages = await receiver.receiveMessages(count, { maxWaitTimeInMs: 5000 });
  for (const message of messages) await receiver.completeMessage(message);
  return messages.map(({ body }) => body as string);
};

describe('accepting', () => {
  it('gives the next session with messages, its messages in order and nobody else’s', async () => {
    const [first, second] = [newSession(), newSession()];
    await send(first, 'a', 'b');
    await send(second, 'x');
    await send(first, 'c');
    const one = await acceptNext();
    const two = await acceptNext();
    expect([one.sessionId, two.sessionId]).toEqual([first, second]);
    expect([await receiveBodies(one, 3), await receiveBodies(two, 1)]).toEqual([['a', 'b', 'c'], ['x']]);
    await Promise.all([one.close(), two.close()]);
  });

  it('waits for a session to get messages', async () => {
    const sessionId = newSession();
    const waiting = acceptNext();
    await send(sessionId, 'late');
    const receiver = await waiting;
    expect([receiver.sessionId, await receiveBodies(receiver, 1)]).toEqual([sessionId, ['late']]);
    await receiver.close();
  });

  it('locks a session by name that has no messages yet, until a stated time', async () => {
    const sessionId = newSession();
    const receiver = await accept(sessionId);
    const lockedForMs = Number(receiver.sessionLockedUntilUtc) - Date.now();
    expect(Math.abs(lockedForMs - LOCK_MS)).toBeLessThan(LOCK_MS / 2);
    await send(sessionId, 'a');
    expect(await receiveBodies(receiver, 1)).toEqual(['a']);
    await receiver.close();
  });

  it('refuses a session that somebody holds, and gives it when it is closed', async () => {
    const sessionId = newSession();
    const holder = await accept(sessionId);
    expect(await codeOf(accept(sessionId))).toBe('SessionCannotBeLocked');
    await holder.close();
    const next = await accept(sessionId);
    await next.close();
  });

  it('refuses a receiver without a session, and a message without one', async () => {
    const plain = bus.client.createReceiver('sessions', NO_RENEWAL);
    expect(await codeOf(plain.receiveMessages(1, { maxWaitTimeInMs: 1000 }))).toBe('GeneralError');
    await plain.close();
    expect(await codeOf(sender.sendMessages({ body: 'homeless' }))).toBe('GeneralError');
  });

  it('refuses a session on a queue that has none', async () => {
    expect(await codeOf(bus.client.acceptSession('plain', 'any', NO_RENEWAL))).toBe('SessionCannotBeLocked');
  });
});

describe('holding', () => {
  it('keeps the order after an abandon', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a', 'b');
    const receiver = await accept(sessionId);
    await receiver.abandonMessage(await receiveOne(receiver));
    expect(await receiveBodies(receiver, 2)).toEqual(['a', 'b']);
    await receiver.close();
  });

  it('returns unsettled messages uncounted when the receiver closes', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a');
    const first = await accept(sessionId);
    await receiveOne(first);
    await first.close();
    const second = await accept(sessionId);
    const again = await receiveOne(second);
    expect(again.deliveryCount).toBe(0);
    await second.completeMessage(again);
    await second.close();
  });

  it('keeps, changes and clears the state of a session', async () => {
    const sessionId = newSession();
    const first = await accept(sessionId);
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ step: 1 });
    await first.close();
    const second = await accept(sessionId);
    expect(await second.getSessionState()).toEqual({ step: 1 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
    await second.close();
  });

  it('passes messages to a subscriber one at a time and in order', async () => {
    const sessionId = newSession();
    const bodies = Array.from({ length: 20 }, (_, i) => `m${i}`);
    await send(sessionId, ...bodies);
    const receiver = await accept(sessionId);
    const got: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const processMessage = async (message: ServiceBusReceivedMessage): Promise<void> => {
        await receiver.completeMessage(message);
        got.push(message.body as string);
        if (got.length === bodies.length) resolve();
      };
      receiver.subscribe({ processMessage, processError: async ({ error }) => reject(error) }, { autoCompleteMessages: false });
    });
    await receiver.close();
    expect(got).toEqual(bodies);
  });

  it('dead-letters out of the session into a queue without sessions', async () => {
    const sessionId = newSession();
    await send(sessionId, 'bad');
    const receiver = await accept(sessionId);
    await receiver.deadLetterMessage(await receiveOne(receiver));
    await receiver.close();
    const deadLetters = bus.client.createReceiver('sessions', { ...NO_RENEWAL, subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    expect([dead.body, dead.sessionId]).toEqual(['bad', sessionId]);
    await deadLetters.completeMessage(dead);
    await deadLetters.close();
  });

  it('defers within the session and finds the message again by its number', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a', 'b');
    const receiver = await accept(sessionId);
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    expect(await receiveBodies(receiver, 1)).toEqual(['b']);
    if (!message.sequenceNumber) throw new Error('no sequence number');
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
    if (!deferred) throw new Error('no deferred message');
    expect([deferred.body, deferred.state]).toEqual(['a', 'deferred']);
    await receiver.completeMessage(deferred);
    expect(await isEmpty(receiver)).toBe(true);
    await receiver.close();
  });

  it('renews the lock of a session', async () => {
    const receiver = await accept(newSession());
    const before = Number(receiver.sessionLockedUntilUtc);
    if (REMOTE === undefined) bus.advance(1000);
    expect(Number(await receiver.renewSessionLock())).toBeGreaterThanOrEqual(before);
    await receiver.close();
  });
});

describe.skipIf(REMOTE !== undefined)('losing (emulator only: time is moved, connections are cut)', () => {
  it('ends a wait for any session after the time asked for', async () => {
    const waiting = codeOf(acceptNext());
    await expect.poll(() => bus.emulator().namespace.find('sessions')?.queue.sessions.waiting).toBe(1);
    bus.advance(60_000);
    expect(await waiting).toBe('ServiceTimeout');
  });

  it('takes the session from a holder whose lock expires, and counts what it had received', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a', 'b');
    const holder = await accept(sessionId);
    const held = await receiveOne(holder);
    bus.advance(LOCK_MS);
    await expect.poll(() => holder.isClosed).toBe(true);
    expect(await codeOf(holder.completeMessage(held))).toBe('SessionLockLost');
    const next = await accept(sessionId);
    const again = await receiveOne(next);
    expect([again.body, again.deliveryCount]).toEqual(['a', 1]);
    await next.completeMessage(again);
    expect(await receiveBodies(next, 1)).toEqual(['b']);
    await next.close();
    await holder.close();
  });

  it('keeps the session of a holder whose connection breaks until its lock expires', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a');
    const victim = newClient(bus.connectionString);
    const holder = await victim.acceptSession('sessions', sessionId, NO_RENEWAL);
    await receiveOne(holder);
    await cutConnections(bus);
    expect(await codeOf(accept(sessionId))).toBe('SessionCannotBeLocked');
    bus.advance(LOCK_MS);
    const next = await accept(sessionId);
    const again = await receiveOne(next);
    expect(again.deliveryCount).toBe(1);
    await next.completeMessage(again);
    await next.close();
    await victim.close();
  });

  it('frees a session at once when its client closes in order', async () => {
    const sessionId = newSession();
    const other = newClient(bus.connectionString);
    await other.acceptSession('sessions', sessionId, NO_RENEWAL);
    await other.close();
    const next = await accept(sessionId);
    await next.close();
  });

  it('keeps a renewed session beyond its first end', async () => {
    const sessionId = newSession();
    await send(sessionId, 'a');
    const holder = await accept(sessionId);
    const message = await receiveOne(holder);
    bus.advance(LOCK_MS - 1000);
    await holder.renewSessionLock();
    bus.advance(LOCK_MS - 1000);
    await holder.completeMessage(message);
    await holder.close();
  });
});
