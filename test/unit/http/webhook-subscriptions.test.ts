import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { toSecretText } from '../../../shared/webhooks/sign.ts';
import { answer } from '../webhooks/log-world.ts';
import { HOOK, subscribe, webhookApi, type Shown } from './webhook-api-world.ts';

const HOUR_MS = 3_600_000;

describe('subscriptions', () => {
  it('are listed with the built-in log, which cannot be changed', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    const listed = (await api.as('reader')('GET', 'webhook-subscriptions')).body as { value: Shown[] };
    expect(listed.value.map((one) => [one.id, one['builtIn']])).toEqual([
      ['all-acme', true],
      [id, false],
    ]);
    for (const [method, path] of [
      ['PATCH', 'webhook-subscriptions/all-acme'],
      ['POST', 'webhook-subscriptions/all-acme/test'],
      ['POST', 'webhook-subscriptions/all-acme/rotate-secret'],
      ['POST', 'webhook-subscriptions/all-acme/replay'],
    ] as const)
      expect(await api.as('acme')(method, path, { body: {} })).toMatchObject({ status: 404 });
  });

  it('are read with an ETag that says 304 and guards a change', async () => {
    const api = webhookApi();
    const { id, etag } = await subscribe(api);
    const path = `webhook-subscriptions/${id}`;
    const read = await api.as('reader')('GET', path);
    expect([read.status, read.headers.get('etag')]).toEqual([200, etag]);
    expect(read.body).toMatchObject({ delivery: { lastSequence: 0, waiting: 0, objectives: { attempts: 0 } } });
    expect(await api.as('reader')('GET', path, { headers: { 'if-none-match': etag } })).toMatchObject({ status: 304 });
    const body = { eventTypes: ['rfi.*'], description: 'RFIs', maxPerSecond: 10 };
    const changed = await api.as('acme')('PATCH', path, { body, headers: { 'if-match': etag } });
    expect(changed).toMatchObject({ status: 200, body });
    expect(await api.as('acme')('PATCH', path, { body, headers: { 'if-match': etag } })).toMatchObject({ status: 412 });
    const cleared = await api.as('acme')('PATCH', path, { body: { description: null, maxPerSecond: null } });
    expect(Object.keys(cleared.body as object)).not.toContain('description');
    expect(Object.keys(cleared.body as object)).not.toContain('maxPerSecond');
  });

  it.each([
    ['another partner', 'other'],
    ['the operator, whose own are others', 'operator'],
  ] as const)('look the same to %s as those that never were', async (_who, who) => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    await api.publish(1, 3);
    const nameless = (text: unknown): string => JSON.stringify([text]).replaceAll(id, 'ID').replaceAll('sub_none', 'ID');
    for (const [method, rest, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { state: 'paused' }],
      ['DELETE', '', undefined],
      ['POST', '/test', {}],
      ['POST', '/rotate-secret', {}],
      ['GET', '/events', undefined],
      ['GET', '/deliveries', undefined],
      ['POST', '/deliveries/1/redeliver', {}],
      ['POST', '/replay', {}],
    ] as const) {
      const ask = (target: string) => api.as(who)(method, `webhook-subscriptions/${target}${rest}`, { body });
      const [theirs, none] = [await ask(id), await ask('sub_none')];
      expect([method, rest, theirs.status, nameless(theirs.body)]).toEqual([method, rest, none.status, nameless(none.body)]);
      expect(theirs.status).toBe(method === 'DELETE' ? 204 : 404);
    }
    expect(await api.as('acme')('GET', `webhook-subscriptions/${id}`)).toMatchObject({ status: 200, body: { state: 'active' } });
    expect(await api.as(who)('GET', 'webhook-subscriptions/all-acme')).toMatchObject({ status: 404 });
    expect((await api.as(who)('GET', 'events')).body).toMatchObject({ value: [] });
  });

  it('keep the form of their bodies, and take none that there is not', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    const ask = (method: 'GET' | 'PATCH', body?: object) =>
      api.as('acme')(method, `webhook-subscriptions/${id}`, body === undefined ? {} : { body });
    expect(await ask('GET')).toMatchObject({ body: { payloadVersion: '2026-11-01' } });
    expect(await ask('PATCH', { payloadVersion: '2026-11-01' })).toMatchObject({ status: 200, body: { payloadVersion: '2026-11-01' } });
    const refused = await ask('PATCH', { payloadVersion: '2019-01-01' });
    expect([refused.status, refused.error.details?.[0]?.target]).toEqual([400, '/payloadVersion']);
  });

  it('are changed by writers only', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    expect(await api.as('reader')('PATCH', `webhook-subscriptions/${id}`, { body: { state: 'paused' } })).toMatchObject({ status: 403 });
    expect(await api.as('reader')('POST', 'webhook-subscriptions', { body: { url: HOOK } })).toMatchObject({ status: 403 });
  });

  it.each([
    ['http://bss.acme.example/', 'HttpsRequired'],
    ['https://10.0.0.1./', 'NameRequired'],
    ['https://user:pw@bss.acme.example/', 'CredentialsInUrl'],
  ])('are not pointed at %s', async (url, reason) => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    for (const answered of [
      await api.as('acme')('POST', 'webhook-subscriptions', { body: { url } }),
      await api.as('acme')('PATCH', `webhook-subscriptions/${id}`, { body: { url } }),
    ]) {
      expect(answered.status).toBe(400);
      expect(answered.error.details?.[0]).toMatchObject({ code: 'UrlNotAllowed', target: '/url' });
      expect(answered.error.details?.[0]?.message).toContain(reason);
    }
  });

  it('keep what happens while they are paused and send it when they go on', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    const path = `webhook-subscriptions/${id}`;
    expect(await api.as('acme')('PATCH', path, { body: { state: 'paused' } })).toMatchObject({ body: { state: 'paused' } });
    await api.publish(1, 5);
    await api.deliver(id);
    expect(api.posted).toEqual([]);
    expect((await api.as('acme')('GET', path)).body).toMatchObject({ delivery: { waiting: 5, oldestUndelivered: { sequence: 1 } } });
    await api.as('acme')('PATCH', path, { body: { state: 'active' } });
    await api.deliver(id);
    expect(api.posted).toHaveLength(5);
    expect((await api.as('acme')('GET', path)).body).toMatchObject({ delivery: { waiting: 0, objectives: { delivered: 5, attempts: 5 } } });
  });

  it('can begin paused', async () => {
    const api = webhookApi();
    const { id, state } = await subscribe(api, { state: 'paused' });
    await api.publish(1, 1);
    await api.deliver(id);
    expect([state, api.posted.length]).toEqual(['paused', 0]);
  });

  it('go back to work after 410, and lose nothing', async () => {
    let gone = true;
    const api = webhookApi(() => answer(gone ? 410 : 200));
    const { id } = await subscribe(api);
    await api.publish(1, 20);
    await api.deliver(id);
    const path = `webhook-subscriptions/${id}`;
    expect((await api.as('acme')('GET', path)).body).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
    gone = false;
    const tried = api.posted.length;
    const resumed = await api.as('acme')('PATCH', path, { body: { state: 'active', url: `${HOOK}/new` } });
    expect(resumed.body).toMatchObject({ state: 'active' });
    expect(resumed.body).not.toHaveProperty('disabledReason');
    api.advance(HOUR_MS);
    await api.deliver(id);
    const later = api.posted.slice(tried);
    const sequences = later.map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence).sort((a, b) => a - b);
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(new Set(later.map(({ url }) => url))).toEqual(new Set([`${HOOK}/new`]));
  });

  it('are gone at once when deleted, their rows soon after, and their place is free', async () => {
    const api = webhookApi();
    const made = await Promise.all(Array.from({ length: 20 }, () => subscribe(api)));
    await expect(subscribe(api)).rejects.toThrow('409 LimitReached');
    const id = made[0]?.id ?? '';
    await api.publish(1, 100);
    await api.deliver(id);
    for (let n = 0; n < 2; n++) expect(await api.as('acme')('DELETE', `webhook-subscriptions/${id}`)).toMatchObject({ status: 204 });
    expect(await api.as('acme')('GET', `webhook-subscriptions/${id}`)).toMatchObject({ status: 404 });
    await api.publish(101, 102);
    await api.deliver(id);
    const left = api
      .table('State')
      .partitions()
      .flatMap((partition) => api.table('State').keys(partition))
      .filter((key) => key.includes(id));
    expect(left).toEqual([]);
    await subscribe(api);
  });

  it('send headers of their own, whose values nobody sees again', async () => {
    const api = webhookApi();
    const made = await subscribe(api, { headers: { Authorization: 'Bearer of-the-partner', 'X-Team': 'b' } });
    expect(JSON.stringify(made)).not.toContain('of-the-partner');
    expect(made).toMatchObject({ headerNames: ['Authorization', 'X-Team'] });
    await api.publish(1, 1);
    await api.deliver(made.id);
    expect(api.posted[0]?.headers).toMatchObject({
      Authorization: 'Bearer of-the-partner',
      'X-Team': 'b',
      'content-type': 'application/json',
    });
    const rows = JSON.stringify(
      [...api.table('Subscriptions').partitions()].flatMap((partition) => api.table('Subscriptions').all(partition)),
    );
    expect(rows).not.toContain('of-the-partner');
    await api.as('acme')('PATCH', `webhook-subscriptions/${made.id}`, { body: { headers: null } });
    await api.publish(2, 2);
    await api.deliver(made.id);
    expect(api.posted[1]?.headers).not.toHaveProperty('Authorization');
  });

  it.each([
    'Host',
    'content-length',
    'WEBHOOK-id',
    'Metadata',
    'X-Forwarded-For',
    'Transfer-Encoding',
    'x-ms-date',
    'Cookie',
    'a b',
    'Ünter',
  ])('do not set the header %s', async (name) => {
    await expect(subscribe(webhookApi(), { headers: { [name]: 'true' } })).rejects.toThrow('400 InvalidRequest');
  });

  it.each(['a\r\nX-Other: b', ' a', '', 'ü', 'x'.repeat(4097)])('do not set a header to %j', async (value) => {
    await expect(subscribe(webhookApi(), { headers: { 'X-A': value } })).rejects.toThrow('400 InvalidRequest');
  });
});

