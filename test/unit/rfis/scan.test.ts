import { describe, expect, it } from 'vitest';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { LEASE_MS } from '../../../shared/rfis/scan-state.ts';
import { ACME, filled, makeRfiWorld, rfi, scan, tenant } from './rfi-world.ts';

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
