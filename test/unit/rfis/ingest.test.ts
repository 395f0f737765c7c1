import { describe, expect, it } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { LEASE_MS } from '../../../shared/rfis/scan-state.ts';
import { Killed, makeRfiWorld, rfi, tenant, type RfiWorld } from './rfi-world.ts';

const ACME = { partner: 'acme', customerId: 'contoso' };
const MINUTE_MS = 60_000;

const scan = async (world: RfiWorld) => {
  world.nowMs += MINUTE_MS;
  return world.ingest();
};

const filled = async (count: number): Promise<RfiWorld> => {
  const world = makeRfiWorld();
  world.upstream = Array.from({ length: count }, (_, n) => rfi(n));
  await scan(world);
  return world;
};

describe('a scan', () => {
  it('stores every RFI of every page and says so once', async () => {
    const world = makeRfiWorld();
    world.upstream = Array.from({ length: 7 }, (_, n) => rfi(n));
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { pages: 3, seen: 7, received: 7, updated: 0, removed: 0 } });
    await scan(world);
    expect(world.events()).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `rfi.received ${n === 1 ? 'acme' : 'operator'} ${n}`).sort());
    expect(world.handedOver).toHaveLength(7);
    expect(await world.dueAll()).toEqual([]);
    expect(world.requests[0]).toMatchObject({ method: 'GET', query: { maxpagesize: '500', countRecords: 'true' } });
  });

  it('writes nothing to State and Lists when nothing changed', async () => {
    const world = await filled(7);
    const before = { ...world.writes };
    world.upstream.reverse();
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { seen: 7, received: 0 } });
    expect([world.writes.State - before.State, world.writes.Lists - before.Lists]).toEqual([0, 0]);
  });

  it('tells a change once', async () => {
    const world = await filled(4);
    world.upstream[2] = rfi(2, { lastModifiedOn: '2026-10-02T00:00:00Z', status: 'suspended' });
    expect(await scan(world)).toMatchObject({ counts: { updated: 1, received: 0 } });
    await scan(world);
    expect(world.events().filter((event) => !event.startsWith('rfi.received'))).toEqual(['rfi.updated operator 2']);
  });

  it('keeps changed contacts without telling anybody', async () => {
    const world = await filled(2);
    world.upstream[1] = rfi(1, { contacts: [{ fullName: 'Grace Hopper', email: 'grace@contoso.example' }] });
    expect(await scan(world)).toMatchObject({ counts: { refreshed: 1, updated: 0 } });
    expect(world.events()).toHaveLength(2);
    expect((await world.lane(1))?.rfi.content.contacts).toEqual([{ fullName: 'Grace Hopper', email: 'grace@contoso.example' }]);
  });

  it('tells once that an RFI is gone, and again that it came back', async () => {
    const world = await filled(5);
    const [gone] = world.upstream.splice(3, 1);
    expect(await scan(world)).toMatchObject({ counts: { removed: 1 } });
    expect(await scan(world)).toMatchObject({ counts: { removed: 0 } });
    world.upstream.push(...(gone ? [gone] : []));
    expect(await scan(world)).toMatchObject({ counts: { received: 1 } });
    expect(world.events().filter((event) => event.endsWith(' 3'))).toEqual([
      'rfi.received operator 3',
      'rfi.received operator 3',
      'rfi.removed operator 3',
    ]);
  });

  it('tells once of an RFI that is called removed and vanishes later', async () => {
    const world = await filled(2);
    world.upstream[1] = rfi(1, { status: 'removed' });
    await scan(world);
    world.upstream.pop();
    await scan(world);
    expect(world.events().filter((event) => event.endsWith(' 1'))).toEqual(['rfi.received operator 1', 'rfi.removed operator 1']);
  });

  it.each(['failsFrom', 'recordCount'] as const)('calls nothing gone when it was not whole (%s)', async (fault) => {
    const world = await filled(7);
    world.upstream.shift();
    world.upstream.push(rfi(8));
    if (fault === 'failsFrom') world.failsFrom = 2;
    else world.recordCount = 8;
    const outcome = fault === 'failsFrom' ? 'upstreamUnavailable' : 'missedRows';
    expect(await scan(world)).toMatchObject({ outcome, counts: { removed: 0 } });
    expect(world.events()).not.toContain('rfi.removed operator 0');
    Object.assign(world, { failsFrom: Number.POSITIVE_INFINITY, recordCount: 7 });
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { removed: 1 } });
    expect(world.events().filter((event) => event.endsWith(' 8'))).toEqual(['rfi.received operator 8']);
  });

  it('calls nothing gone that came while it ran', async () => {
    const world = await filled(4);
    world.onAsk = async () => {
      // Another scan, after this one's lease ran out, sees what this one's pages do not show.
      world.onAsk = async () => undefined;
      const snapshot = world.upstream;
      world.nowMs += LEASE_MS + 1;
      world.upstream = [...snapshot, rfi(9)];
      expect(await world.ingest()).toMatchObject({ outcome: 'complete', counts: { received: 1 } });
      world.upstream = snapshot;
    };
    expect(await scan(world)).toMatchObject({ outcome: 'leaseLost' });
    expect(world.events()).toContain('rfi.received operator 9');
    expect(world.events().filter((event) => event.startsWith('rfi.removed'))).toEqual([]);
  });

  it('keeps to one RFI of a tenant that has several, until it is listed no longer', async () => {
    const world = makeRfiWorld({ pageRows: 2 });
    const [first, second] = [rfi(1), rfi(1, { id: 'other', lastModifiedOn: '2026-10-09T00:00:00Z' })];
    world.upstream = [first, rfi(2), second];
    await scan(world);
    world.upstream = [second, first, rfi(2)];
    await scan(world);
    expect((await world.lane(1))?.rfi.content.id).toBe('rfi-1');
    expect(world.events()).toEqual(['rfi.received operator 1', 'rfi.received operator 2']);
    world.upstream = [rfi(2), second];
    await scan(world);
    expect((await world.lane(1))?.rfi.content.id).toBe('other');
    expect(world.events()).toContain('rfi.updated operator 1');
  });

  it('passes over what has no GUID or fits no row, and says how many', async () => {
    const world = makeRfiWorld();
    const noise = Array.from({ length: 500_000 }, (_, n) => ((n * 2_654_435_761) % 4_294_967_296).toString(36)).join('');
    world.upstream = [
      rfi(1),
      rfi(2, { customerRelationship: { status: 'x', comment: noise } }),
      { ...rfi(3), tenantId: 'contosoTenantId' },
    ];
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { received: 1, failed: 2 } });
  });

  it('decides again when somebody else was first', async () => {
    let refusals = 2;
    const refusing = (store: RowStore, name: string): RowStore => ({
      ...store,
      commit: async (partition, writes) => (name === 'State' && refusals-- > 0 ? { outcome: 'conflict' } : store.commit(partition, writes)),
    });
    const world = makeRfiWorld({ table: refusing });
    world.upstream = [rfi(1)];
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { received: 1, failed: 0 } });
    expect(world.events()).toEqual(['rfi.received operator 1']);
  });

  it('asks for 20 pages for 10,000 RFIs', async () => {
    const world = makeRfiWorld({ pageRows: 500 });
    world.upstream = Array.from({ length: 10_000 }, (_, n) => rfi(n));
    expect(await scan(world)).toMatchObject({ counts: { received: 10_000, pages: 20 } });
    const before = { ...world.writes };
    expect(await scan(world)).toMatchObject({ outcome: 'complete', counts: { received: 0, pages: 20 } });
    expect([world.requests.length, world.writes.State - before.State]).toEqual([40, 0]);
  });

  it('ends when links lead in circles', async () => {
    const world = makeRfiWorld({ pageRows: 1 });
    world.upstream = Array.from({ length: 300 }, () => rfi(1));
    expect(await scan(world)).toMatchObject({ outcome: 'tooManyPages', counts: { pages: 200 } });
  });
});

describe('assignment', () => {
  it('follows the customer that appears, and the old owner no longer lists it', async () => {
    const world = await filled(2);
    world.customers = [{ ...ACME, tenantId: tenant(1) }];
    expect(await scan(world)).toMatchObject({ counts: { received: 1 } });
    expect(await scan(world)).toMatchObject({ counts: { received: 0 } });
    world.customers = [{ partner: 'beta', customerId: 'x', tenantId: tenant(1) }];
    await scan(world);
    expect(world.events().filter((event) => event.endsWith(' 1'))).toEqual([
      'rfi.received acme 1',
      'rfi.received beta 1',
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
    expect(world.events()).toEqual(['rfi.received acme 1', 'rfi.received beta 1']);
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
    world.nowMs += MINUTE_MS;
    expect(await world.isSyncRequested()).toBe(true);
    world.failsFrom = Number.POSITIVE_INFINITY;
    await world.ingest();
    expect(await world.isSyncRequested()).toBe(false);
  });
});

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
  'rfi.received acme 0',
  'rfi.received beta 2',
  'rfi.received operator 0',
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
