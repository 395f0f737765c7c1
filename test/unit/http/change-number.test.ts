import { beforeEach, describe, expect, it } from 'vitest';
import { CUSTOMER, PROFILE } from '../../support/sample-order.ts';
import { apiWorld, putContoso, type ApiWorld } from '../orders/api-world.ts';
import type { Answered, Call } from './http-call.ts';

const DIGITS = '441632960000';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
  await putContoso(world, { as: 'beta' });
});

const put = (call: Call & { as?: string } = {}): Promise<Answered> =>
  world.call('putNumber', { params: { customerId: 'contoso', telephoneNumber: DIGITS }, body: { profile: PROFILE }, ...call });
const get = (as = 'acme'): Promise<Answered> => world.call('getNumber', { params: { telephoneNumber: DIGITS }, as });
const release = (call: Call & { as?: string } = {}): Promise<Answered> =>
  world.call('releaseNumber', { params: { telephoneNumber: DIGITS }, ...call });
const orders = async (): Promise<{ id: string; action: string }[]> =>
  ((await world.call('listOrders', { path: 'number-orders' })).body as { value: { id: string; action: string }[] }).value;
const orderOf = (answer: Answered): string => /number-orders\/([^?]+)/.exec(answer.headers.get('operation-location') ?? '')?.[1] ?? '';
const ended = (answer: Answered, to: 'succeeded' | 'submitted' | 'failed' = 'succeeded'): Promise<void> =>
  world.settle(orderOf(answer), { [DIGITS]: { to, ...(to === 'failed' ? { error: { code: 'UpstreamSyncFailed' } } : {}) } });
const codeOf = ({ status, error }: Answered): unknown[] => [status, error.code];

describe('PUT /customers/{customerId}/numbers/{telephoneNumber}', () => {
  it('orders the one number, and shows it at once', async () => {
    const made = await put();
    expect([made.status, made.headers.get('retry-after')]).toEqual([201, '10']);
    expect(made.body).toMatchObject({
      telephoneNumber: `+${DIGITS}`,
      customerId: 'contoso',
      status: 'Pending',
      services: { teamsOperatorConnect: { enabled: true, usage: 'CallingUserAssignment' } },
      lastOrderId: orderOf(made),
      etag: made.headers.get('etag'),
    });
    expect((await get()).body).toEqual(made.body);
    const order = await world.call('getOrder', { params: { orderId: orderOf(made) } });
    expect(order.body).toMatchObject({ action: 'provision', counts: { total: 1, pending: 1 }, onExisting: 'update' });
  });

  it('answers 200 for a number that the customer has', async () => {
    await ended(await put());
    const changed = await put({ body: { profile: { ...PROFILE, capabilities: ['InboundCalling', 'OutboundCalling'] } } });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { status: 'Pending', services: { teamsOperatorConnect: { capabilities: { length: 2 } } } },
    ]);
    await ended(changed);
    expect((await get()).body).toMatchObject({ status: 'Succeeded', services: { teamsOperatorConnect: { capabilities: { length: 2 } } } });
  });

  it('makes no second order of a repeat, whether under way or done, and one of a repeat of what failed', async () => {
    const first = await put();
    expect([orderOf(await put()), (await put()).status]).toEqual([orderOf(first), 200]);
    await ended(first);
    expect(orderOf(await put())).toBe(orderOf(first));
    expect(await orders()).toHaveLength(1);
    const other = await put({ body: { profile: PROFILE, ticket: 'CHG2' } });
    await ended(other, 'failed');
    expect(orderOf(await put({ body: { profile: PROFILE, ticket: 'CHG2' } }))).not.toBe(orderOf(other));
    expect(await orders()).toHaveLength(3);
  });

  it('says that there is no profile of that name', async () => {
    const answer = await put({ body: { profileId: 'nobody' } });
    expect([...codeOf(answer), answer.error.details?.map(({ code, target }) => [code, target])]).toEqual([
      400,
      'InvalidRequest',
      [['ProfileNotFound', '/profileId']],
    ]);
  });

  it('with If-None-Match: * takes only a number that the customer does not have', async () => {
    const made = await put({ headers: { 'if-none-match': '*' } });
    expect(made.status).toBe(201);
    expect((await world.call('getOrder', { params: { orderId: orderOf(made) } })).body).toMatchObject({ onExisting: 'fail' });
    expect(codeOf(await put({ headers: { 'if-none-match': '*' } }))).toEqual([412, 'PreconditionFailed']);
  });

  it('with If-Match changes only what the caller knows', async () => {
    expect(codeOf(await put({ headers: { 'if-match': '*' } }))).toEqual([412, 'PreconditionFailed']);
    const made = await put();
    const etag = made.headers.get('etag') ?? '';
    const body = { profile: { ...PROFILE, capabilities: [] } };
    expect((await put({ body, headers: { 'if-match': etag } })).status).toBe(200);
    expect(codeOf(await put({ headers: { 'if-match': etag } }))).toEqual([412, 'PreconditionFailed']);
  });

  it('says what is wrong where the caller wrote it', async () => {
    const foreign = await put({ params: { customerId: 'contoso', telephoneNumber: '15551230000' } });
    expect([...codeOf(foreign), foreign.error.target, foreign.error.details]).toMatchObject([
      400,
      'InvalidRequest',
      'path',
      [{ code: 'NumberNotAllocated', target: '/telephoneNumber' }],
    ]);
    const service = await put({ body: { profile: { service: 'teamsDirectRouting' } } });
    expect(service.error.details).toMatchObject([{ code: 'ServiceNotEnabled', target: '/profile/service' }]);
    expect((await put({ body: {} })).error.details).toMatchObject([{ code: 'Required', target: '/profileId' }]);
  });

  it('answers the same 404 for a foreign customer and for none', async () => {
    await world.call('putCustomer', { params: { customerId: 'own' }, body: CUSTOMER });
    const at = (customerId: string, as: string) => put({ params: { customerId, telephoneNumber: DIGITS }, as });
    const [foreign, missing] = [await at('own', 'beta'), await at('nobody', 'beta')];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
  });

  it('needs no more than the role to write', async () => expect((await put({ as: 'acme.writer' })).status).toBe(201));
});

