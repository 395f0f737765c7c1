/** What the emulator owes every AMQP client, seen from a bare one; against the emulator only. */
import { once } from 'node:events';
import type { Connection, EventContext } from 'rhea';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startConformanceBus, REMOTE, type Bus } from '../support/service-bus.ts';
import { connectRaw, openReceiver, sharedAccess, type RawClient } from '../support/service-bus-raw.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const inAnHourS = (): number => Math.floor(Date.now() / 1000) + 3600;

/** The condition with which the peer refuses a link. */
const refusalOf = async (connection: Connection, address: string): Promise<string | undefined> => {
  const [{ receiver }] = (await once(connection.open_receiver(address), 'receiver_close')) as [EventContext];
  return (receiver?.error as { condition?: string } | undefined)?.condition;
};

describe.skipIf(REMOTE !== undefined)('on the wire (emulator only)', () => {
  let bus: Bus;
  let raw: RawClient;
  beforeAll(async () => {
    bus = await startConformanceBus();
  });
  afterAll(() => bus.close());
  beforeEach(() => {
    raw = connectRaw(bus.emulator().port);
  });
  afterEach(() => raw.close());

  const claim = (...paths: string[]): Promise<unknown[]> =>
    Promise.all(paths.map((path) => raw.putToken(`sb://localhost/${path}`, sharedAccess(`sb://localhost/${path}`, inAnHourS()))));

  it('refuses a link to a queue without a claim on it', async () => {
    expect(await claim('sessions')).toEqual([202]);
    expect(await refusalOf(raw.connection, 'plain')).toBe('amqp:unauthorized-access');
  });

  it('refuses a token that has expired', async () => {
    expect(await raw.putToken('sb://localhost/plain', sharedAccess('sb://localhost/plain', 1))).toBe(401);
  });

  it('answers a drain with credit, and one without', async () => {
    await claim('plain');
    const receiver = await openReceiver(raw.connection, 'plain');
    receiver.add_credit(5);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
  });

  it('lets what is on its way out arrive before the answer to a drain', async () => {
    await claim('plain');
    await bus.client.createSender('plain').sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = await openReceiver(raw.connection, 'plain');
    const seen: string[] = [];
    receiver.on('message', ({ delivery }: EventContext) => {
      seen.push('message');
      delivery?.accept();
    });
    receiver.on('receiver_drained', () => seen.push('drained'));
    receiver.add_credit(5);
    receiver.drain_credit();
    await expect.poll(() => seen).toEqual(['message', 'message', 'drained']);
    await expect.poll(() => bus.emulator().namespace.counts()['plain']?.active).toBe(0);
  });

  it('names the session in its answer and until when it is locked', async () => {
    await claim('sessions');
    const receiver = await openReceiver(raw.connection, 'sessions', { [SESSION_FILTER]: 'by name' });
    expect(receiver.source.filter).toEqual({ [SESSION_FILTER]: 'by name' });
    const ticks = receiver.properties['com.microsoft:locked-until-utc'] as Buffer;
    const ms = (ticks.readBigInt64BE() - 621_355_968_000_000_000n) / 10_000n;
    expect(Number(ms) - Date.now()).toBeGreaterThan(60_000);
  });

  it('answers a request that it does not know', async () => {
    await claim('plain/$management');
    const { properties } = await raw.manage('plain', 'com.microsoft:make-coffee', {});
    expect(properties).toMatchObject({ statusCode: 501, errorCondition: 'amqp:not-implemented' });
  });

  it('survives requests that make no sense', async () => {
    expect(await raw.putToken('sb://localhost/plain', 'SharedAccessSignature sr=%&sig=%&se=1&skn=%')).toBe(400);
    await claim('plain/$management');
    const nonsense = { messages: [{ message: Buffer.from('no message') }] };
    expect((await raw.manage('plain', 'com.microsoft:schedule-message', nonsense)).properties['statusCode']).toBe(400);
    expect((await raw.manage('plain', 'com.microsoft:schedule-message', {})).properties['statusCode']).toBe(400);
  });

  it('gives what is in a session to its holder alone, over the management node too', async () => {
    await claim('sessions/$management');
    const condition = 'com.microsoft:session-lock-lost';
    for (const operation of ['receive-by-sequence-number', 'renew-session-lock', 'get-session-state', 'set-session-state']) {
      const { properties } = await raw.manage('sessions', `com.microsoft:${operation}`, {
        'session-id': 'somebody else’s',
        'sequence-numbers': [],
      });
      expect(properties).toMatchObject({ statusCode: 410, errorCondition: condition });
    }
  });

  it('gives the next session to nobody who has stopped waiting', async () => {
    await claim('sessions');
    const { sessions } = bus.emulator().namespace.entities()[1]?.queue ?? {};
    const receiver = raw.connection.open_receiver({
      source: { address: 'sessions', filter: { [SESSION_FILTER]: null } },
      credit_window: 0,
    });
    await expect.poll(() => sessions?.waiting).toBe(1);
    receiver.close();
    await once(receiver, 'receiver_close');
    expect(sessions?.waiting).toBe(0);
  });
});
