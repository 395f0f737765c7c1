/** An account that exists at the gateway becomes a customer's, with its numbers: over the whole app and the emulator. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AdoptionBody } from '../../../shared/operations/adopt/adoption-body.ts';
import { makeListKnownNumbers } from '../../../shared/operations/known-numbers.ts';
import { gatewayWorld, Killed, OC_DETAILS, ocAccount, ocNumber, type GatewayWorld } from '../../support/gateway-world.ts';
import type { Answered } from '../http/http-call.ts';

const COUNT = process.env['LONG'] ? 100_000 : 2_000;
const MINUTE_MS = 60_000;
const PATH = 'operator/partners/acme/customers/contoso';
const LANE = 'acc.acme-contoso';
const LEGACY = { accountName: 'legacy-7' };

const adoptionOf = ({ body }: Answered): AdoptionBody => body as AdoptionBody;
const adopt = (world: GatewayWorld, body: object = LEGACY, path = PATH): Promise<Answered> => world.call(path, { method: 'PUT', body });
const progress = async (world: GatewayWorld, path = PATH): Promise<AdoptionBody> => adoptionOf(await world.call(path));

/** Every number that is known of the customer, with what is known of its content. */
const known = async (world: GatewayWorld, lane = LANE): Promise<[string, string, unknown][]> => {
  const list = makeListKnownNumbers(world.rowsOf('State'));
  const all: [string, string, unknown][] = [];
  for (let after: string | undefined; ;) {
    const page = await list(lane, 1_000, after);
    all.push(...page.map(({ digits, state, adopted }): [string, string, unknown] => [digits, state, adopted]));
    if (page.length < 1_000) return all;
    after = page.at(-1)?.digits;
  }
};
const held = (world: GatewayWorld): Promise<number> =>
  Promise.resolve(
    world
      .rowsOf('NumberIndex')
      .partitions()
      .flatMap((partition) => world.rowsOf('NumberIndex').all(partition))
      .flatMap(({ value }) => Object.values((value as { holders: Record<string, { lane: string }> }).holders))
      .filter(({ lane }) => lane === LANE).length,
  );

const seedLegacy = (world: GatewayWorld, count: number): void => {
  world.seed({
    accounts: [ocAccount('legacy-7', { correlationId: 'crm-7' })],
    ranges: [{ first: '+441632960000', count, accountName: 'legacy-7', serviceDetails: OC_DETAILS }],
  });
};

/** Works until the adoption is over. */
const finish = async (world: GatewayWorld, path = PATH): Promise<AdoptionBody> => {
  for (let round = 0; round < 200; round++) {
    await world.run(1);
    const is = await progress(world, path);
    if (!['NotStarted', 'Running'].includes(is.status)) return is;
    world.clock.advance(MINUTE_MS / 6);
  }
  throw new Error('the adoption does not end');
};

let world: GatewayWorld;
beforeEach(() => {
  world = gatewayWorld();
});

