import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../../shared/webhooks/events.ts';
import { answer } from '../webhooks/log-world.ts';
import { subscribe, webhookApi, type WebhookApi } from './webhook-api-world.ts';

const DAY_MS = 24 * 3_600_000;

type Page = { value: { sequence: number; type: string }[]; nextLink?: string; firstSequence: number; lastSequence: number; stream: string };
type Attempts = { value: { sequence: number; outcome: string; state: string; why?: string; answer?: string }[]; nextLink?: string };

const follow = async <P extends { value: unknown[]; nextLink?: string }>(api: WebhookApi, first: string): Promise<P[]> => {
  const pages: P[] = [];
  for (let path: string | undefined = first; path !== undefined && pages.length < 50;) {
    const { status, body, error } = await api.as('acme')('GET', path);
    if (status !== 200) throw new Error(`${status} ${error.code}`);
    pages.push(body as P);
    path = (body as P).nextLink?.replace(/^.*\/api\//, '');
  }
  return pages;
};

describe('reading events in order', () => {
  it('gives every event once, over pages, from the built-in log and from a subscription', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api, { customerIds: ['fabrikam'] });
    await api.publish(1, 25);
    await api.publish(26, 30, { customerId: 'fabrikam' });
    const pages = await follow<Page>(api, 'events?maxpagesize=10');
    expect(pages.map(({ value }) => value.length)).toEqual([10, 10, 10]);
    expect(pages.flatMap(({ value }) => value.map(({ sequence }) => sequence))).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    const [own] = await follow<Page>(api, `webhook-subscriptions/${id}/events`);
    expect(own?.value).toHaveLength(5);
    expect(own).toMatchObject({ firstSequence: 1, lastSequence: 5 });
  });

  it('goes on after a sequence or an event, and is empty at the end', async () => {
    const api = webhookApi();
    await api.publish(1, 9);
    const at = async (query: string): Promise<number[]> =>
      ((await api.as('acme')('GET', `events?${query}`)).body as Page).value.map(({ sequence }) => sequence);
    expect(await at('afterSequence=7')).toEqual([8, 9]);
    expect(await at('after=evt_8')).toEqual([9]);
    expect(await at('afterSequence=9')).toEqual([]);
    expect(await at('afterSequence=900')).toEqual([]);
  });

  it('filters by type and still tells where to go on', async () => {
    const api = webhookApi();
    for (let n = 0; n < 30; n++) await api.publish(n, n, n % 10 === 0 ? { type: 'rfi.received', data: { tenantId: `t${n}` } } : {});
    const pages = await follow<Page>(api, 'events?type=rfi.*&maxpagesize=2');
    expect(pages.flatMap(({ value }) => value.map(({ sequence }) => sequence))).toEqual([1, 11, 21]);
  });

  it('says 410 and from where on it can, for what is no longer kept', async () => {
    const api = webhookApi();
    await api.publish(1, 100);
    api.advance(31 * DAY_MS);
    await api.publish(101, 103);
    await api.deliver('all-acme');
    const late = await api.as('acme')('GET', 'events?afterSequence=50');
    expect([late.status, late.error.code]).toEqual([410, 'SequenceExpired']);
    expect(late.error.details).toContainEqual({ code: 'FirstSequence', message: '101', target: 'firstSequence' });
    expect(await api.as('acme')('GET', 'events?after=evt_50')).toMatchObject({ status: 410 });
    expect((await follow<Page>(api, 'events?afterSequence=100'))[0]?.value).toHaveLength(3);
    expect((await follow<Page>(api, 'events'))[0]).toMatchObject({ firstSequence: 101 });
  });

  it.each(['afterSequence=-1', 'afterSequence=x', 'type=Rfi', 'since=now', 'maxpagesize=0'])('refuses ?%s', async (query) =>
    expect((await webhookApi().as('acme')('GET', `events?${query}`)).status).toBe(400),
  );
});

describe('the catalogue', () => {
  it('has a schema and an example for every type, which the schema takes', async () => {
    const { body } = await webhookApi().as('reader')('GET', 'event-types');
    const { value } = body as {
      value: { type: string; dataSchema: { required?: string[] }; example: { data: Record<string, unknown> } }[];
    };
    expect(value.map(({ type }) => type)).toEqual(EVENT_TYPES);
    for (const { type, dataSchema, example } of value)
      expect(Object.keys(example.data), type).toEqual(expect.arrayContaining(dataSchema.required ?? []));
  });
});

