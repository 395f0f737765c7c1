/** Who may connect, what is refused and how, what happens when connections break, and the control port. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSecretCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificates, trust } from '../../infra/local/lib/certificates.ts';
import { systemClock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { startServiceBus, type ServiceBus } from '../../infra/local/service-bus/server.ts';
import { createTokenCheck } from '../../infra/local/service-bus/token-check.ts';
import { startTokenIssuer, type TokenIssuer } from '../../infra/local/token-issuer/issuer.ts';
import {
  codeOf,
  conformanceEntities,
  cutConnections,
  newClient,
  receiveOne,
  NO_RENEWAL,
  REMOTE,
  startConformanceBus,
  type Bus,
} from '../support/service-bus.ts';

describe('refusals', () => {
  let bus: Bus;
  beforeAll(async () => {
    bus = await startConformanceBus();
  });
  afterAll(() => bus.close());

  const codeOfSend = async (client: ServiceBusClient, queue: string): Promise<string> => {
    try {
      return await codeOf(client.createSender(queue).sendMessages({ body: 'x' }));
    } finally {
      await client.close();
    }
  };

  it('refuses a wrong key and a wrong key name', async () => {
    const wrongKey = bus.connectionString.replace(/SharedAccessKey=[^;]+/, 'SharedAccessKey=bm90IHRoZSBrZXk=');
    const wrongName = bus.connectionString.replace(/SharedAccessKeyName=[^;]+/, 'SharedAccessKeyName=somebody');
    expect(await codeOfSend(newClient(wrongKey), 'plain')).toBe('UnauthorizedAccess');
    expect(await codeOfSend(newClient(wrongName), 'plain')).toBe('UnauthorizedAccess');
  });

  it('says that a queue does not exist, to senders, receivers and schedulers', async () => {
    expect(await codeOfSend(newClient(bus.connectionString), 'nowhere')).toBe('MessagingEntityNotFound');
    const receiver = bus.client.createReceiver('nowhere');
    expect(await codeOf(receiver.receiveMessages(1, { maxWaitTimeInMs: 1000 }))).toBe('MessagingEntityNotFound');
    const sender = bus.client.createSender('nowhere');
    expect(await codeOf(sender.scheduleMessages({ body: 'x' }, new Date(Date.now() + 60_000)))).toBe('MessagingEntityNotFound');
  });

  it('takes queue names in any case', async () => {
    const receiver = bus.client.createReceiver('PLAIN', NO_RENEWAL);
    await bus.client.createSender('Plain').sendMessages({ body: 'x' });
    await receiver.completeMessage(await receiveOne(receiver));
    await receiver.close();
  });
});

describe.skipIf(REMOTE !== undefined)('broken connections and faults (emulator only)', () => {
  let bus: Bus;
  beforeAll(async () => {
    bus = await startConformanceBus();
  });
  afterAll(() => bus.close());

  it('serves a sender and a receiver again after their connection broke', async () => {
    const sender = bus.client.createSender('plain');
    const receiver = bus.client.createReceiver('plain', NO_RENEWAL);
    await sender.sendMessages({ body: 'before' });
    await receiver.completeMessage(await receiveOne(receiver));
    await cutConnections(bus);
    await sender.sendMessages({ body: 'after' });
    const got = await receiveOne(receiver);
    expect(got.body).toBe('after');
    await receiver.completeMessage(got);
  });

  it('brings a subscriber back by itself', async () => {
    const client = new ServiceBusClient(bus.connectionString, { retryOptions: { retryDelayInMs: 50, maxRetryDelayInMs: 50 } });
    const receiver = client.createReceiver('plain', NO_RENEWAL);
    const bodies: unknown[] = [];
    receiver.subscribe({ processMessage: async ({ body }) => void bodies.push(body), processError: async () => undefined });
    await bus.client.createSender('plain').sendMessages({ body: 1 });
    // A message that is processed is not completed yet.
    const settled = (): Promise<void> => expect.poll(() => bus.emulator().namespace.counts()['plain']?.active, { timeout: 5000 }).toBe(0);
    await expect.poll(() => bodies, { timeout: 5000 }).toEqual([1]);
    await settled();
    await cutConnections(bus);
    await bus.client.createSender('plain').sendMessages({ body: 2 });
    await expect.poll(() => bodies, { timeout: 5000 }).toEqual([1, 2]);
    await settled();
    await client.close();
  });

  it('says that it is busy as often as it was told to', async () => {
    bus.emulator().faults.add({ kind: 'server-busy', queue: 'plain', operation: 'send', times: 1, delayMs: 0 });
    bus.emulator().faults.add({ kind: 'server-busy', queue: 'plain', operation: 'manage', times: 1, delayMs: 0 });
    const sender = bus.client.createSender('plain');
    const at = new Date(Date.now() + 60_000);
    expect(await codeOf(sender.sendMessages({ body: 'x' }))).toBe('ServiceBusy');
    expect(await codeOf(sender.scheduleMessages({ body: 'x' }, at))).toBe('ServiceBusy');
    await sender.cancelScheduledMessages(await sender.scheduleMessages({ body: 'x' }, at));
  });

  it('delivers twice what it was told to double', async () => {
    bus.emulator().faults.add({ kind: 'duplicate', queue: undefined, operation: 'send', times: 1, delayMs: 0 });
    await bus.client.createSender('plain').sendMessages({ body: 'x', messageId: 'twin' });
    const receiver = bus.client.createReceiver('plain', NO_RENEWAL);
    const twins = await receiver.receiveMessages(2, { maxWaitTimeInMs: 5000 });
    expect(twins.map(({ messageId }) => messageId)).toEqual(['twin', 'twin']);
    for (const twin of twins) await receiver.completeMessage(twin);
    await receiver.close();
  });

  it('holds a send up for as long as it was told to', async () => {
    bus.emulator().faults.add({ kind: 'slow', queue: 'plain', operation: 'send', times: 1, delayMs: 1000 });
    const receiver = bus.client.createReceiver('plain', { receiveMode: 'receiveAndDelete' });
    const sending = bus.client.createSender('plain').sendMessages({ body: 'slow' });
    await expect.poll(() => bus.emulator().faults.list()).toEqual([]);
    expect(bus.emulator().namespace.counts()['plain']?.active).toBe(0);
    bus.advance(1000);
    await sending;
    expect((await receiveOne(receiver)).body).toBe('slow');
    await receiver.close();
  });
});

describe.skipIf(REMOTE !== undefined)('the control port (emulator only)', () => {
  const entity = { name: 'q', lockDurationMs: 60_000, maxDeliveryCount: 3, defaultTtlMs: 60_000, duplicateWindowMs: 0 };
  const entities = [{ ...entity, requiresSession: false, deadLetterOnExpiration: false, forwardTo: '', forwardDeadLetteredTo: '' }];
  const start = (control: boolean): Promise<ServiceBus> =>
    startServiceBus({ port: 0, controlPort: 0, control, entities, clock: systemClock, log: silentLog });
  const call = async (bus: ServiceBus, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    const response = await fetch(`http://127.0.0.1:${bus.controlPort ?? 0}${path}`, init);
    return { status: response.status, body: await response.json() };
  };

  it('tells health and counts, and knows no faults unless switched on', async () => {
    const bus = await start(false);
    expect(await call(bus, 'GET', '/health')).toMatchObject({ status: 200, body: { status: 'healthy' } });
    const counts = { active: 0, scheduled: 0, deferred: 0, locked: 0, deadLetter: 0 };
    expect(await call(bus, 'GET', '/stats')).toMatchObject({ status: 200, body: { queues: { q: counts } } });
    expect((await call(bus, 'POST', '/faults', { kind: 'server-busy' })).status).toBe(404);
    await bus.close();
  });

  it('sets and clears faults, refuses what it does not know, cuts connections and ends locks', async () => {
    const bus = await start(true);
    const client = newClient(bus.connectionString);
    expect((await call(bus, 'POST', '/faults', { kind: 'server-busy', queue: 'q' })).status).toBe(200);
    expect(await codeOf(client.createSender('q').sendMessages({ body: 'x' }))).toBe('ServiceBusy');
    await call(bus, 'POST', '/faults', { kind: 'server-busy', times: 9 });
    expect(await call(bus, 'DELETE', '/faults')).toEqual({ status: 200, body: { faults: [] } });
    expect((await call(bus, 'POST', '/faults', { kind: 'meteor' })).status).toBe(400);
    expect((await call(bus, 'POST', '/faults', { kind: 'duplicate', operation: 'manage' })).status).toBe(400);
    expect((await call(bus, 'POST', '/faults', { kind: 'slow', queue: 'nowhere' })).status).toBe(404);
    await client.createSender('q').sendMessages({ body: 'x' });
    const receiver = client.createReceiver('q', NO_RENEWAL);
    const message = await receiveOne(receiver);
    expect(await call(bus, 'POST', '/locks/expire', { queue: 'q' })).toEqual({ status: 200, body: { messages: 1, sessions: 0 } });
    expect(await codeOf(receiver.completeMessage(message))).toBe('MessageLockLost');
    expect(await call(bus, 'POST', '/connections/drop')).toEqual({ status: 200, body: { dropped: 1 } });
    await client.close();
    await bus.close();
  });
});

describe.skipIf(REMOTE !== undefined)('identity instead of keys (emulator only)', () => {
  const AUDIENCE = 'https://servicebus.azure.net/';
  const TENANT = '22222222-2222-4222-8222-222222222222';
  const WORKER = { tenantId: TENANT, clientId: '33333333-aaaa-4aaa-8aaa-333333333333', clientSecret: 's', roles: { [AUDIENCE]: [] } };
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
  let issuer: TokenIssuer;
  let bus: ServiceBus;

  beforeAll(async () => {
    const certificates = await ensureCertificates(folder);
    trust(certificates.ca);
    const { cert, key } = certificates;
    issuer = await startTokenIssuer({ port: 0, certificates, clients: [WORKER], log: silentLog });
    bus = await startServiceBus({
      port: 0,
      tls: { port: 0, cert, key },
      checkToken: createTokenCheck(issuer.url),
      entities: conformanceEntities(),
      clock: systemClock,
      log: silentLog,
    });
  });
  afterAll(async () => {
    await bus.close();
    await issuer.close();
    rmSync(folder, { recursive: true });
  });

  const connect = (token: string): ServiceBusClient =>
    new ServiceBusClient(
      `localhost:${bus.tlsPort ?? 0}`,
      { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
      { retryOptions: { maxRetries: 0 } },
    );

  it('serves a client over TLS whose credential comes from the trusted issuer', async () => {
    const options = { authorityHost: issuer.url, disableInstanceDiscovery: true };
    const credential = new ClientSecretCredential(TENANT, WORKER.clientId, WORKER.clientSecret, options);
    const client = new ServiceBusClient(`localhost:${bus.tlsPort ?? 0}`, credential);
    await client.createSender('plain').sendMessages({ body: 'by identity' });
    const receiver = client.createReceiver('plain', NO_RENEWAL);
    const message = await receiveOne(receiver);
    expect(message.body).toBe('by identity');
    await receiver.completeMessage(message);
    await client.close();
  });

  it.each([
    ['for another audience', (): string => issuer.sign(claims({ aud: 'api://else' }))],
    ['that has expired', (): string => issuer.sign(claims({ exp: 1 }))],
    ['of another issuer', (): string => issuer.sign(claims({ iss: 'https://localhost:1/tenant/v2.0' }))],
    ['that is none', (): string => 'not.a.token'],
  ])('refuses a token %s', async (_name, token) => {
    const client = connect(token());
    expect(await codeOf(client.createSender('plain').sendMessages({ body: 'x' }))).toBe('UnauthorizedAccess');
    await client.close();
  });

  const claims = (changes: Record<string, unknown>): Record<string, unknown> => {
    const nowS = Math.floor(Date.now() / 1000);
    return { iss: issuer.issuerOf(TENANT), aud: AUDIENCE, iat: nowS, nbf: nowS, exp: nowS + 600, ...changes };
  };
});
