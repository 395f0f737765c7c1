import { describe, expect, it } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { LEASE_MS, RETRY_MS } from '../../../shared/rfis/scan-state.ts';
import { ACME, filled, Killed, makeRfiWorld, rfi, scan, tenant } from './rfi-world.ts';

describe('assignment', () => {
  it('follows the customer that appears, and the old owner no longer lists it', async () => {
    const world = await filled(2);
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    expect(await scan(world)).toMatchObject({ counts: { received: 0, assigned: 1 } });
    expect(await scan(world)).toMatchObject({ counts: { received: 0, assigned: 0 } });
    world.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(1) }];
    await scan(world);
    expect(world.events().filter((event) => event.endsWith(' 1'))).toEqual([
      'rfi.assigned acme 1',
      'rfi.assigned beta 1',
      'rfi.received operator 1',
    ]);
    const listed = async (partner: string) => world.list({ partner, seesContacts: false }, {});
    expect(await listed('acme')).toEqual({ body: { value: [] } });
    expect(await listed('beta')).toMatchObject({ body: { value: [{ tenantId: tenant(1), customerId: 'x' }] } });
  });

  it('waits until the events of the old owner are on their way: no event reaches another partner', async () => {
    const world = makeRfiWorld();
    world.upstream = [rfi(1)];
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    world.publishing = false;
    await scan(world);
    world.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(1) }];
    await scan(world);
    expect((await world.lane(1))?.partner).toBe('acme');
    world.publishing = true;
    await world.sweep();
    await scan(world);
    expect(world.events()).toEqual(['rfi.assigned beta 1', 'rfi.received acme 1']);
  });

  it('is not undone in the lists by somebody who read the lane before', async () => {
    const world = await filled(1);
    world.customers = [{ ...ACME, tenantId: tenant(0) }];
    await scan(world);
    const stale = await world.lane(0);
    world.customers = [];
    await scan(world);
    if (!stale) throw new Error('no lane');
    await world.project(stale);
    expect(await world.list({ partner: 'acme', seesContacts: true }, {})).toEqual({ body: { value: [] } });
    expect(await world.list({ seesContacts: true }, {})).toMatchObject({ body: { value: [{ tenantId: tenant(0) }] } });
  });
});

describe('the lease', () => {
  it('lets one scan run at a time', async () => {
    const world = await filled(1);
    const inside: unknown[] = [];
    world.onAsk = async () => void inside.push(await world.ingest());
    await scan(world);
    expect(inside).toEqual([{ outcome: 'busy' }]);
  });

  it('passes on from a scan that died, after it ran out', async () => {
    const world = await filled(1);
    world.onAsk = async () => {
      world.killAt(0);
      world.onAsk = async () => undefined;
      throw new Killed();
    };
    await expect(scan(world)).rejects.toThrow(Killed);
    world.revive();
    expect(await scan(world)).toEqual({ outcome: 'busy' });
    world.nowMs += LEASE_MS;
    expect(await scan(world)).toMatchObject({ outcome: 'complete' });
  });

  it('is given back at once by a scan that fails alive', async () => {
    const world = await filled(1);
    world.onAsk = async () => {
      world.onAsk = async () => undefined;
      throw new Error('tables are down');
    };
    await expect(scan(world)).rejects.toThrow('tables are down');
    expect(await scan(world)).toMatchObject({ outcome: 'complete' });
  });
});

describe('a requested sync', () => {
  it('waits until a scan is complete, and is refused while one waits or runs', async () => {
    const world = await filled(1);
    expect(await world.isSyncRequested()).toBe(false);
    const requestedAt = new Date(world.nowMs).toISOString();
    expect(await world.sync()).toEqual({ status: 202, body: { status: 'NotStarted', requestedAt } });
    expect(await world.sync()).toMatchObject({ code: 'SyncInProgress' });
    expect(await world.isSyncRequested()).toBe(true);
    const inside: unknown[] = [];
    world.onAsk = async () => void inside.push(await world.isSyncRequested(), await world.sync());
    await scan(world);
    expect(inside).toMatchObject([false, { code: 'SyncInProgress' }]);
    expect(await world.isSyncRequested()).toBe(false);
    expect(await world.sync()).toMatchObject({ status: 202 });
  });

  it('is taken when the answer that it was stored got lost', async () => {
    let lost = 1;
    const forgetful = (store: RowStore): RowStore => ({
      ...store,
      commit: async (partition, writes) => {
        const result = await store.commit(partition, writes);
        return lost-- > 0 ? { outcome: 'conflict' } : result;
      },
    });
    const world = makeRfiWorld({ table: forgetful });
    expect(await world.sync()).toMatchObject({ status: 202 });
    expect(await world.isSyncRequested()).toBe(true);
  });

  it('is not answered by a scan that began before it', async () => {
    const world = await filled(1);
    world.onAsk = async () => {
      // So slow that it was taken for dead.
      world.nowMs += LEASE_MS + 1;
      expect(await world.sync()).toMatchObject({ status: 202 });
      world.onAsk = async () => undefined;
    };
    expect(await scan(world)).toMatchObject({ outcome: 'complete' });
    expect(await world.isSyncRequested()).toBe(true);
    await scan(world);
    expect(await world.isSyncRequested()).toBe(false);
  });

  it('survives a scan that dies and is tried again later after one that failed', async () => {
    const world = await filled(4);
    await world.sync();
    world.killAt(2);
    world.upstream.push(rfi(7));
    await expect(scan(world)).rejects.toThrow(Killed);
    world.revive();
    expect(await world.isSyncRequested()).toBe(false);
    world.nowMs += LEASE_MS;
    expect(await world.isSyncRequested()).toBe(true);
    world.failsFrom = 0;
    expect(await world.ingest()).toMatchObject({ outcome: 'upstreamUnavailable' });
    expect(await world.isSyncRequested()).toBe(false);
    world.nowMs += RETRY_MS;
    expect(await world.isSyncRequested()).toBe(true);
    world.failsFrom = Number.POSITIVE_INFINITY;
    await world.ingest();
    expect(await world.isSyncRequested()).toBe(false);
  });
});