describe('adopting an account', () => {
  it(`ends equal to the gateway for ${COUNT} numbers, in list pages of 500`, { timeout: 300_000 }, async () => {
    seedLegacy(world, COUNT);
    const asked = await adopt(world);
    expect([asked.status, asked.headers.get('operation-location')]).toEqual([
      201,
      expect.stringContaining(`/api/${PATH}?api-version=`) as unknown,
    ]);
    const done = await finish(world);
    expect(done).toMatchObject({ status: 'Succeeded', numbers: { total: COUNT, adopted: COUNT, refused: 0 } });
    expect(world.requests).toHaveLength(COUNT / 500 + 2);
    const numbers = await known(world);
    expect(numbers).toHaveLength(COUNT);
    expect(numbers.every(([digits, state], n) => digits === String(441632960000 + n) && state === 'synced')).toBe(true);
    expect(numbers[0]?.[2]).toEqual({
      serviceDetails: { teamsOperatorConnect: { ...OC_DETAILS.teamsOperatorConnect, assignmentStatus: 'unassigned' } },
    });
    expect(await held(world)).toBe(COUNT);
    const pages = world.requests.length;
    expect((await world.call('operator/reconcile', { method: 'POST' })).status).toBe(202);
    await world.run(200);
    const last = { outcome: 'complete', counts: { accounts: 1, numbers: COUNT, drift: 0, unsettled: 0 } };
    expect((await world.call('operator/reconcile')).body).toMatchObject({ status: 'Succeeded', last });
    expect(world.requests.length - pages).toBe(COUNT / 500 + 1);
  });

  it('makes a customer like any other, whatever the account is called', async () => {
    seedLegacy(world, 3);
    await adopt(world);
    await finish(world);
    await world.run();
    const customer = await world.call('customers/contoso', { token: 'acme' });
    expect(customer.body).toMatchObject({
      id: 'contoso',
      accountName: 'legacy-7',
      status: 'Succeeded',
      reference: 'crm-7',
      teamsTenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a',
      services: { teamsOperatorConnect: { enabled: true, sync: true, numberCount: 3 } },
    });
    const order = {
      action: 'provision',
      customerId: 'contoso',
      numbers: ['+441632960002', '+441632960005'],
      onExisting: 'fail',
      allowPartial: true,
    };
    const profile = {
      service: 'teamsOperatorConnect',
      usage: 'CallingUserAssignment',
      capabilities: ['InboundCalling'],
      emergency: { tenantMayUpdate: true },
    };
    const placed = await world.call('number-orders', { token: 'acme', method: 'POST', body: { ...order, profile } });
    expect(placed.status).toBe(202);
    await world.run();
    const { id } = placed.body as { id: string };
    expect((await world.call(`number-orders/${id}`, { token: 'acme' })).body).toMatchObject({
      counts: { succeeded: 1, failed: 1 },
      failures: [{ code: 'NumberExists', count: 1 }],
    });
    expect(world.emulator.world.store.number('+441632960005')?.content.accountName).toBe('legacy-7');
    expect((await world.call('operator/accounts')).body).toMatchObject({ value: [{ accountName: 'legacy-7', customerId: 'contoso' }] });
    expect((await world.call('customers', { token: 'acme' })).body).toMatchObject({ value: [{ id: 'contoso', accountName: 'legacy-7' }] });
  });

  it('tells its partner once that the customer is there', async () => {
    seedLegacy(world, 1);
    await adopt(world);
    await finish(world);
    await world.run();
    const { value } = (await world.call('events', { token: 'acme' })).body as { value: { type: string; data: object }[] };
    expect(value.map(({ type, data }) => [type, data])).toEqual([
      ['customer.synced', expect.objectContaining({ customerId: 'contoso', status: 'Succeeded' })],
    ]);
  });

  it('leaves out what another customer holds and names who does; what lies outside the ranges comes along and is named', async () => {
    seedLegacy(world, 2);
    world.seed({ numbers: [ocNumber('+15550001111', 'legacy-7')] });
    await world
      .rowsOf('NumberIndex')
      .commit('n|44163296', [
        { kind: 'insert', key: 'n|4416329600', value: { v: 1, holders: { '01': { partner: 'beta', lane: 'acc.beta-fabrikam', op: 3 } } } },
      ]);
    await adopt(world);
    expect(await finish(world)).toMatchObject({
      status: 'PartiallySucceeded',
      numbers: { total: 3, adopted: 2, outsideRanges: 1, refused: 1 },
    });
    expect((await known(world)).map(([digits]) => digits)).toEqual(['15550001111', '441632960000']);
    expect((await world.call(`${PATH}/findings?maxpagesize=1`)).body).toMatchObject({
      value: [{ telephoneNumber: '+15550001111' }],
      nextLink: expect.stringContaining('continuationToken=') as unknown,
    });
    expect((await world.call(`${PATH}/findings`)).body).toEqual({
      value: [
        { telephoneNumber: '+15550001111', code: 'OutsideRanges' },
        { telephoneNumber: '+441632960001', code: 'NumberNotAllocated', heldBy: { partnerId: 'beta', customerId: 'fabrikam' } },
      ],
    });
  });

  it('leaves out what lies outside the ranges where that is asked for', async () => {
    seedLegacy(world, 1);
    world.seed({ numbers: [ocNumber('+15550001111', 'legacy-7')] });
    await adopt(world, { ...LEGACY, outsideRanges: 'refuse' });
    expect(await finish(world)).toMatchObject({ status: 'PartiallySucceeded', numbers: { adopted: 1, refused: 1 } });
    expect((await known(world)).map(([digits]) => digits)).toEqual(['441632960000']);
  });

  it('asked for twice is done once, and answers the same', async () => {
    seedLegacy(world, 1);
    expect((await adopt(world)).status).toBe(201);
    expect((await adopt(world)).status).toBe(200);
    expect((await adopt(world, { accountName: 'other' })).error.code).toBe('AdoptionInProgress');
    await finish(world);
    const requests = world.requests.length;
    expect([(await adopt(world)).status, world.requests.length]).toEqual([200, requests]);
    expect((await adopt(world, { accountName: 'other' })).error.code).toBe('CustomerExists');
  });

  it('refuses an account that belongs to another customer, and a partner that there is not', async () => {
    seedLegacy(world, 1);
    await adopt(world);
    await finish(world);
    const elsewhere = await adopt(world, LEGACY, 'operator/partners/acme/customers/fabrikam');
    expect([elsewhere.status, elsewhere.error.code]).toEqual([409, 'AccountTaken']);
    expect((await adopt(world, LEGACY, 'operator/partners/nobody/customers/x')).error).toMatchObject({
      code: 'ResourceNotFound',
      target: 'partner',
    });
    expect((await world.call('operator/partners/acme/customers/x')).error.code).toBe('ResourceNotFound');
    expect((await world.call('operator/partners/acme/customers/x/findings')).error.code).toBe('ResourceNotFound');
    expect((await world.call(`${PATH}/findings?continuationToken=x`)).error.code).toBe('InvalidContinuationToken');
  });

  it('fails for an account that the gateway has not, and may be asked for again', async () => {
    await adopt(world);
    expect(await finish(world)).toMatchObject({ status: 'Failed', error: { code: 'AccountNotFound' } });
    expect((await world.call('customers/contoso', { token: 'acme' })).status).toBe(404);
    seedLegacy(world, 2);
    expect((await adopt(world)).status).toBe(201);
    expect(await finish(world)).toMatchObject({ status: 'Succeeded', numbers: { adopted: 2 } });
  });

  it('keeps its partner from making a customer of that name meanwhile', async () => {
    seedLegacy(world, 1);
    await adopt(world);
    const put = await world.call('customers/contoso', { token: 'acme', method: 'PUT', body: { services: {} } });
    expect([put.status, put.error.code]).toEqual([409, 'AdoptionInProgress']);
  });

  it('reads a list again that changed while it was read', async () => {
    seedLegacy(world, 1_200);
    let pages = 0;
    world.onAnswer = ({ path }) => {
      if (!path.includes('/numbers')) return;
      // Before what was shown already; then one goes that was shown.
      if (++pages === 2) world.seed({ numbers: [ocNumber('+441632959998', 'legacy-7'), ocNumber('+441632959999', 'legacy-7')] });
      if (pages === 5) world.seed({ removeNumbers: ['+441632960001'] });
    };
    await adopt(world);
    expect(await finish(world)).toMatchObject({ status: 'Succeeded', numbers: { adopted: 1_201, total: 1_201 } });
    const digits = (await known(world)).map(([one]) => one);
    expect([digits.length, digits.includes('441632959999'), digits.includes('441632960001')]).toEqual([1_201, true, false]);
    expect(await held(world)).toBe(1_201);
  });

  it('goes on where it was when killed at any moment', { timeout: 60_000 }, async () => {
    const whole = gatewayWorld();
    seedLegacy(whole, 1_100);
    await adopt(whole);
    whole.killAt(Number.POSITIVE_INFINITY);
    await finish(whole);
    const { moments } = whole;
    expect(moments).toBeGreaterThan(20);
    for (let at = 0; at < moments; at++) {
      const killed = gatewayWorld();
      seedLegacy(killed, 1_100);
      await adopt(killed);
      killed.killAt(at);
      await finish(killed).catch((error: unknown) => {
        if (!killed.isDead() && !(error instanceof Killed)) throw error;
      });
      killed.restart();
      expect(await finish(killed), `killed at ${at}`).toMatchObject({ status: 'Succeeded', numbers: { adopted: 1_100 } });
      await killed.run();
      expect([(await known(killed)).length, await held(killed), await killed.dueNow()], `killed at ${at}`).toEqual([1_100, 1_100, []]);
      expect((await killed.lane(LANE))?.events, `killed at ${at}`).toBe(1);
    }
  });
});
