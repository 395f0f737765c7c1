import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, filled, KEEP_MS, rfi, scan, tenant, type RfiWorld } from './rfi-world.ts';

const SEES_ALL = { seesContacts: true };
const DAY_MS = 86_400_000;

let world: RfiWorld;
beforeEach(async () => {
  world = await filled(4);
});

/** The contacts of RFI `n` as read and as listed. */
const contactsOf = async (n: number): Promise<unknown[]> => {
  const [one, page] = [await world.get(SEES_ALL, tenant(n), false), await world.list(SEES_ALL, {})];
  if (!('body' in one) || !('body' in page)) throw new Error('not to be read');
  const listed = page.body.value.find(({ tenantId }) => tenantId === tenant(n));
  expect(listed?.contacts).toEqual(one.body.contacts);
  return one.body.contacts ?? [];
};
const stored = (): string =>
  JSON.stringify([world.memory.State, world.memory.Lists].map((store) => store.partitions().map((partition) => store.all(partition))));

describe('contacts that somebody wants erased', () => {
  it('are nowhere any more, and stay away while the gateway goes on showing them', async () => {
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    await scan(world);
    expect(await contactsOf(1)).toHaveLength(1);
    for (const n of [0, 1, 2, 3]) expect(await world.eraseContacts(tenant(n))).toBeUndefined();
    expect(stored()).not.toContain('Ada');
    const told = world.events();
    await scan(world);
    expect(await world.get(SEES_ALL, tenant(1), true)).toMatchObject({ body: { contacts: [] } });
    expect([stored().includes('Ada'), world.events()]).toEqual([false, told]);
  });

  it('cost nothing at later scans', async () => {
    await world.eraseContacts(tenant(1));
    await scan(world);
    const before = { ...world.writes };
    await scan(world);
    expect([world.writes.State, world.writes.Lists]).toEqual([before.State, before.Lists]);
  });

  it('come in again with another RFI of the same tenant', async () => {
    await world.eraseContacts(tenant(1));
    world.upstream = [rfi(0), rfi(1, { id: 'another' }), rfi(2), rfi(3)];
    await scan(world);
    expect(await contactsOf(1)).toHaveLength(1);
  });

  it('are erased of a closed RFI, too, and of none that is missing', async () => {
    world.upstream = [rfi(0)];
    await scan(world);
    await world.eraseContacts(tenant(1));
    expect(await contactsOf(1)).toEqual([]);
    expect(await world.eraseContacts(tenant(99))).toMatchObject({ code: 'ResourceNotFound' });
  });
});

describe('contacts', () => {
  it('are erased after the time for which they are kept, and not before', async () => {
    world.nowMs += KEEP_MS - DAY_MS;
    world.upstream.push(rfi(5));
    await scan(world);
    expect(await world.expireContacts()).toBe(0);
    world.nowMs += DAY_MS;
    expect(await world.expireContacts()).toBe(4);
    expect([await contactsOf(1), (await contactsOf(5)).length]).toEqual([[], 1]);
    expect(await world.expireContacts()).toBe(0);
  });

  it('that the customer changes are kept as long as new ones', async () => {
    world.nowMs += KEEP_MS - DAY_MS;
    world.upstream = [rfi(0), rfi(1, { contacts: [{ fullName: 'Grace', email: 'grace@contoso.example' }] }), rfi(2), rfi(3)];
    await scan(world);
    world.nowMs += DAY_MS;
    expect(await world.expireContacts()).toBe(3);
    expect(await contactsOf(1)).toMatchObject([{ fullName: 'Grace' }]);
  });

  it('of whatever was interrupted are erased the next time', async () => {
    world.nowMs += KEEP_MS;
    world.killAt(3);
    await expect(world.expireContacts()).rejects.toThrow();
    world.revive();
    await world.expireContacts();
    await world.sweep();
    expect(stored()).not.toContain('Ada');
  });
});
