import { beforeEach, describe, expect, it } from 'vitest';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { PROFILE } from '../../support/sample-order.ts';
import { apiWorld, BASE, orderOf, putContoso, START_MS, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import { bodyOf, details, orderCaller } from './order-caller.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

const { order, keyed, read } = orderCaller(() => world);

describe('POST /number-orders', () => {
  it('answers 202 with the order, and where to follow it', async () => {
    const answer = await order(
      orderOf([N(0), N(1), N(0)], { ranges: [{ from: N(100), to: N(199) }], externalReference: 'PO-1', ticket: 'CHG1' }),
    );
    const { id } = bodyOf(answer);
    const location = `${BASE}/api/number-orders/${id}?api-version=2026-11-01`;
    expect(answer.status).toBe(202);
    expect(answer.headers.get('operation-location')).toBe(location);
    expect(answer.headers.get('location')).toBe(location);
    expect(answer.headers.get('retry-after')).toBe('15');
    expect(answer.headers.get('idempotency-replayed')).toBeNull();
    expect(answer.body).toMatchObject({
      status: 'NotStarted',
      action: 'provision',
      customerId: 'contoso',
      externalReference: 'PO-1',
      ticket: 'CHG1',
      counts: { total: 102, pending: 102, submitted: 0, succeeded: 0, failed: 0, superseded: 0, skipped: 0, canceled: 0 },
      percentComplete: 0,
      failures: [],
      profile: PROFILE,
      warnings: [{ code: 'DuplicateInOrder', message: 'Named before.', target: '/numbers/2' }],
      estimatedCompletionAt: new Date(START_MS + 30_000 + 1_800).toISOString(),
      itemsHref: `${BASE}/api/number-orders/${id}/items?api-version=2026-11-01`,
      createdAt: new Date(START_MS).toISOString(),
    });
    expect(world.woken.at(-1)).toBe('acc.acme-contoso');
  });

  it('hands the engine digits and the upstream form of the profile', async () => {
    const { id } = bodyOf(await order(orderOf([N(5)])));
    const operation = await world.lanes.readOperation(id);
    expect(operation?.payload).toEqual({
      serviceDetails: {
        teamsOperatorConnect: {
          enabled: true,
          configuration: { usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'], allowTenantAddressUpdate: true },
        },
      },
    });
    expect(operation && (await world.lanes.readSegments(operation))[0]?.numbers).toEqual([digits(5)]);
  });

  it('takes 10,000 numbers in one transaction', async () => {
    const answer = await order(orderOf(Array.from({ length: 10_000 }, (_, n) => N(n))));
    expect(bodyOf(answer).counts).toMatchObject({ total: 10_000, pending: 10_000 });
  });

  it('names 100 warnings and says that there are more', async () => {
    const { warnings, warningsTruncated } = bodyOf(await order(orderOf(Array.from({ length: 150 }, () => N(1)))));
    expect([warnings?.length, warningsTruncated]).toEqual([100, true]);
  });

  it('answers a repeated key with the same order as it is now', async () => {
    const first = await keyed(orderOf([N(0)]), 'po-1');
    const { id } = bodyOf(first);
    await world.settle(id, { [digits(0)]: { to: 'submitted' } });
    const again = await keyed(orderOf([N(0)]), 'po-1');
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(bodyOf(again)).toMatchObject({ id, status: 'Running' });
    expect((await world.lanes.readLane('acc.acme-contoso'))?.value.accepted).toBe(2);
  });

  it('answers a repeated key although the customer has lost the service meanwhile', async () => {
    const { id } = bodyOf(await keyed(orderOf([N(0)]), 'po-1'));
    await putContoso(world, { body: { services: { zoomPhoneCloudPeering: {} } } });
    expect(bodyOf(await keyed(orderOf([N(0)]), 'po-1')).id).toBe(id);
  });

  it('answers 422 when the key was used with another body', async () => {
    await keyed(orderOf([N(0)]), 'po-1');
    const answer = await keyed(orderOf([N(1)]), 'po-1');
    expect([answer.status, answer.error.code]).toEqual([422, 'IdempotencyKeyReused']);
  });

  it('gives each partner keys of its own', async () => {
    await putContoso(world, { as: 'beta' });
    const mine = await keyed(orderOf([N(0)]), 'po-1');
    const theirs = await keyed(orderOf([N(0)]), 'po-1', 'beta');
    expect(theirs.status).toBe(202);
    expect(bodyOf(theirs).id).not.toBe(bodyOf(mine).id);
  });

  it.each([
    ['an unknown customer', orderOf([N(0)], { customerId: 'nobody' }), [['CustomerNotFound', '/customerId']]],
    [
      'a service the customer lacks',
      orderOf([N(0)], { profile: { service: 'teamsDirectRouting' } }),
      [['ServiceNotEnabled', '/profile/service']],
    ],
    ['a bad number', orderOf([N(0), '441632']), [['InvalidNumber', '/numbers/1']]],
    ['a number of nobody', orderOf(['+15551230000']), [['NumberNotAllocated', '/numbers/0']]],
    ['a profile twice', { ...orderOf([N(0)]), profileId: 'oc' }, [['InvalidValue', '/profileId']]],
    ['no profile', { action: 'provision', customerId: 'contoso', numbers: [N(0)] }, [['Required', '/profileId']]],
    [
      'several things at once',
      orderOf(['bad'], { customerId: 'nobody' }),
      [
        ['CustomerNotFound', '/customerId'],
        ['InvalidNumber', '/numbers/0'],
      ],
    ],
  ])('answers 400 InvalidRequest to %s', async (_, body, expected) => {
    const answer = await order(body);
    expect([answer.status, answer.error.code, answer.error.target]).toEqual([400, 'InvalidRequest', 'body']);
    expect(details(answer)).toEqual(expected);
  });

  it('releases numbers and ranges, without a profile and whatever services the customer has left', async () => {
    await putContoso(world, { body: { services: {} } });
    const body = { action: 'release', customerId: 'contoso', numbers: [N(0)], ranges: [{ from: N(10), to: N(11) }], ticket: 'CHG2' };
    const answer = await order(body);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ action: 'release', ticket: 'CHG2', counts: { total: 3, pending: 3 } });
    expect(answer.body).not.toHaveProperty('profile');
    const operation = await world.lanes.readOperation(bodyOf(answer).id);
    expect(operation).toMatchObject({ sentAs: 'release', payload: {} });
    await world.settle(bodyOf(answer).id, Object.fromEntries([0, 10, 11].map((n) => [digits(n), { to: 'succeeded' }])));
    expect((await world.eventsOf('acc.acme-contoso')).at(-1)).toMatchObject({
      type: 'number_order.succeeded',
      data: { action: 'release' },
    });
  });

  it('answers 403 to a release by a caller who may only write', async () => {
    const answer = await order({ action: 'release', customerId: 'contoso', numbers: [N(0)] }, { as: 'acme.writer' });
    expect([answer.status, answer.error.code, answer.error.target]).toEqual([403, 'InsufficientRole', 'Partner.Release']);
  });

  it.each([
    ['a release with a profile', { action: 'release', customerId: 'contoso', numbers: [N(0)], profile: PROFILE }, 'UnknownProperty'],
    ['another action', { action: 'port', customerId: 'contoso', numbers: [N(0)] }, 'InvalidValue'],
    ['a release of a number of nobody', { action: 'release', customerId: 'contoso', numbers: ['+15551230000'] }, 'NumberNotAllocated'],
  ])('answers 400 to %s', async (_, body, code) => {
    const answer = await order(body);
    expect([answer.status, answer.error.details?.[0]?.code]).toEqual([400, code]);
  });

  it('answers 400 to more than 100 ranges', async () => {
    const answer = await order(orderOf([], { ranges: Array.from({ length: 101 }, (_, n) => ({ from: N(n), to: N(n) })) }));
    expect(details(answer)).toEqual([['TooLarge', '/ranges']]);
  });

  it('answers 400 EmptyOrder', async () => expect((await order(orderOf([]))).error.code).toBe('EmptyOrder'));

  it('answers 400 TooManyNumbers', async () => {
    const answer = await order(orderOf([], { ranges: [{ from: '+441632960000', to: '+441632970000' }] }));
    expect([answer.status, answer.error.code]).toEqual([400, 'TooManyNumbers']);
  });

  it('names 100 problems and says that there are more', async () => {
    const { error } = await order(orderOf(Array.from({ length: 500 }, () => 'bad')));
    expect([error.details?.length, error.detailsTruncated, error.message]).toEqual([100, true, '500 problems in the request.']);
  });

  it('stores nothing of a refused order', async () => {
    const before = await world.lanes.readLane('acc.acme-contoso');
    await keyed(orderOf(['bad']), 'po-1');
    expect(await world.lanes.readLane('acc.acme-contoso')).toEqual(before);
    expect((await keyed(orderOf([N(0)]), 'po-1')).status).toBe(202);
  });

  it('takes another partner’s customer for a missing one', async () => {
    const foreign = await order(orderOf([N(0)]), { as: 'beta' });
    const missing = await order(orderOf([N(0)], { customerId: 'nobody' }), { as: 'beta' });
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
  });

  it('answers 503 with Retry-After 1 when the lane stays contended', async () => {
    const store = memoryRowStore();
    let contended = false;
    const losing = {
      ...store,
      commit: async (...asked: Parameters<typeof store.commit>) => (contended ? { outcome: 'conflict' as const } : store.commit(...asked)),
    };
    world = apiWorld(losing);
    await putContoso(world);
    contended = true;
    const answer = await order(orderOf([N(0)]));
    expect([answer.status, answer.error.code, answer.headers.get('retry-after')]).toEqual([503, 'ServiceBusy', '1']);
  });

  it('answers 403 to an operator, who acts for no partner', async () => {
    const answer = await order(orderOf([N(0)]), { as: 'operator' });
    expect([answer.status, answer.error.code]).toEqual([403, 'PartnerUnknown']);
  });
});