describe('rotating a secret', () => {
  const verifies = (secret: string, { body, headers }: { body: string; headers: Readonly<Record<string, string>> }): boolean => {
    // The library takes the clock of the machine; the signature is what matters here.
    const id = headers['webhook-id'] ?? '';
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    return (headers['webhook-signature'] ?? '').split(' ').includes(new Webhook(secret).sign(id, at, body));
  };

  it('has both sign for the overlap and the new one alone afterwards', async () => {
    const api = webhookApi();
    const { id, secret } = await subscribe(api);
    const own = toSecretText(new Uint8Array(24).fill(200));
    const rotated = await api.as('acme')('POST', `webhook-subscriptions/${id}/rotate-secret`, { body: { secret: own, overlapHours: 2 } });
    expect(rotated).toMatchObject({ status: 200, body: { secret: own, secrets: [{}, { expiresAt: '2026-11-01T02:00:00.000Z' }] } });
    await api.publish(1, 1);
    await api.deliver(id);
    const [during] = api.posted;
    expect(during && [verifies(secret, during), verifies(own, during)]).toEqual([true, true]);
    api.advance(2 * HOUR_MS);
    await api.publish(2, 2);
    await api.deliver(id);
    const after = api.posted[1];
    expect(after && [verifies(secret, after), verifies(own, after)]).toEqual([false, true]);
    expect((await api.as('acme')('GET', `webhook-subscriptions/${id}`)).body).toMatchObject({ secrets: [{}] });
  });

  it('asked for again for lack of an answer, does not end the overlap of the secret in use', async () => {
    const api = webhookApi();
    const { id, secret } = await subscribe(api);
    const own = toSecretText(new Uint8Array(24).fill(200));
    const path = `webhook-subscriptions/${id}/rotate-secret`;
    for (let tries = 0; tries < 12; tries++)
      expect((await api.as('acme')('POST', path, { body: { secret: own } })).body).toMatchObject({ secrets: [{}, {}] });
    await api.publish(1, 1);
    await api.deliver(id);
    const [during] = api.posted;
    expect(during && [verifies(secret, during), verifies(own, during)]).toEqual([true, true]);
  });

  it('overlaps for a day unless told otherwise, with nine old ones at the most', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api);
    for (let n = 0; n < 11; n++) {
      const { body } = await api.as('acme')('POST', `webhook-subscriptions/${id}/rotate-secret`, { body: {} });
      expect((body as { secrets: unknown[] }).secrets).toHaveLength(Math.min(n + 2, 10));
    }
    const { body } = await api.as('acme')('POST', `webhook-subscriptions/${id}/rotate-secret`, { body: { overlapHours: 0 } });
    expect((body as { secrets: unknown[] }).secrets).toHaveLength(1);
  });
});

describe('a test event', () => {
  it('arrives signed, in its place in the sequence, whatever the subscription asked for', async () => {
    const api = webhookApi();
    const { id } = await subscribe(api, { eventTypes: ['rfi.*'] });
    const sent = await api.as('acme')('POST', `webhook-subscriptions/${id}/test`, { body: {} });
    expect(sent.status).toBe(202);
    expect(sent.headers.get('operation-location')).toContain(`/webhook-subscriptions/${id}/deliveries?`);
    expect(api.woken).toEqual([id]);
    await api.deliver(id);
    expect(JSON.parse(api.posted[0]?.body ?? '')).toMatchObject({ type: 'webhook_subscription.test', sequence: 1, subscriptionId: id });
  });
});
