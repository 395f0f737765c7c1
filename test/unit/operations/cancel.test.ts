import { describe, expect, it } from 'vitest';
import { makeCancelOperation, type Canceled } from '../../../shared/operations/cancel.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsAt, digitsFrom } from './samples.ts';

const cancelIn = (world: LaneWorld, id: string, partner = 'acme'): Promise<Canceled> =>
  makeCancelOperation({ ...world.step, wakeLane: () => Promise.resolve() })(partner, id);

describe('canceling', () => {
  it('ends everything of an order that has not been sent, and nothing of it is claimed afterwards', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 250));
    const canceled = await cancelIn(world, id);
    expect(canceled).toMatchObject({ kind: 'canceled', operation: { state: 'Canceled', counts: { canceled: 250, pending: 0 } } });
    expect(await world.lane()).toMatchObject({ unsent: 0, events: 2, due: {} });
    expect((await world.claimNext()).kind).toBe('idle');
  });

  it('lets what was claimed finish and ends the order with it', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 250));
    const batch = await world.claimBatch();
    expect(await cancelIn(world, id)).toMatchObject({ operation: { counts: { pending: 100, canceled: 150 } } });
    expect(await world.lane()).toMatchObject({ unsent: 0 });
    await world.answer(batch, 'synced');
    await world.fold();
    expect(await world.lanes.readOperation(id)).toMatchObject({ state: 'PartiallySucceeded', counts: { succeeded: 100, canceled: 150 } });
  });

  it('keeps its hands off items whose answer is known and not folded yet', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 2));
    await world.answer(await world.claimBatch(), 'synced');
    expect(await cancelIn(world, id)).toMatchObject({ operation: { counts: { canceled: 0, pending: 2 } } });
    await world.fold();
    expect(await world.lanes.readOperation(id)).toMatchObject({ state: 'Succeeded' });
  });

  it('cancels an order only, not others of its lane, which then leave', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 3));
    await world.order([digitsAt(1), digitsAt(9)]);
    await cancelIn(world, id);
    expect(await world.drain('synced')).toEqual([[digitsAt(1), digitsAt(9)]]);
  });

  it('says the same when it is repeated', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 3));
    const first = await cancelIn(world, id);
    expect(await cancelIn(world, id)).toEqual(first);
    expect(await world.lane()).toMatchObject({ events: 2 });
  });

  it('refuses an order that ended by itself, an account change and a foreign order', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 3));
    await world.drain('synced');
    const account = await world.changeAccount();
    const kinds = [await cancelIn(world, id), await cancelIn(world, account.id), await cancelIn(world, id, 'beta')];
    expect(kinds.map(({ kind }) => kind)).toEqual(['ended', 'missing', 'missing']);
  });

  it('cancels 10,000 numbers within the transaction budget', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 10_000));
    expect(await cancelIn(world, id)).toMatchObject({ operation: { state: 'Canceled', counts: { canceled: 10_000 } } });
  });

  it('takes several transactions where the segments are too large for one', async () => {
    const world = await worldWithAccount();
    const long = Array.from({ length: 10_000 }, (_, n) => `${n}`.padStart(250, '4'));
    const { id } = await world.order(long);
    expect(await cancelIn(world, id)).toMatchObject({ operation: { state: 'Canceled', counts: { canceled: 10_000 } } });
    expect(await world.lane()).toMatchObject({ unsent: 0 });
  });

  it('asks to try again while the lane stays contended', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 3));
    const lanes = { ...world.lanes, commit: () => Promise.resolve(false) };
    const cancel = makeCancelOperation({ ...world.step, lanes, wakeLane: () => Promise.resolve() });
    expect(await cancel('acme', id)).toEqual({ kind: 'busy' });
  });
});
