import { describe, expect, it } from 'vitest';
import type { OnExisting } from '../../../shared/operations/model.ts';
import type { NumberState } from '../../../shared/operations/number-block.ts';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { verdictOnExisting, verdictOnHolder } from '../../../shared/operations/screen.ts';
import { screenLane } from '../../../shared/operations/screen-lane.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { worldWithAccount } from './lane-world.ts';
import { accountDraft, digitsAt, digitsFrom, LANE, membersOf, rowOf } from './samples.ts';

const [MEMBER] = membersOf([digitsAt(7)], 5);
const blocksWith = (state: NumberState) =>
  new Map([
    [
      digitsAt(7).slice(0, -2),
      rowOf({ v: 1 as const, numbers: { [digitsAt(7).slice(-2)]: { op: 2, seg: 0, item: 0, by: 2, since: '', state } } }),
    ],
  ]);

describe('a number that exists when its turn comes', () => {
  it.each<[OnExisting | undefined, NumberState, string | undefined]>([
    ['fail', 'synced', 'failed'],
    ['fail', 'pending', 'failed'],
    ['skip', 'synced', 'skipped'],
    ['update', 'synced', undefined],
    [undefined, 'synced', undefined],
    // Not in service: ordering it again is how it is mended.
    ['fail', 'failed', undefined],
    ['fail', 'leaving', undefined],
  ])('with onExisting %s and known as %s: %s', (onExisting, state, to) => {
    if (!MEMBER) expect.fail('no member');
    const verdict = verdictOnExisting(onExisting === undefined ? {} : { onExisting }, MEMBER, blocksWith(state), { removedSeq: 1 });
    expect(verdict?.to).toBe(to);
  });

  it('is over with the account that had it', () => {
    if (!MEMBER) expect.fail('no member');
    expect(verdictOnExisting({ onExisting: 'fail' }, MEMBER, blocksWith('synced'), { removedSeq: 2 })).toBeUndefined();
  });
});

describe('a number that another customer holds', () => {
  const holder = { partner: 'acme', lane: 'acc.acme-other', op: 1 };
  it('is assigned for its own partner, and not allocated for any other', () => {
    expect(verdictOnHolder('acme', holder)?.error?.code).toBe('NumberAlreadyAssigned');
    expect(verdictOnHolder('beta', holder)?.error?.code).toBe('NumberNotAllocated');
    expect(verdictOnHolder('beta', undefined)).toBeUndefined();
  });
});

describe('screening a lane', () => {
  it('ends an order whose numbers all exist without a request, with its event, and clears the rest', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 150));
    await world.drain('synced');
    const { id: skipped } = await world.order(digitsFrom(0, 150), { onExisting: 'skip' });
    const { id: failed } = await world.order(digitsFrom(149, 2), { onExisting: 'fail' });
    const index = makeNumberIndex({ table: memoryRowStore(), sleep: () => Promise.resolve(), random: () => 0 });
    const cleared = new Set<string>();
    const events = (await world.lane()).events;
    await screenLane({ ...world.step, index }, LANE, 2, cleared);
    expect(await world.lanes.readOperation(skipped)).toMatchObject({ state: 'Succeeded', counts: { skipped: 150, pending: 0 } });
    // Both orders have begun, one has ended.
    expect((await world.lane()).events).toBe(events + 3);
    expect(await world.lanes.readOperation(failed)).toMatchObject({
      state: 'Running',
      counts: { failed: 1, pending: 1 },
      failures: { NumberExists: 1 },
    });
    expect([...cleared]).toEqual([`4/${digitsAt(150)}`]);
    expect((await world.lane()).unsent).toBe(1);
    expect((await world.claimBatch()).members.map(({ digits }) => digits)).toEqual([digitsAt(150)]);
  });

  it.each([
    ['fails what was accepted behind it, with nothing sent', 'failed', { state: 'Failed', failures: { ServiceNotEnabled: 150 } }, 0],
    ['lets it go when it came true', 'synced', { state: 'NotStarted', counts: { pending: 150 } }, 100],
  ])('an account change that an order requires: %s', async (_what, end, expected, leaving) => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 150), {
      first: accountDraft({ payload: { serviceDetails: { zoom: { enabled: true } } } }),
    });
    await world.answer(await world.claimBatch(), end);
    await world.fold();
    const index = makeNumberIndex({ table: memoryRowStore(), sleep: () => Promise.resolve(), random: () => 0 });
    await screenLane({ ...world.step, index }, LANE, 2, new Set());
    expect(await world.lanes.readOperation(id)).toMatchObject(expected);
    const next = await world.claimNext();
    expect(next.kind === 'claimed' ? next.batch.members.length : 0).toBe(leaving);
  });
});
