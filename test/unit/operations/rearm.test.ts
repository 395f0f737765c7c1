import { expect, it } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeRearm } from '../../../shared/operations/rearm.ts';
import { worldWithAccount } from './lane-world.ts';
import { digitsFrom, LANE } from './samples.ts';

it('makes due at once what there is to do, whenever it would have been due, and wakes the lane', async () => {
  const world = await worldWithAccount();
  await world.order(digitsFrom(0, 3));
  await world.claimBatch();
  expect((await world.lane()).due.apply).toBeGreaterThan(world.step.now());
  const woken: string[] = [];
  const rearm = makeRearm({ ...world.step, wakeLane: async (lane) => void woken.push(lane) });
  expect(await rearm(LANE)).toEqual({ body: { lane: LANE, due: ['index', 'publish', 'apply'] } });
  expect((await world.lane()).due.apply).toBe(world.step.now());
  expect(woken).toEqual([LANE]);
  expect((await world.claimNext()).kind).toBe('blocked');
});

it('knows no lane that there is not', async () => {
  const world = await worldWithAccount();
  const answer = await makeRearm({ ...world.step, wakeLane: () => Promise.resolve() })('acc.acme-nobody');
  expect(answer).toBeInstanceOf(AppError);
});
