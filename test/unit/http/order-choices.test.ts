/** What an order says of numbers that are not in order, that exist, and of a service that the customer lacks. */
import { beforeEach, describe, expect, it } from 'vitest';
import { apiWorld, orderOf, putContoso, type ApiWorld } from '../orders/api-world.ts';
import { digits, N } from '../orders/sample-numbers.ts';
import { bodyOf, details, orderCaller } from './order-caller.ts';

let world: ApiWorld;
beforeEach(async () => {
  world = apiWorld();
  await putContoso(world);
});

const { order, keyed, read } = orderCaller(() => world);

describe('POST /number-orders', () => {
  it.each(['fail', 'skip', 'update'])('hands the engine what becomes of numbers that exist: %s, and shows it', async (onExisting) => {
    const answer = await order(orderOf([N(0)], { onExisting }));
    expect(bodyOf(answer).onExisting).toBe(onExisting);
    expect(await world.lanes.readOperation(bodyOf(answer).id)).toMatchObject({ onExisting });
  });

  it('takes onExisting for what is provisioned only, and nothing else for it', async () => {
    expect(details(await order(orderOf([N(0)], { onExisting: 'replace' })))).toEqual([['InvalidValue', '/onExisting']]);
    const release = { action: 'release', customerId: 'contoso', numbers: [N(0)], onExisting: 'skip' };
    expect(details(await order(release))).toEqual([['UnknownProperty', '/onExisting']]);
  });

  describe('with allowPartial', () => {
    const mixed = orderOf([N(0), 'reception', N(1), '+15551230000', 'reception', digits(0)], {
      allowPartial: true,
      ranges: [{ from: '+441632979998', to: '+441632980001' }],
    });
    const itemsOf = async (orderId: string): Promise<[string, string, string | undefined][]> => {
      const { body } = await world.call('listOrderItems', { params: { orderId } });
      const { value } = body as { value: { telephoneNumber: string; status: string; error?: { code: string } }[] };
      return value.map(({ telephoneNumber, status, error }) => [telephoneNumber, status, error?.code]);
    };

    it('bad numbers fail at once with their codes, each once, and the rest proceeds', async () => {
      const answer = await order(mixed);
      expect(answer.status).toBe(202);
      expect(answer.body).toMatchObject({
        status: 'NotStarted',
        allowPartial: true,
        counts: { total: 9, pending: 4, failed: 5 },
        failures: [
          { code: 'InvalidNumber', count: 2 },
          { code: 'NumberNotAllocated', count: 3 },
        ],
        warnings: [{ code: 'DuplicateInOrder', target: '/numbers/4' }],
        percentComplete: 55,
      });
      expect(await itemsOf(bodyOf(answer).id)).toEqual([
        [N(0), 'pending', undefined],
        ['reception', 'failed', 'InvalidNumber'],
        [N(1), 'pending', undefined],
        ['+15551230000', 'failed', 'NumberNotAllocated'],
        [digits(0), 'failed', 'InvalidNumber'],
        ['+441632979998', 'pending', undefined],
        ['+441632979999', 'pending', undefined],
        ['+441632980000', 'failed', 'NumberNotAllocated'],
        ['+441632980001', 'failed', 'NumberNotAllocated'],
      ]);
    });

    it('ends as PartiallySucceeded, told with all counts', async () => {
      const { id } = bodyOf(await order(orderOf([N(0), 'reception'], { allowPartial: true })));
      await world.settle(id, { [digits(0)]: { to: 'succeeded' } });
      const told = (await world.eventsOf('acc.acme-contoso')).at(-1);
      expect(told?.type).toBe('number_order.partially_succeeded');
      expect(told?.data).toMatchObject({
        counts: { total: 2, succeeded: 1, failed: 1 },
        failures: [{ code: 'InvalidNumber', count: 1 }],
      });
    });

    it('counts only what is sent as its place in the line', async () => {
      // The customer itself, and what is good of the first order.
      await order(mixed);
      const { id } = bodyOf(await order(mixed));
      await order(mixed);
      expect(bodyOf(await read(id)).waitingFor).toEqual({ reason: 'earlierOrders', position: 1 + 4 });
    });

    it('an order without a good number is refused as without it', async () => {
      const answer = await order(orderOf(['reception', '+15551230000'], { allowPartial: true }));
      expect([answer.status, answer.error.code]).toEqual([400, 'InvalidRequest']);
      expect(details(answer)).toEqual([
        ['InvalidNumber', '/numbers/0'],
        ['NumberNotAllocated', '/numbers/1'],
      ]);
      expect((await world.lanes.readLane('acc.acme-contoso'))?.value.accepted).toBe(1);
    });

    it('a range that is none refuses the order: it has no numbers to fail', async () => {
      const answer = await order(orderOf([N(0)], { allowPartial: true, ranges: [{ from: N(9), to: N(1) }] }));
      expect(details(answer)).toEqual([['InvalidValue', '/ranges/0/to']]);
    });

    it('finds the bad ones wherever they are among 10,000, and repeats the order by its key', async () => {
      const numbers = Array.from({ length: 10_000 }, (_, n) => (n % 1_000 === 999 ? `no number ${n}` : N(n)));
      const first = await keyed(orderOf(numbers, { allowPartial: true }), 'po-1');
      expect(bodyOf(first).counts).toMatchObject({ total: 10_000, pending: 9_990, failed: 10 });
      const again = await keyed(orderOf(numbers, { allowPartial: true }), 'po-1');
      expect(bodyOf(again)).toMatchObject({ id: bodyOf(first).id, counts: { failed: 10 } });
      const operation = await world.lanes.readOperation(bodyOf(first).id);
      expect(operation?.unsent).toEqual(Array(10).fill(999));
      expect((await world.lanes.readLane('acc.acme-contoso'))?.value.unsent).toBe(9_990 + 1);
    });
  });

  describe('with ensureService enable', () => {
    const LANE = 'acc.acme-contoso';
    const zoom = (more: Record<string, unknown> = {}) =>
      orderOf([N(0), N(1)], { profile: { service: 'zoomPhoneCloudPeering' }, ensureService: 'enable', ...more });
    const accepted = async (): Promise<number> => (await world.lanes.readLane(LANE))?.value.accepted ?? 0;

    it('a service that is off is switched on first, in the same transaction, and the order waits behind it', async () => {
      const answer = await order(zoom());
      expect(answer.body).toMatchObject({ ensureService: 'enable', status: 'NotStarted', counts: { total: 2, pending: 2 } });
      const [change, placed] = await Promise.all([2, 3].map((seq) => world.lanes.readOperationAt(LANE, seq)));
      expect(change).toMatchObject({
        kind: 'account',
        about: { action: 'customer.service.put', service: 'zoomPhoneCloudPeering' },
        payload: { serviceDetails: { zoomPhoneCloudPeering: { enabled: true } } },
      });
      expect(placed).toMatchObject({ id: bodyOf(answer).id, requires: 2 });
      const customer = (await world.call('getCustomer', { params: { customerId: 'contoso' } })).body;
      expect(customer).toMatchObject({
        services: { teamsOperatorConnect: { enabled: true }, zoomPhoneCloudPeering: { enabled: true } },
      });
    });

    it('a repeat with the same key makes a second of nothing', async () => {
      const first = await keyed(zoom(), 'po-1');
      const again = await keyed(zoom(), 'po-1');
      expect([bodyOf(again).id, again.headers.get('idempotency-replayed')]).toEqual([bodyOf(first).id, 'true']);
      expect(await accepted()).toBe(3);
    });

    it('a service that is on, or being switched on, is not switched on again', async () => {
      await order(zoom());
      const second = bodyOf(await order(zoom({ numbers: [N(5)] })));
      expect(await accepted()).toBe(4);
      expect(await world.lanes.readOperation(second.id)).toMatchObject({ requires: 2 });
    });

    it('a change of the customer in between is seen, and decided anew', async () => {
      const [a, b] = await Promise.all([order(zoom()), order(zoom({ numbers: [N(5)] }))]);
      expect([a.status, b.status]).toEqual([202, 202]);
      expect(await accepted()).toBe(4);
    });

    it.each([
      ['Direct Routing', { profile: { service: 'teamsDirectRouting' } }],
      ['a Teams service of a customer without a tenant', { profile: { service: 'teamsPhoneMobile', usage: 'u', capabilities: [] } }],
    ])('%s takes settings that only the partner knows: 400', async (_, more) => {
      await putContoso(world, { body: { services: {} } });
      const before = await accepted();
      expect(details(await order(zoom(more)))).toEqual([['ServiceConfigurationRequired', '/profile/service']]);
      expect(await accepted()).toBe(before);
    });

    it('an order that is refused for something else switches nothing on', async () => {
      expect(details(await order(zoom({ numbers: ['reception'] })))).toEqual([['InvalidNumber', '/numbers/0']]);
      expect(await accepted()).toBe(1);
    });

    it('check, which is the default, refuses the order', async () => {
      expect(details(await order(zoom({ ensureService: 'check' })))).toEqual([['ServiceNotEnabled', '/profile/service']]);
    });
  });
});