describe('the deliveries of a subscription', () => {
  const failing = () => {
    let isDown = true;
    const api = webhookApi(({ body }) => {
      const { sequence } = JSON.parse(body) as { sequence: number };
      const refused = { ...answer(422), body: '<script>alert("1")</script>\u0007\u202e' };
      return isDown && sequence % 5 === 0 ? refused : answer(200);
    });
    return { api, recover: () => void (isDown = false) };
  };

  it('are listed newest first, with reasons and an answer that harms no page', async () => {
    const { api } = failing();
    const { id } = await subscribe(api);
    await api.publish(1, 200);
    await api.deliver(id);
    const path = `webhook-subscriptions/${id}/deliveries`;
    const pages = await follow<Attempts>(api, `${path}?maxpagesize=30`);
    expect(pages.every(({ value }) => value.length <= 30)).toBe(true);
    const all = pages.flatMap(({ value }) => value);
    expect(all.map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    const failed = (await follow<Attempts>(api, `${path}?outcome=failed`)).flatMap(({ value }) => value);
    expect(failed).toHaveLength(40);
    expect(failed[0]).toMatchObject({ outcome: 'failed', state: 'retrying', why: 'Answered 422; a status of 200 to 299 is success.' });
    expect(failed[0]?.answer).toBe('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\\x07\\u202e');
    const [one] = await follow<Attempts>(api, `${path}?sequence=7`);
    expect(one?.value).toMatchObject([{ deliveryId: '7', outcome: 'delivered', state: 'delivered' }]);
    expect((await follow<Attempts>(api, `${path}?since=2026-12-01T00:00:00Z`))[0]?.value).toEqual([]);
    expect(await api.as('acme')('GET', `${path}?continuationToken=abc`)).toMatchObject({ status: 400 });
  });

  it('are made again one by one, also of what was delivered', async () => {
    const { api } = failing();
    const { id } = await subscribe(api);
    await api.publish(1, 4);
    await api.deliver(id);
    const first = api.posted.find(({ body }) => (JSON.parse(body) as { sequence: number }).sequence === 3);
    const again = await api.as('acme')('POST', `webhook-subscriptions/${id}/deliveries/3/redeliver`, { body: {} });
    expect(again).toMatchObject({ status: 202, body: { deliveryId: '3', eventId: 'evt_3', state: 'waiting' } });
    api.advance(1_000);
    await api.deliver(id);
    expect(api.posted).toHaveLength(5);
    expect(api.posted[4]?.body).toBe(first?.body);
    expect(api.posted[4]?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await api.as('acme')('POST', `webhook-subscriptions/${id}/deliveries/99/redeliver`, { body: {} })).toMatchObject({
      status: 404,
    });
  });

  it('that failed are counted, then all made again', async () => {
    const { api, recover } = failing();
    const { id } = await subscribe(api);
    await api.publish(1, 50);
    api.advance(DAY_MS);
    await api.publish(51, 100);
    await api.deliver(id);
    const path = `webhook-subscriptions/${id}/replay`;
    const counted = await api.as('acme')('POST', path, { body: { dryRun: true } });
    expect(counted).toMatchObject({ status: 200, body: { count: 20, isAtLeast: false, afterSequence: 0, throughSequence: 100 } });
    const since = { since: '2026-11-02T00:00:00Z', dryRun: true };
    expect((await api.as('acme')('POST', path, { body: since })).body).toMatchObject({ count: 10, afterSequence: 50 });
    expect((await api.as('acme')('POST', path, { body: { afterSequence: 90, only: 'all', dryRun: true } })).body).toMatchObject({
      count: 10,
    });
    recover();
    const before = api.posted.length;
    const begun = await api.as('acme')('POST', path, { body: {} });
    expect(begun).toMatchObject({ status: 202, body: { count: 20 } });
    expect((await api.as('acme')('GET', `webhook-subscriptions/${id}`)).body).toMatchObject({ delivery: { replay: { remaining: 100 } } });
    expect(await api.as('acme')('POST', path, { body: {} })).toMatchObject({ status: 409, error: { code: 'ReplayInProgress' } });
    await api.deliver(id);
    expect(api.posted.length - before).toBe(20);
    const after = (await api.as('acme')('GET', `webhook-subscriptions/${id}`)).body as { delivery: object };
    expect(after.delivery).toMatchObject({ waiting: 0 });
    expect(after.delivery).not.toHaveProperty('replay');
  });

  it('refuses a replay from two beginnings', async () => {
    const { api } = failing();
    const { id } = await subscribe(api);
    const body = { since: '2026-11-02T00:00:00Z', afterSequence: 1 };
    expect(await api.as('acme')('POST', `webhook-subscriptions/${id}/replay`, { body })).toMatchObject({ status: 400 });
  });
});
