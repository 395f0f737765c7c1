/** The host's Service Bus trigger through the real SDK, against the emulator or the namespace that SERVICEBUS_CONNECTION_STRING names. */
import { app, output } from '@azure/functions';
import type { InvocationContext } from '@azure/functions';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../infra/local/host/host.ts';
import type { BusMessage } from '../../infra/local/host/message-source.ts';
import { createServiceBusSource } from '../../infra/local/host/service-bus-source.ts';
import { settleInTurn } from '../../infra/local/host/settle.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { startServiceBus } from '../../infra/local/service-bus/server.ts';
import { createHosts, until } from '../support/functions-host.ts';
import { emptyRemoteQueues, REMOTE, startConformanceBus, type Bus } from '../support/service-bus.ts';

let bus: Bus;
const hosts = createHosts();

beforeAll(async () => {
  bus = await startConformanceBus();
});
beforeEach(() => emptyRemoteQueues(bus.client, ['plain']));
afterEach(() => hosts.closeAll());
afterAll(() => bus.close());

type Handler = (body: unknown, context: InvocationContext) => unknown;

const listen = (queueName: string, handler: Handler, serviceBus: object = {}): Promise<Host & { logs: string[] }> =>
  hosts.start(() => app.serviceBusQueue('work', { queueName, connection: 'BUS', isSessionsEnabled: queueName === 'sessions', handler }), {
    environment: { BUS: bus.connectionString },
    hostJson: { extensions: { serviceBus: { sessionIdleTimeout: '00:00:00.200', ...serviceBus } } },
  });

const send = async (queueName: string, messages: { body: unknown; messageId?: string; sessionId?: string }[]): Promise<void> => {
  const sender = bus.client.createSender(queueName);
  for (let at = 0; at < messages.length; at += 50) await sender.sendMessages(messages.slice(at, at + 50));
  await sender.close();
};

/** Resolves when the host has let go of a session; then its only accept call waits. */
const givenBack = (sessionId: string): Promise<void> =>
  until(`session ${sessionId} to be given back`, async () => {
    try {
      await (await bus.client.acceptSession('sessions', sessionId)).close();
      return true;
    } catch {
      return false;
    }
  });

describe('a queue', () => {
  it('hands over body and metadata, and completes', async () => {
    const seen: { body: unknown; metadata: InvocationContext['triggerMetadata'] }[] = [];
    const host = await listen('plain', (body, context) => void seen.push({ body, metadata: context.triggerMetadata }));
    await bus.client.createSender('plain').sendMessages({
      body: { job: { n: 1 } },
      messageId: 'm-1',
      correlationId: 'c-1',
      subject: 'wake',
      contentType: 'application/json',
      applicationProperties: { kind: 'x' },
    });
    await until('the message', () => seen.length === 1);
    expect(seen[0]?.body).toEqual({ job: { n: 1 } });
    expect(seen[0]?.metadata).toMatchObject({
      messageId: 'm-1',
      correlationId: 'c-1',
      subject: 'wake',
      label: 'wake',
      contentType: 'application/json',
      deliveryCount: 1,
      applicationProperties: { kind: 'x' },
      job: { n: 1 },
    });
    await host.close();
    const receiver = bus.client.createReceiver('plain');
    expect(await receiver.peekMessages(1)).toEqual([]);
    await receiver.close();
  });
});

describe('the dead letters of a queue with sessions', () => {
  it('are a queue of their own to a trigger', async () => {
    const failing = await listen('sessions', () => Promise.reject(new Error('always')));
    await send('sessions', [{ sessionId: 'dead', messageId: 'buried', body: { v: 1 } }]);
    const seen: unknown[] = [];
    await listen('sessions/$DeadLetterQueue', (body, context) => void seen.push([body, context.triggerMetadata?.messageId]));
    await until('the dead letter', () => seen.length === 1);
    expect(seen).toEqual([[{ v: 1 }, 'buried']]);
    await failing.close();
  });
});

describe('settlements of one link', () => {
  it('keep their own outcomes though all are asked for at once', async () => {
    const bodies = Array.from({ length: 30 }, (_, n) => n);
    await send('plain', bodies.map((n) => ({ messageId: `m-${n}`, body: n }))); // prettier-ignore
    const client = new ServiceBusClient(bus.connectionString);
    const link = await createServiceBusSource(client, 'plain', 0).openQueue();
    const received = new Map<number, BusMessage>();
    await until('all messages', async () => {
      for (const message of await link.receive(30, 1000, new AbortController().signal))
        received.set(Number(message.messageId?.slice(2)), message);
      return received.size === 30;
    });
    const settler = settleInTurn(link);
    const back = (n: number): boolean => n % 4 === 1 || n % 4 === 2;
    await Promise.all([...received].map(([n, message]) => (back(n) ? settler.abandon(message) : settler.complete(message))));
    const again = await bus.client
      .createReceiver('plain', { receiveMode: 'receiveAndDelete' })
      .receiveMessages(30, { maxWaitTimeInMs: 1000 });
    expect(again.map(({ messageId }) => messageId).toSorted()).toEqual(bodies.filter(back).map((n) => `m-${n}`).toSorted()); // prettier-ignore
    await client.close();
  });
});