describe('DELETE /numbers/{telephoneNumber}', () => {
  it('orders the release of the one number, once however often it is asked for', async () => {
    await ended(await put());
    const asked = await release();
    expect([asked.status, asked.body]).toMatchObject([202, { action: 'release', counts: { total: 1 } }]);
    expect(orderOf(asked)).toBe((asked.body as { id: string }).id);
    await ended(asked, 'submitted');
    const again = await release();
    expect([again.status, (again.body as { id: string }).id, orderOf(again)]).toEqual([202, orderOf(asked), orderOf(asked)]);
    await ended(asked);
    expect([(await get()).status, ...codeOf(await release())]).toEqual([404, 404, 'ResourceNotFound']);
  });

  it('answers the same 404 to a foreign number and to none', async () => {
    const missing = await release({ as: 'beta' });
    await ended(await put());
    const foreign = await release({ as: 'beta' });
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
  });

  it('releases only what the caller knows when it says what that is', async () => {
    await ended(await put());
    expect(codeOf(await release({ headers: { 'if-match': '"other"' } }))).toEqual([412, 'PreconditionFailed']);
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await release({ headers: { 'if-match': etag } })).status).toBe(202);
  });

  it('needs the role to release', async () => {
    await ended(await put());
    expect(codeOf(await release({ as: 'acme.writer' }))).toEqual([403, 'InsufficientRole']);
  });
});

/** Two callers at the same moment: what each was answered, and how many orders there are now. */
const race = async (calls: readonly Promise<Answered>[]): Promise<{ statuses: number[]; codes: unknown[]; orders: number }> => {
  const answers = await Promise.all(calls);
  return {
    statuses: answers.map(({ status }) => status).sort(),
    codes: answers.filter(({ status }) => status >= 400).map(({ error }) => error.code),
    orders: (await orders()).length,
  };
};

const bodyWith = (ticket: string) => ({ profile: PROFILE, ticket });

describe('two changes of one number in the same milliseconds', () => {
  it('one of two PUTs that knew the same ETag wins, and the other hears 412', async () => {
    await ended(await put());
    const headers = { 'if-match': (await get()).headers.get('etag') ?? '' };
    const outcome = await race([put({ headers, body: bodyWith('A') }), put({ headers, body: bodyWith('B') })]);
    expect(outcome).toEqual({ statuses: [200, 412], codes: ['PreconditionFailed'], orders: 2 });
  });

  it('one of two DELETEs that knew the same ETag wins, and the other hears 412', async () => {
    await ended(await put());
    const headers = { 'if-match': (await get()).headers.get('etag') ?? '' };
    expect(await race([release({ headers }), release({ headers })])).toEqual({
      statuses: [202, 412],
      codes: ['PreconditionFailed'],
      orders: 2,
    });
  });

  it('one of a PUT and a DELETE that knew the same ETag wins, and the other hears 412', async () => {
    await ended(await put());
    const headers = { 'if-match': (await get()).headers.get('etag') ?? '' };
    const { statuses, orders: made } = await race([put({ headers, body: bodyWith('A') }), release({ headers })]);
    expect([statuses[1], made]).toEqual([412, 2]);
  });

  it('of twenty PUTs that want a new number one makes it', async () => {
    const headers = { 'if-none-match': '*' };
    const { statuses, orders: made } = await race(Array.from({ length: 20 }, (_, n) => put({ headers, body: bodyWith(`T${n}`) })));
    expect([statuses, made]).toEqual([[201, ...Array.from({ length: 19 }, () => 412)], 1]);
  });

  it('PUTs without a condition are all taken in', async () => {
    expect(await race([put({ body: bodyWith('A') }), put({ body: bodyWith('B') })])).toMatchObject({ statuses: [201, 201], orders: 2 });
  });
});

describe('a number that was asked to go', () => {
  it('shows that at once, and a second request to release it is told of the same order', async () => {
    await ended(await put());
    const asked = await release();
    expect((await get()).body).toMatchObject({ status: 'Releasing', lastOrderId: orderOf(asked) });
    expect(orderOf(await release())).toBe(orderOf(asked));
    expect(await orders()).toHaveLength(2);
  });

  it('is there again when its release was canceled', async () => {
    await ended(await put());
    const before = await get();
    await world.call('cancelOrder', { params: { orderId: orderOf(await release()) } });
    expect((await get()).body).toEqual(before.body);
  });

  it('shows as asked for when it was put again', async () => {
    await ended(await put());
    await release();
    const again = await put({ body: bodyWith('AGAIN') });
    expect((await get()).body).toMatchObject({ status: 'Pending', lastOrderId: orderOf(again) });
  });

  it('is still found when it was put and released before the gateway has heard of it', async () => {
    await put();
    const asked = await release();
    expect((await get()).body).toMatchObject({ status: 'Releasing', lastOrderId: orderOf(asked) });
  });
});