describe('GET /number-orders/{orderId}', () => {
  const SYNC = { code: 'UpstreamSyncFailed', upstream: [{ code: 'InvalidRequest', message: 'Missing: Usage', target: 'oc' }] };

  it('shows the end: counts, failures, no estimate any more', async () => {
    const { id } = bodyOf(await order(orderOf([N(0), N(1), N(2), N(3)])));
    world.moveClock(40_000);
    await world.settle(id, {
      [digits(0)]: { to: 'succeeded' },
      [digits(1)]: { to: 'failed', error: SYNC },
      [digits(2)]: { to: 'superseded' },
    });
    expect((await read(id)).body).toMatchObject({ status: 'Running', percentComplete: 75 });
    await world.settle(id, { [digits(3)]: { to: 'succeeded' } });
    const { body } = await read(id);
    expect(body).toMatchObject({
      status: 'PartiallySucceeded',
      percentComplete: 100,
      counts: { total: 4, pending: 0, submitted: 0, succeeded: 2, failed: 1, superseded: 1, skipped: 0, canceled: 0 },
      failures: [{ code: 'UpstreamSyncFailed', count: 1 }],
      startedAt: new Date(START_MS + 40_000).toISOString(),
      finishedAt: new Date(START_MS + 40_000).toISOString(),
    });
    expect(body).not.toHaveProperty('estimatedCompletionAt');
    expect((await world.eventsOf('acc.acme-contoso')).map(({ type }) => type)).toEqual([
      'customer.created',
      'number_order.started',
      'number_order.partially_succeeded',
    ]);
  });

  it('answers 304 until something happens, however late it is', async () => {
    const { id, etag } = bodyOf(await order(orderOf([N(0)])));
    world.moveClock(60_000);
    expect((await read(id, 'acme', { 'if-none-match': etag })).status).toBe(304);
    await world.settle(id, { [digits(0)]: { to: 'submitted' } });
    expect((await read(id, 'acme', { 'if-none-match': etag })).status).toBe(200);
  });

  it('answers the same 404 to foreign, missing, and what is no order', async () => {
    const { id } = bodyOf(await order(orderOf([N(0)])));
    const customer = (await putContoso(world)).headers.get('operation-location') ?? '';
    const account = /operations\/([^?]+)/.exec(customer)?.[1] ?? '';
    const answers = [await read(id, 'beta'), await read(`${id}x`), await read(account)];
    for (const answer of answers) {
      expect([answer.status, answer.body]).toEqual([404, answers[0]?.body]);
      expect(answer.error).toMatchObject({ code: 'ResourceNotFound', target: 'order' });
    }
  });
});
