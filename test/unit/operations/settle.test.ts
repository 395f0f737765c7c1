import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../shared/operations/model.ts';
import { fitting } from '../../../shared/operations/settle.ts';
import type { Change } from '../../../shared/operations/verdict.ts';
import { MAX_TRANSACTION_ROWS } from '../../../shared/platform/tables/transaction-budget.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsAt, digitsFrom, LANE, NOW_MS } from './samples.ts';

const succeeded: Verdict = { to: 'succeeded', executed: true };
const changeAt = (op: number, seg: number, n: number, item = 0): Change => ({
  n,
  index: item,
  member: { op, seg, item, digits: digitsAt(item) },
  verdict: succeeded,
});
/** Room that lane row and due rows need: two writes for each kind of due. */
const ELSEWHERE = 1 + 2 * 5;

const rowsOf = (changes: readonly Change[]): number => {
  const operations = new Set(changes.map(({ member }) => member.op));
  const segments = new Set(changes.map(({ member }) => `${member.op}/${member.seg}`));
  return operations.size * 2 + segments.size + new Set(changes.map(({ n }) => n)).size;
};

/** Rows of each transaction that the lane's partition sees from now on. */
const watchCommits = (world: LaneWorld): number[] => {
  const sizes: number[] = [];
  const { commit } = world.state;
  world.state.commit = (partition, writes) => {
    sizes.push(writes.length);
    return commit(partition, writes);
  };
  return sizes;
};

describe('the verdicts that fit into one transaction', () => {
  it('are a prefix that is never over budget, and never empty', () => {
    const change = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 300 }), (places) => {
        const all = places.map(([op, seg, n], item) => changeAt(op, seg, n, item));
        const fits = fitting(all);
        expect(fits).toEqual(all.slice(0, fits.length));
        expect(fits.length).toBeGreaterThan(0);
        expect(rowsOf(fits) + ELSEWHERE).toBeLessThanOrEqual(MAX_TRANSACTION_ROWS);
      }),
      { numRuns: 200 },
    );
  });

  it('are all 100 of one operation', () => {
    expect(fitting(Array.from({ length: 100 }, (_, item) => changeAt(2, 0, 1, item)))).toHaveLength(100);
  });
});

describe('folding', () => {
  it('takes a batch of 100 operations that all end, events included, in transactions within the budget', async () => {
    const world = await worldWithAccount();
    for (let n = 0; n < 100; n++) await world.order([digitsAt(n)]);
    const sizes = watchCommits(world);
    await world.drain('synced');
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_TRANSACTION_ROWS);
    const lane = await world.lane();
    expect([lane.unsent, lane.waiting, lane.events, lane.answered]).toEqual([0, 0, 201, []]);
    expect(await world.lanes.readBatches(LANE)).toEqual([]);
  });

  it('takes them in transactions within the budget where each number is told of, too', async () => {
    const world = await worldWithAccount({ wantsNumbers: () => Promise.resolve(true) });
    for (let n = 0; n < 100; n++) await world.order([digitsAt(n)]);
    const sizes = watchCommits(world);
    await world.drain('synced');
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_TRANSACTION_ROWS);
    expect((await world.lane()).events).toBeGreaterThan(201);
  });

  it('ends 100 operations that one operation overwrote, within the budget', async () => {
    const world = await worldWithAccount();
    const singles = [];
    for (let n = 0; n < 100; n++) singles.push(await world.order([digitsAt(n)]));
    await world.drain('pending');
    await world.order(digitsFrom(0, 100));
    const sizes = watchCommits(world);
    await world.drain('synced');
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_TRANSACTION_ROWS);
    for (const { id } of singles) expect((await world.lanes.readOperation(id))?.counts.superseded).toBe(1);
    expect(await world.lanes.readBatches(LANE)).toEqual([]);
    expect((await world.lane()).waiting).toBe(0);
  });

  it('looks first soon after something was submitted, and not at all when nothing waits', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    await world.drain('pending');
    expect(await world.lane()).toMatchObject({ waiting: 1, waitingSinceMs: NOW_MS, due: { poll: NOW_MS + 5_000 } });
    await world.order([digitsAt(0)]);
    await world.drain('synced');
    const lane = await world.lane();
    expect(lane.waiting).toBe(0);
    expect(Object.keys(lane.due).sort()).toEqual(['index', 'publish']);
  });

  it('keeps exactly the due rows that the lane row names, whatever happens', async () => {
    const step = fc.constantFrom('order', 'account', 'claim', 'answer', 'fold', 'wait');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const world = await worldWithAccount();
        const out = [];
        for (const [n, what] of steps.entries()) {
          if (what === 'order') await world.order(digitsFrom(n % 3, 2));
          if (what === 'account') await world.changeAccount();
          const claimed = what === 'claim' ? await world.claimNext() : undefined;
          if (claimed?.kind === 'claimed') out.push(claimed.batch);
          const batch = what === 'answer' ? out.shift() : undefined;
          if (batch) await world.answer(batch, n % 2 === 0 ? 'synced' : 'pending');
          if (what === 'fold') await world.fold();
          if (what === 'wait') world.moveClock(60_000);
        }
        const lane = await world.lane();
        const [partition = ''] = world.state.partitions();
        const rows = world.state.all(partition).filter(({ key }) => key.startsWith('due|'));
        const named = Object.entries(lane.due).map(([kind, atMs]) => `due|${kind}|${new Date(atMs).toISOString()}|${LANE}`);
        expect(rows.map(({ key }) => key)).toEqual(named.sort());
        if (lane.unsent + lane.flying.length + lane.answered.length > 0) expect([lane.due.apply, lane.due.fold].some(Boolean)).toBe(true);
        if (lane.waiting > 0) expect(lane.due.poll).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });
});
