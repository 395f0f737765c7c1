import { expect, it } from 'vitest';
import { makeCloseByHand } from '../../../shared/operations/close-by-hand.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsFrom } from './samples.ts';

const closeIn = (world: LaneWorld, id: string) =>
  makeCloseByHand({ ...world.step, wakeLane: () => Promise.resolve() })(id, 'asked by Contoso');

it('fails what waits to be confirmed and what was never sent, with the reason, and ends the order', async () => {
  const world = await worldWithAccount();
  const { id } = await world.order(digitsFrom(0, 150));
  const batch = await world.claimBatch();
  await world.answer(batch, 'pending');
  await world.fold();
  expect(await closeIn(world, id)).toEqual({ body: { id, status: 'Failed', inFlight: 0 } });
  const read = await makeReadItems(world.lanes)('acme', id);
  expect(read?.operation).toMatchObject({ failures: { ClosedByOperator: 150 }, counts: { failed: 150 } });
  expect(read?.items[0]?.error).toEqual({
    code: 'ClosedByOperator',
    upstream: [{ code: 'ClosedByOperator', message: 'asked by Contoso' }],
  });
  expect(await world.lane()).toMatchObject({ unsent: 0, waiting: 0, events: 3 });
  expect((await world.claimNext()).kind).toBe('idle');
});

it('leaves what is in flight to finish', async () => {
  const world = await worldWithAccount();
  const { id } = await world.order(digitsFrom(0, 150));
  const batch = await world.claimBatch();
  expect(await closeIn(world, id)).toEqual({ body: { id, status: 'Running', inFlight: 100 } });
  await world.answer(batch, 'synced');
  await world.fold();
  expect(await world.lanes.readOperation(id)).toMatchObject({ state: 'PartiallySucceeded', counts: { succeeded: 100, failed: 50 } });
});

it('changes nothing of what has ended', async () => {
  const world = await worldWithAccount();
  const { id } = await world.order(digitsFrom(0, 3));
  await world.drain('synced');
  const before = await world.lanes.readOperation(id);
  expect(await closeIn(world, id)).toEqual({ body: { id, status: 'Succeeded', inFlight: 0 } });
  expect(await world.lanes.readOperation(id)).toEqual(before);
});
