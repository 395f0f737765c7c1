import { describe, expect, it } from 'vitest';
import { secretBox } from '../../../shared/platform/secrets/secret-box.ts';
import { createdSubscription, createSubscriptionRequest } from '../../../shared/webhooks/subscription-contract.ts';
import { fromSecretText, toSecretText } from '../../../shared/webhooks/sign.ts';
import { DEFAULT_DELIVERY } from '../../../shared/webhooks/schedule.ts';
import { makeSubscribe } from '../../../shared/webhooks/subscribe.ts';
import { subscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { START_MS } from './log-world.ts';

const setUp = (allowLoopback = false) => {
  const table = memoryRowStore();
  const subscriptions = subscriptionStore(table);
  const box = secretBox(new Uint8Array(32).fill(1));
  let ids = 0;
  const subscribe = makeSubscribe({
    subscriptions,
    state: memoryRowStore(),
    seal: box.seal,
    newId: () => `id${++ids}`,
    randomBytes: (count) => new Uint8Array(count).fill(ids),
    clock: { now: () => START_MS, sleep: async () => undefined },
    settings: { ...DEFAULT_DELIVERY, allowLoopback },
  });
  return { table, subscriptions, subscribe };
};

const request = (more: Record<string, unknown> = {}) =>
  createSubscriptionRequest.parse({ url: 'https://bss.acme.example/hooks', eventTypes: ['number_order.*'], ...more });

describe('creating a subscription', () => {
  it('answers with all of it and the secret, once', async () => {
    const { subscribe, subscriptions, table } = setUp();
    const made = await subscribe('acme', request({ customerIds: ['contoso'] }));
    if (made.outcome !== 'created') throw new Error(made.outcome);
    expect(createdSubscription.parse(made.body)).toMatchObject({
      id: 'sub_id1',
      builtIn: false,
      secrets: [{ createdAt: '2026-11-01T00:00:00.000Z' }],
      url: 'https://bss.acme.example/hooks',
      eventTypes: ['number_order.*'],
      customerIds: ['contoso'],
      detail: 'order',
      ordered: false,
      state: 'active',
      createdAt: '2026-11-01T00:00:00.000Z',
      secret: made.body.secret,
    });
    expect(fromSecretText(made.body.secret)).toHaveLength(32);
    expect(await subscriptions.get('acme', 'sub_id1')).toMatchObject({ id: 'sub_id1', partnerId: 'acme' });
    expect(JSON.stringify(table.all('acme'))).not.toContain(made.body.secret);
  });

  it("signs with the partner's own secret when there is one", async () => {
    const own = toSecretText(new Uint8Array(24).fill(5));
    expect(await setUp().subscribe('acme', request({ secret: own }))).toMatchObject({ body: { secret: own } });
  });

  it('stops at twenty a partner, also when the twenty-first comes at the same time', async () => {
    const { subscribe, subscriptions } = setUp();
    for (let n = 0; n < 15; n++) await subscribe('acme', request());
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => subscribe('acme', request())));
    expect(outcomes.filter((made) => made.outcome === 'created')).toHaveLength(5);
    expect(outcomes.filter((made) => made.outcome === 'limitReached')).toHaveLength(5);
    expect(await subscriptions.list('acme')).toHaveLength(20);
    expect((await subscribe('other', request())).outcome).toBe('created');
  });

  it("does not find or list another partner's", async () => {
    const { subscribe, subscriptions } = setUp();
    await subscribe('acme', request());
    expect(await subscriptions.get('other', 'sub_id1')).toBeUndefined();
    expect(await subscriptions.list('other')).toEqual([]);
  });

  it('takes this machine over http with the local switch only', async () => {
    const local = request({ url: 'http://127.0.0.1:7445/hook' });
    expect(await setUp().subscribe('acme', local)).toEqual({ outcome: 'urlRefused', reason: 'HttpsRequired' });
    expect((await setUp(true).subscribe('acme', local)).outcome).toBe('created');
  });
});

describe('the request', () => {
  it('asks for everything, unordered, unless it says otherwise', () =>
    expect(createSubscriptionRequest.parse({ url: 'https://a.example/' })).toEqual({
      url: 'https://a.example/',
      eventTypes: ['*'],
      customerIds: [],
      detail: 'order',
      ordered: false,
      payloadVersion: '2026-11-01',
      state: 'active',
    }));

  it.each([
    ['/url', { url: '' }],
    ['/eventTypes', { eventTypes: [] }],
    ['/eventTypes/0', { eventTypes: ['number_oder.*'] }],
    ['/eventTypes/1', { eventTypes: ['*', 'Rfi'] }],
    ['/customerIds/0', { customerIds: ['a/b'] }],
    ['/secret', { secret: 'hunter2' }],
    ['/', { colour: 'red' }],
  ])('is refused at %s', (pointer, wrong) => {
    const parsed = createSubscriptionRequest.safeParse({ url: 'https://a.example/', ...wrong });
    expect(parsed.error?.issues.map((issue) => `/${issue.path.join('/')}`)).toContain(pointer);
  });
});
