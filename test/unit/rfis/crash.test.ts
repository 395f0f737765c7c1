import { describe, expect, it } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { FaultPoint } from '../../../shared/rfis/fault-points.ts';
import { LEASE_MS } from '../../../shared/rfis/scan-state.ts';
import { ACME, Killed, makeRfiWorld, rfi, scan, tenant, type RfiWorld } from './rfi-world.ts';

/** New, changed, gone, removed by status, reassigned: every kind of commit there is. */
const eventful = async (table?: (store: RowStore, name: string) => RowStore): Promise<RfiWorld> => {
  const world = makeRfiWorld(table ? { table } : {});
  world.upstream = [rfi(0), rfi(1), rfi(2), rfi(3)];
  world.customers = [{ ...ACME, tenantId: tenant(0) }];
  await scan(world);
  world.upstream = [rfi(0, { status: 'suspended' }), rfi(2), rfi(3, { status: 'removed' }), rfi(5)];
  world.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(2) }];
  await world.sync();
  return world;
};

/** RFI 0 leaves acme in the same scan that changes it, so beta and the operator hear of what they newly have. */
const EXPECTED = [
  'rfi.assigned beta 2',
  'rfi.assigned operator 0',
  'rfi.received acme 0',
  'rfi.received operator 1',
  'rfi.received operator 2',
  'rfi.received operator 3',
  'rfi.received operator 5',
  'rfi.removed operator 1',
  'rfi.removed operator 3',
];

const checkAtEnd = async (world: RfiWorld, killedAt: string): Promise<void> => {
  await world.sweep();
  await world.sweep();
  expect(world.events(), killedAt).toEqual(EXPECTED);
  expect(world.handedOver.length, killedAt).toBe(EXPECTED.length);
  expect(await world.dueAll(), killedAt).toEqual([]);
  expect(await world.isSyncRequested(), killedAt).toBe(false);
  const idsOf = async (partner?: string) => {
    const page = await world.list({ seesContacts: false, ...(partner === undefined ? {} : { partner }) }, {});
    return 'body' in page ? page.body.value.map(({ tenantId }) => tenantId) : page;
  };
  expect([await idsOf('acme'), await idsOf('beta'), await idsOf()], killedAt).toEqual([[], [tenant(2)], [0, 1, 2, 3, 5].map(tenant)]);
};

describe('a scan that is killed', () => {
  it('has told everything once after another one, whatever the moment', async () => {
    const whole = await eventful();
    whole.killAt(Number.POSITIVE_INFINITY);
    await scan(whole);
    const { moments } = whole;
    await checkAtEnd(whole, 'not killed');
    expect(moments).toBeGreaterThan(20);
    for (let at = 0; at < moments; at++) {
      const world = await eventful();
      world.killAt(at);
      await expect(scan(world), `killed at ${at}`).rejects.toThrow(Killed);
      world.revive();
      world.nowMs += LEASE_MS;
      // What a dead scan left behind is found by the sweep, as between any two scans.
      await world.sweep();
      expect(await scan(world), `killed at ${at}`).toMatchObject({ outcome: 'complete' });
      await scan(world);
      await checkAtEnd(world, `killed at ${at}`);
    }
  });

  it.each<FaultPoint>([
    'scan.begun',
    'scan.pageRead',
    'scan.pagesDone',
    'scan.done',
    'change.committed',
    'change.indexed',
    'change.published',
  ])('at %s has told everything once after another one, and never that something is gone too early', async (point) => {
    const world = await eventful();
    world.dieAt(point);
    await expect(scan(world)).rejects.toThrow(Killed);
    const goneEarly = world.events().filter((event) => event === 'rfi.removed operator 1');
    if (point === 'scan.begun' || point === 'scan.pageRead') expect(goneEarly).toEqual([]);
    world.revive();
    world.nowMs += LEASE_MS;
    await world.sweep();
    await scan(world);
    await scan(world);
    await checkAtEnd(world, point);
  });

  it('has told everything once when answers of committed writes get lost', async () => {
    for (let seed = 0; seed < 40; seed++) {
      let n = seed;
      const forgetful = (store: RowStore): RowStore => ({
        ...store,
        commit: async (partition, writes) => {
          const result = await store.commit(partition, writes);
          n = (n * 48_271 + 11) % 2_147_483_647;
          return n % 5 === 0 ? { outcome: 'conflict' } : result;
        },
      });
      const world = await eventful(forgetful);
      for (let scans = 0; scans < 4; scans++) {
        await scan(world);
        await world.sweep();
      }
      await checkAtEnd(world, `seed ${seed}`);
    }
  });
});
