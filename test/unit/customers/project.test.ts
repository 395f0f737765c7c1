import { describe, expect, it } from 'vitest';
import { isCustomer, makeFindPartnersOfTenant, makeProjectCustomer } from '../../../shared/customers/project.ts';
import type { CustomerLane } from '../../../shared/customers/ports.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';

const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';
const OTHER = 'b7f4bd5c-cc01-40f4-8baa-2b6bdb272b8b';

const laneOf = (teamsTenantId: string | undefined, operationSeq = 1, partner = 'acme'): CustomerLane => ({
  v: 1,
  lane: `acc.${partner}-contoso`,
  partner,
  customerId: 'contoso',
  accountName: `${partner}-contoso`,
  events: 0,
  published: 0,
  due: {},
  account: {
    status: 'Pending',
    errors: [],
    operationId: 'a1',
    operationSeq,
    requestHash: 'hash',
    view: {
      ...(teamsTenantId === undefined ? {} : { teamsTenantId }),
      reference: 'crm-1',
      services: { teamsOperatorConnect: { enabled: true }, zoomPhoneCloudPeering: { enabled: false } },
    },
    createdAt: '2026-11-22T00:00:00.000Z',
    updatedAt: '2026-11-22T00:00:00.000Z',
  },
});

const world = (lists: RowStore = memoryRowStore()) => ({
  lists,
  project: makeProjectCustomer({ lists }),
  partnersOf: makeFindPartnersOfTenant({ lists }),
});
const ACME = { partner: 'acme', customerId: 'contoso' };

describe('the lists of customers', () => {
  it('show a customer among its partner’s and under its tenant', async () => {
    const { lists, project, partnersOf } = world();
    await project(laneOf(TENANT));
    expect((await lists.get('customers|acme', 'contoso'))?.value).toEqual({
      v: 1,
      customerId: 'contoso',
      accountName: 'acme-contoso',
      teamsTenantId: TENANT,
      reference: 'crm-1',
      services: ['teamsOperatorConnect'],
      createdAt: '2026-11-22T00:00:00.000Z',
      operationSeq: 1,
    });
    expect(await partnersOf(TENANT.toUpperCase())).toEqual([ACME]);
    expect(await partnersOf(OTHER)).toEqual([]);
  });

  it('name every partner of a tenant', async () => {
    const { project, partnersOf } = world();
    await project(laneOf(TENANT));
    await project(laneOf(TENANT, 1, 'beta'));
    expect(await partnersOf(TENANT)).toEqual([ACME, { partner: 'beta', customerId: 'contoso' }]);
  });

  it('follow a customer to another tenant, and to none', async () => {
    const { project, partnersOf } = world();
    await project(laneOf(TENANT));
    await project(laneOf(OTHER, 2));
    expect([await partnersOf(TENANT), await partnersOf(OTHER)]).toEqual([[], [ACME]]);
    await project(laneOf(undefined, 3));
    expect(await partnersOf(OTHER)).toEqual([]);
  });

  it('are the same after a repeat, and an older look changes nothing', async () => {
    const { lists, project, partnersOf } = world();
    await project(laneOf(OTHER, 2));
    const before = (await lists.get('customers|acme', 'contoso'))?.value;
    await project(laneOf(OTHER, 2));
    await project(laneOf(TENANT, 1));
    expect((await lists.get('customers|acme', 'contoso'))?.value).toEqual(before);
    expect([await partnersOf(TENANT), await partnersOf(OTHER)]).toEqual([[], [ACME]]);
  });

  it('come right when the writer dies after any of its writes and does it again', async () => {
    for (let kill = 0; kill < 3; kill++) {
      const store = memoryRowStore();
      await world(store).project(laneOf(TENANT));
      let left = kill;
      const dying: RowStore = {
        ...store,
        commit: (...asked) => (left-- > 0 ? store.commit(...asked) : Promise.reject(new Error('killed'))),
      };
      await expect(world(dying).project(laneOf(OTHER, 2))).rejects.toThrow('killed');
      const { project, partnersOf } = world(store);
      await project(laneOf(OTHER, 2));
      expect([await partnersOf(TENANT), await partnersOf(OTHER)]).toEqual([[], [ACME]]);
    }
  });

  it('know a customer’s lane from others', () => {
    expect(isCustomer(laneOf(TENANT))).toBe(true);
    expect(isCustomer({ ...laneOf(TENANT), lane: `rfi.${TENANT}` })).toBe(false);
  });
});
