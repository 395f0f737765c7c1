/** The Service Bus trigger's pumps over a queue in memory. */
import { app } from '@azure/functions';
import type { InvocationContext } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import type { StartHostOptions } from '../../../infra/local/host/host.ts';
import { createHosts, until } from '../../support/functions-host.ts';
import { createMemoryQueue } from './memory-messages.ts';
import type { MemoryQueue } from './memory-messages.ts';

const hosts = createHosts();
afterEach(() => hosts.closeAll());

type Options = { isSessionsEnabled?: boolean; cardinality?: 'one' | 'many'; autoCompleteMessages?: boolean };

const listen = (
  queue: MemoryQueue,
  handler: (body: unknown, context: InvocationContext) => unknown,
  { serviceBus = {}, trigger = {}, ...rest }: { serviceBus?: object; trigger?: Options } & Partial<StartHostOptions> = {},
) =>
  hosts.start(() => app.serviceBusQueue('work', { queueName: 'work', connection: 'BUS', handler, ...trigger }), {
    openQueue: async () => queue.source,
    hostJson: { extensions: { serviceBus } },
    ...rest,
  });

const sessions: Options = { isSessionsEnabled: true };
const quickly = { sessionIdleTimeout: '00:00:00.050' };

describe('a message', () => {
  it('is completed when the handler returns and abandoned at once when it throws, until it is dead', async () => {
    const queue = createMemoryQueue({ maxDeliveries: 3 });
    const seen: unknown[] = [];
    await listen(queue, (body, context) => {
      seen.push([body, context.triggerMetadata?.deliveryCount]);
      if (body === 'bad') throw new Error('no');
    });
    queue.send('good');
    queue.send('bad');
    await until('both ends', () => queue.settled.length === 4);
    expect(seen).toEqual([['good', 1], ['bad', 1], ['bad', 2], ['bad', 3]]); // prettier-ignore
    expect(queue.settled.toSorted()).toEqual(['abandon 2', 'abandon 2', 'abandon 2', 'complete 1']);
    expect(queue.dead).toEqual(['2']);
  });

  it('stays locked when completing is switched off', async () => {
    const queue = createMemoryQueue();
    const seen: unknown[] = [];
    await listen(queue, (body) => void seen.push(body), { trigger: { autoCompleteMessages: false } });
    queue.send('kept');
    queue.send('kept too');
    await until('both', () => seen.length === 2);
    expect(queue.settled).toEqual([]);
  });

  it.each([
    ['{"a":1}', { a: 1 }],
    ['123', 123],
    ['true', true],
    ['plain', 'plain'],
    ['', ''],
  ])('with body %s arrives as %o', async (sent, expected) => {
    const queue = createMemoryQueue();
    const seen: unknown[] = [];
    await listen(queue, (body) => void seen.push(body));
    queue.send(sent);
    await until('the message', () => seen.length === 1);
    expect(seen).toEqual([expected]);
  });

  it('loses metadata to top-level body fields of the same name, in whatever case, and text that looks like JSON is parsed', async () => {
    const queue = createMemoryQueue();
    const seen: InvocationContext['triggerMetadata'][] = [];
    await listen(queue, (_body, context) => void seen.push(context.triggerMetadata));
    queue.send(
      { messageid: 'from the body', sessionId: true, list: [1], nothing: null, nested: { Deep: 1 } },
      { messageId: 'real', sessionId: undefined, correlationId: '42', applicationProperties: { Kind: 'x' }, enqueuedAt: new Date(0) },
    );
    await until('the message', () => seen.length === 1);
    expect(seen[0]).toMatchObject({
      messageId: 'from the body',
      sessionId: 'True',
      nested: { deep: 1 },
      correlationId: 42,
      applicationProperties: { kind: 'x' },
      userProperties: { kind: 'x' },
      enqueuedTimeUtc: '1970-01-01T00:00:00.000',
      enqueuedTime: '1970-01-01T00:00:00.000+00:00',
      deliveryCount: 1,
      sequenceNumber: 1,
    });
    expect(seen[0]).not.toHaveProperty('list');
    expect(seen[0]).not.toHaveProperty('nothing');
  });

  it('continues the trace of its sender', async () => {
    const queue = createMemoryQueue();
    const seen: (string | undefined)[] = [];
    await listen(queue, (_body, context) => void seen.push(context.traceContext?.traceParent));
    queue.send('x', { applicationProperties: { 'Diagnostic-Id': '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } });
    await until('the message', () => seen.length === 1);
    expect(seen[0]).toContain('00-0af7651916cd43dd8448eb211c80319c-');
  });
});

describe('a queue without sessions', () => {
  it('has at most maxConcurrentCalls messages under way, and settles one at a time', async () => {
    const queue = createMemoryQueue();
    const ends: (() => void)[] = [];
    await listen(queue, () => new Promise<void>((resolve) => void ends.push(resolve)), { serviceBus: { maxConcurrentCalls: 3 } });
    for (let n = 0; n < 6; n += 1) queue.send(n);
    await until('three calls', () => ends.length === 3);
    ends.splice(0).forEach((end) => end());
    await until('three more', () => ends.length === 3 && queue.settled.length === 3);
    expect(queue.settlingAtOnce()).toBe(1);
    ends.forEach((end) => end());
    await until('the end', () => queue.settled.length === 6);
  });
});

describe('a queue with sessions', () => {
  it('keeps the order within a session and works on several sessions at once', async () => {
    const queue = createMemoryQueue();
    const seen: string[] = [];
    const ends = new Map<string, () => void>();
    await listen(
      queue,
      (body, context) => {
        const id = String(context.triggerMetadata?.sessionId);
        seen.push(`${id}${String(body)}`);
        return new Promise<void>((resolve) => void ends.set(id, resolve));
      },
      { trigger: sessions, serviceBus: { ...quickly, maxConcurrentSessions: 2 } },
    );
    for (const [sessionId, body] of [['a', 1], ['a', 2], ['b', 1], ['c', 1]] as const) queue.send(body, { sessionId }); // prettier-ignore
    await until('two sessions', () => seen.length === 2);
    expect(seen).toEqual(['a1', 'b1']);
    ends.get('a')?.();
    await until('the next of a', () => seen.length === 3);
    expect(seen[2]).toBe('a2');
    ends.get('b')?.();
    await until('c, once b was idle', () => seen.length === 4);
    expect(seen[3]).toBe('c1');
    ends.forEach((end) => end());
  });

  it('delivers an abandoned message again before its successors', async () => {
    const queue = createMemoryQueue();
    const seen: unknown[] = [];
    await listen(
      queue,
      (body, context) => {
        seen.push(body);
        if (body === 'first' && context.triggerMetadata?.deliveryCount === 1) throw new Error('once');
      },
      { trigger: sessions, serviceBus: quickly },
    );
    queue.send('first', { sessionId: 's' });
    queue.send('second', { sessionId: 's' });
    await until('all', () => seen.length === 3);
    expect(seen).toEqual(['first', 'first', 'second']);
  });

  it('gives an idle session back, and has one accept call waiting whatever the number of sessions', async () => {
    const queue = createMemoryQueue();
    await listen(queue, () => undefined, { trigger: sessions, serviceBus: { ...quickly, maxConcurrentSessions: 64 } });
    for (let n = 0; n < 20; n += 1) queue.send(n, { sessionId: `s${n}` });
    await until('all done and given back', () => queue.settled.length === 20 && queue.openSessions().length === 0);
    expect(queue.waitingAccepts()).toBe(1);
  });

  it('survives a broker that is away, with one line in the log', async () => {
    const queue = createMemoryQueue();
    queue.breakWith(new Error('connection refused'));
    const seen: unknown[] = [];
    const host = await listen(queue, (body) => void seen.push(body), { trigger: sessions, serviceBus: quickly });
    queue.send('later', { sessionId: 's' });
    await until('the failure to be known', () => host.logs.some((line) => line.includes('connection refused')));
    queue.breakWith(undefined);
    await until('the message', () => seen.length === 1);
    expect(host.logs.filter((line) => line.includes('connection refused'))).toHaveLength(1);
    await until('the recovery to be known', () => host.logs.some((line) => line.includes('works again')));
  });
});

describe('a closing host', () => {
  it.each([
    ['with', sessions],
    ['without', {}],
  ] as [string, Options][])('lets what runs end and settles it, and takes nothing new (%s sessions)', async (_with, trigger) => {
    const queue = createMemoryQueue();
    const ends: (() => void)[] = [];
    const host = await listen(queue, () => new Promise<void>((resolve) => void ends.push(resolve)), {
      trigger,
      serviceBus: { maxConcurrentCalls: 1 },
    });
    const fields = trigger.isSessionsEnabled ? { sessionId: 's' } : {};
    queue.send('running', fields);
    queue.send('waiting', fields);
    await until('the first', () => ends.length === 1);
    const closed = host.close();
    ends[0]?.();
    await closed;
    expect(queue.settled).toEqual(['complete 1']);
    expect(ends).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('arrives as a list with lists of metadata, and is settled as a whole', async () => {
    const queue = createMemoryQueue({ maxDeliveries: 2 });
    const seen: { bodies: unknown; metadata: InvocationContext['triggerMetadata'] }[] = [];
    for (const body of ['one', '{"n":2}', '']) queue.send(body, { correlationId: body === 'one' ? undefined : 'c' });
    await listen(
      queue,
      (bodies, context) => {
        seen.push({ bodies, metadata: context.triggerMetadata });
        if (seen.length === 1) throw new Error('the first time');
      },
      { trigger: { cardinality: 'many' } },
    );
    await until('both rounds', () => queue.settled.length === 6);
    expect(seen[0]?.bodies).toEqual(['one', { n: 2 }]);
    expect(seen[0]?.metadata).toMatchObject({ messageIdArray: [1, 2, 3], correlationIdArray: ['c', 'c'], deliveryCountArray: [1, 1, 1] });
    expect(queue.settled.slice(0, 3)).toEqual(['abandon 1', 'abandon 2', 'abandon 3']);
    expect(queue.settled.slice(3).every((entry) => entry.startsWith('complete'))).toBe(true);
  });

  it('with sessions serves one session at a time', async () => {
    const queue = createMemoryQueue();
    const seen: unknown[] = [];
    queue.send(1, { sessionId: 'a' });
    queue.send(2, { sessionId: 'b' });
    queue.send(3, { sessionId: 'a' });
    await listen(queue, (bodies) => void seen.push(bodies), { trigger: { ...sessions, cardinality: 'many' }, serviceBus: quickly });
    await until('both sessions', () => seen.length === 2);
    expect(seen).toEqual([[1, 3], [2]]);
  });
});

describe('a start is refused', () => {
  it.each([
    ['a missing setting in the queue name', { queueName: '%QUEUE%' }, "'%QUEUE%' does not resolve"],
    ['a missing connection', {}, 'neither BUS nor BUS__fullyQualifiedNamespace is set'],
    ['bindings of the SDK', { sdkBinding: true }, 'sdkBinding'],
  ])('for %s', async (_what, extra, message) => {
    const register = () => app.serviceBusQueue('work', { queueName: 'work', connection: 'BUS', handler: () => undefined, ...extra });
    await expect(hosts.start(register)).rejects.toThrow(message);
  });

  it('for a retry policy, which Service Bus has not', async () => {
    const retry = { strategy: 'fixedDelay' as const, delayInterval: 1000, maxRetryCount: 2 };
    const register = () =>
      app.generic('work', {
        trigger: { type: 'serviceBusTrigger', name: 'm', queueName: 'work', connection: 'BUS' },
        retry,
        handler: () => undefined,
      });
    await expect(hosts.start(register)).rejects.toThrow('retry policy is not supported');
  });

  it('for a trigger that this host has not', async () => {
    const register = () => app.storageQueue('work', { queueName: 'work', connection: 'STORE', handler: () => undefined });
    await expect(hosts.start(register)).rejects.toThrow('this host has no queueTrigger');
  });
});
