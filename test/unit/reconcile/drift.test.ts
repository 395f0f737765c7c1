/** What an operator does about things that differ from the gateway: over the whole app and the emulator. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { DriftBody } from '../../../shared/operations/reconcile/list-drift.ts';
import { type GatewayWorld } from '../../support/gateway-world.ts';
import type { Answered } from '../http/http-call.ts';
import { ACCOUNT, numberAt, place, drift, kinds, reconcile, settled, plant } from './reconcile-world.ts';

let world: GatewayWorld;
beforeEach(async () => {
  world = await settled();
});

const post = (path: string): Promise<Answered> => world.call(path, { method: 'POST' });
const idOf = async (kind: string): Promise<string> => (await drift(world)).find((one) => one.kind === kind)?.id ?? 'none';

describe('what differs', () => {
  it('is listed page by page, by filter, and as CSV', async () => {
    plant(world);
    await reconcile(world);
    const first = await world.call('operator/drift?maxpagesize=3');
    const { value, nextLink = '' } = first.body as { value: DriftBody[]; nextLink?: string };
    const rest = await drift(world, nextLink.slice(nextLink.indexOf('?')));
    expect([...value, ...rest].map(({ id }) => id)).toEqual((await drift(world)).map(({ id }) => id));
    expect(await drift(world, '?partnerId=beta')).toEqual([]);
    expect(await drift(world, '?status=accepted')).toEqual([]);
    const csv = await world.call('operator/drift?kind=numberMissing', { headers: { accept: 'text/csv' } });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'id,kind,status,partnerId,customerId,accountName,telephoneNumber,field,ours,upstream,firstSeenAt,lastSeenAt',
      expect.stringContaining(`,numberMissing,open,acme,contoso,${ACCOUNT},${numberAt(1)},,,,`) as unknown,
    ]);
    expect((await world.call('operator/drift?continuationToken=x')).error.code).toBe('InvalidContinuationToken');
  });

  it('is over when the state of the gateway is accepted, item by item, repeatably', async () => {
    plant(world);
    await reconcile(world);
    for (const kind of ['numberMissing', 'numberExtra', 'numberDifferent', 'accountDifferent']) {
      const id = await idOf(kind);
      for (let turn = 0; turn < 2; turn++) {
        const answered = await post(`operator/drift/${id}/accept`);
        expect([kind, answered.status, (answered.body as DriftBody).status]).toEqual([kind, 200, 'accepted']);
      }
    }
    await world.run();
    const index = (await world.rowsOf('NumberIndex').get('n|44163296', 'n|4416329600'))?.value as { holders: Record<string, unknown> };
    expect(Object.keys(index.holders).sort()).toEqual(['00', '02', '03', '04', '05', '09']);
    await reconcile(world);
    expect(await kinds(world)).toEqual([]);
    const numbers = (await world.call('customers/contoso/numbers', { token: 'acme' })).body as { value: { telephoneNumber: string }[] };
    expect(numbers.value.map(({ telephoneNumber }) => telephoneNumber)).toEqual([0, 2, 3, 4, 5, 9].map(numberAt));
    expect((await world.call('customers/contoso', { token: 'acme' })).body).toMatchObject({ reference: 'somebody else' });
  });

  it('tells the partner once of each number that came or went as it was accepted', async () => {
    plant(world);
    await reconcile(world);
    for (const kind of ['numberMissing', 'numberExtra', 'numberDifferent']) {
      const id = await idOf(kind);
      await post(`operator/drift/${id}/accept`);
      await post(`operator/drift/${id}/accept`);
    }
    await world.run();
    const { value } = (await world.call('events?type=number.*', { token: 'acme' })).body as { value: { type: string; data: object }[] };
    expect(value.map(({ type, data }) => ({ type, ...data }))).toEqual([
      { type: 'number.released', telephoneNumber: numberAt(1), customerId: 'contoso' },
      { type: 'number.synced', telephoneNumber: numberAt(9), customerId: 'contoso', status: 'Succeeded' },
    ]);
  });

  it('is over when ours is put back, by one operation, repeatably', async () => {
    plant(world);
    await reconcile(world);
    const ids = await Promise.all(['numberMissing', 'numberExtra', 'numberDifferent', 'accountDifferent'].map(idOf));
    for (const id of ids) {
      const first = await post(`operator/drift/${id}/reapply`);
      expect([first.status, first.headers.get('operation-location')]).toEqual([
        202,
        expect.stringMatching(/(number-orders|operations)\//) as unknown,
      ]);
      expect((await post(`operator/drift/${id}/reapply`)).body).toEqual(first.body);
      await world.run();
    }
    expect(world.emulator.world.store.number(numberAt(1))?.content.serviceDetails.teamsOperatorConnect).toMatchObject({ enabled: true });
    expect(world.emulator.world.store.number(numberAt(9))).toBeUndefined();
    await reconcile(world);
    expect(await kinds(world)).toEqual([]);
  });

  it('waits to be decided while something of the customer is under way, and is nobody’s who is not there', async () => {
    plant(world);
    await reconcile(world);
    const id = await idOf('numberMissing');
    await place(world, [numberAt(6)]);
    for (const what of ['accept', 'reapply']) {
      const answered = await post(`operator/drift/${id}/${what}`);
      expect([answered.status, answered.error.code]).toEqual([409, 'OperationUnderWay']);
      expect((await post(`operator/drift/nothing/${what}`)).error).toMatchObject({ code: 'ResourceNotFound', target: 'drift' });
    }
  });

  it('cannot be accepted when another customer holds the number', async () => {
    plant(world);
    await reconcile(world);
    await world
      .rowsOf('NumberIndex')
      .commit('n|44163296', [
        { kind: 'put', key: 'n|4416329600', value: { v: 1, holders: { '09': { partner: 'beta', lane: 'acc.beta-fabrikam', op: 3 } } } },
      ]);
    expect((await post(`operator/drift/${await idOf('numberExtra')}/accept`)).error.code).toBe('NumberHeld');
  });

  it('makes a customer go whose account is gone, when that is accepted', async () => {
    world.seed({ removeAccounts: [ACCOUNT], removeNumbers: [0, 1, 2, 3, 4, 5].map(numberAt) });
    await reconcile(world);
    expect((await post(`operator/drift/${await idOf('accountMissing')}/accept`)).status).toBe(200);
    await world.run();
    expect((await world.call('customers/contoso', { token: 'acme' })).status).toBe(404);
    await reconcile(world);
    expect(await kinds(world)).toEqual([]);
  });
});
