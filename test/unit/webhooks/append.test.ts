import { describe, expect, it } from 'vitest';
import { builtInId } from '../../../shared/webhooks/built-in.ts';
import { InvalidEvent } from '../../../shared/webhooks/log-append.ts';
import { streamOf } from '../../../shared/webhooks/stream.ts';
import { makeWorld, published, silence, subscribed } from './log-world.ts';

const many = (count: number, from = 1) => Array.from({ length: count }, (_, n) => published(from + n));

describe('appending events', () => {
  it('freezes a body with all that a consumer needs', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', [published(1)]);
    expect(JSON.parse(world.events('s1')[0]?.body ?? '')).toEqual({
      id: 'evt_1',
      type: 'customer.synced',
      timestamp: '2026-11-01T00:00:00.000Z',
      apiVersion: '2026-11-01',
      subscriptionId: 's1',
      stream: streamOf('s1', '1'),
      sequence: 1,
      data: { customerId: 'contoso', operationId: 'op1' },
    });
    expect(world.woken).toEqual(['s1']);
    expect((await world.dueAll()).map((due) => due.owner)).toEqual(['s1']);
  });

  it('has the form that the subscription keeps', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1', { payloadVersion: '2026-11-01' }), subscribed('s2')] });
    await world.append('acme', [published(1)]);
    for (const id of ['s1', 's2', builtInId('acme')])
      expect(JSON.parse(world.events(id)[0]?.body ?? '')).toMatchObject({ apiVersion: '2026-11-01' });
  });

  it('gives each subscription its own numbers, over the events it wants', async () => {
    const filtered = subscribed('s2', { eventTypes: ['rfi.*'] });
    const world = await makeWorld({ subscriptions: [subscribed('s1'), filtered, subscribed('s3', { customerIds: ['other'] })] });
    const rfi = published(2, { type: 'rfi.received', data: { tenantId: 't' } });
    await world.append('acme', [published(1), rfi]);
    expect(world.events('s1').map((event) => [event.sequence, event.eventId])).toEqual([
      [1, 'evt_1'],
      [2, 'evt_2'],
    ]);
    expect(world.events('s2').map((event) => [event.sequence, event.eventId])).toEqual([[1, 'evt_2']]);
    expect(world.events('s3')).toEqual([]);
    expect(world.woken).toEqual(['s1', 's2']);
  });

  it('writes nothing for another partner', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('other', [published(1)]);
    expect(world.events('s1')).toEqual([]);
    expect(world.events(builtInId('acme'))).toEqual([]);
    expect(world.events(builtInId('other'))).toHaveLength(1);
  });

  it('takes more events than one transaction holds', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', many(100));
    expect(world.events('s1').map((event) => event.eventId)).toEqual(many(100).map((event) => event.id));
  });

  it('adds only what is new when a call is repeated with more, in other groups', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await world.append('acme', many(10, 5));
    await world.append('acme', [...many(40), published(3)]);
    expect(world.events('s1').map((event) => event.sequence)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(new Set(world.events('s1').map((event) => event.eventId)).size).toBe(40);
  });

  it('numbers without gap or double when eight writers compete', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await Promise.all(Array.from({ length: 8 }, (_, writer) => world.append('acme', many(50, writer * 25))));
    expect(world.events('s1').map((event) => event.sequence)).toEqual(Array.from({ length: 225 }, (_, n) => n + 1));
    expect(new Set(world.events('s1').map((event) => event.eventId)).size).toBe(225);
  });

  it('wakes nobody for an endpoint that is left alone for a while; its due row stands at the end of that time', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')], receiver: () => silence });
    await world.append('acme', [published(1)]);
    await world.deliver('s1');
    const { holdUntilMs = 0 } = await world.head('s1');
    expect(holdUntilMs).toBeGreaterThan(world.now());
    await world.append('acme', [published(2)]);
    expect(world.woken).toEqual(['s1']);
    expect((await world.dueAll()).map(({ owner, atMs }) => [owner, atMs])).toEqual([['s1', holdUntilMs]]);
    world.advance(holdUntilMs - world.now());
    await world.append('acme', [published(3)]);
    expect(world.woken).toEqual(['s1', 's1']);
  });

  it('does not fail when nobody can be woken', async () => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    world.woken.push = () => {
      throw new Error('bus down');
    };
    await world.append('acme', [published(1)]);
    expect(world.events('s1')).toHaveLength(1);
  });

  it.each([
    ['a type the catalogue does not know', { type: 'rfi.eaten' }],
    ['data of another form', { data: { operationId: 'op' } }],
    ['a body over the limit', { data: { customerId: 'x'.repeat(21_000) } }],
    ['a list without end', { data: { customerId: 'c', errors: Array.from({ length: 11 }, () => ({ code: 'x' })) } }],
  ])('refuses %s and stores nothing', async (_what, wrong) => {
    const world = await makeWorld({ subscriptions: [subscribed('s1')] });
    await expect(world.append('acme', [published(1), published(2, wrong)])).rejects.toThrow(InvalidEvent);
    expect(world.events('s1')).toEqual([]);
  });
});