describe('a queue with sessions', () => {
  it('keeps each session in order, one message at a time, and several sessions at once', async () => {
    const seen = new Map<string, unknown[]>();
    const running = new Set<string>();
    let most = 0;
    let overlaps = 0;
    await listen(
      'sessions',
      async (body, context) => {
        const id = String(context.triggerMetadata?.sessionId);
        if (running.has(id)) overlaps += 1;
        running.add(id);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running.delete(id);
        seen.set(id, [...(seen.get(id) ?? []), body]);
      },
      { maxConcurrentSessions: 16 },
    );
    const ids = Array.from({ length: 20 }, (_, n) => `s-${n}`);
    await send('sessions', [1, 2, 3].flatMap((n) => ids.map((sessionId) => ({ sessionId, body: n })))); // prettier-ignore
    await until('all', () => [...seen.values()].flat().length === 60);
    expect([...seen.values()].every((bodies) => bodies.join() === '1,2,3')).toBe(true);
    expect(overlaps).toBe(0);
    expect(most).toBeGreaterThan(1);
  });

  it('takes a session again after it was idle, and a failed message first', async () => {
    const seen: unknown[] = [];
    await listen('sessions', (body, context) => {
      seen.push([body, context.triggerMetadata?.deliveryCount]);
      if (body === 'once' && context.triggerMetadata?.deliveryCount === 1) throw new Error('the first time');
    });
    await send('sessions', [{ sessionId: 'again', body: 'once' }, { sessionId: 'again', body: 'after' }]); // prettier-ignore
    await until('three runs', () => seen.length === 3);
    await givenBack('again');
    await send('sessions', [{ sessionId: 'again', body: 'later' }]);
    await until('the last', () => seen.length === 4);
    expect(seen).toEqual([['once', 1], ['once', 2], ['after', 1], ['later', 1]]); // prettier-ignore
  });

  it('stops within a second though an accept call waits, and leaves nothing locked', async () => {
    const seen: unknown[] = [];
    const host = await listen('sessions', (body) => void seen.push(body));
    await send('sessions', [{ sessionId: 'first', body: 1 }]);
    await until('the message', () => seen.length === 1);
    await givenBack('first');
    const startedMs = performance.now();
    await host.close();
    expect(performance.now() - startedMs).toBeLessThan(1000);
    await send('sessions', [{ sessionId: 'free', body: 1 }]);
    const receiver = await bus.client.acceptNextSession('sessions');
    expect(receiver.sessionId).toBe('free');
    const [message] = await receiver.receiveMessages(1);
    if (message) await receiver.completeMessage(message);
    await receiver.close();
  });
});

describe('an output binding', () => {
  it('sends each element of a list as one message, from a function of any trigger', async () => {
    const queue = { queueName: 'plain', connection: 'BUS' };
    const extra = output.serviceBusQueue({ ...queue });
    const host = await hosts.start(
      () =>
        app.http('fan-out', {
          methods: ['POST'],
          extraOutputs: [extra],
          handler: async (_request, context) => {
            context.extraOutputs.set(extra, ['text', { n: 1 }]);
            return { status: 202 };
          },
        }),
      { environment: { BUS: bus.connectionString } },
    );
    expect((await fetch(`${host.url}/api/fan-out`, { method: 'POST' })).status).toBe(202);
    const receiver = bus.client.createReceiver('plain', { receiveMode: 'receiveAndDelete', skipParsingBodyAsJson: true });
    const bodies = (await receiver.receiveMessages(2, { maxWaitTimeInMs: 5000 })).map(({ body }) => String(body));
    expect(bodies).toEqual(['text', '{"n":1}']);
    await receiver.close();
  });
});

describe.skipIf(REMOTE !== undefined)('an emulator that comes and goes', () => {
  const queue = {
    name: 'sessions',
    lockDurationMs: 30_000,
    maxDeliveryCount: 5,
    defaultTtlMs: 3_600_000,
    duplicateWindowMs: 0,
    requiresSession: true,
    deadLetterOnExpiration: false,
    forwardTo: '',
    forwardDeadLetteredTo: '',
  };
  const startBus = (port: number) => startServiceBus({ port, entities: [queue], clock: systemClock, log: silentLog });

  it('is found when it comes late and found again after a restart, without a flood in the log', async () => {
    const first = await startBus(0);
    const { port, connectionString } = first;
    await first.close();
    const seen: unknown[] = [];
    const host = await hosts.start(
      () =>
        app.serviceBusQueue('work', {
          queueName: 'sessions',
          connection: 'BUS',
          isSessionsEnabled: true,
          handler: (body) => void seen.push(body),
        }),
      { environment: { BUS: connectionString } },
    );
    await until('the absence to be known', () => host.logs.some((line) => line.includes('trying again')));
    for (const round of [1, 2]) {
      const emulator = await startBus(port);
      const client = new ServiceBusClient(connectionString);
      await client.createSender('sessions').sendMessages({ sessionId: 's', body: round });
      await until(`message ${round}`, () => seen.length === round);
      await client.close();
      await emulator.close();
    }
    expect(host.logs.filter((line) => line.includes('trying again')).length).toBeLessThanOrEqual(3);
  });
});
