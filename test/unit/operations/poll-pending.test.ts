import { describe, expect, it } from 'vitest';
import { makePollPending } from '../../../shared/operations/poll-pending.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import { lanePartition } from '../../../shared/platform/tables/keys.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import type { OperationDraft } from '../../../shared/operations/operation-draft.ts';
import { worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsFrom, LANE } from './samples.ts';

const HOUR_MS = 3_600_000;
const shown = (digits: readonly string[], status: string) =>
  digits.map((one) => ({ telephoneNumber: `+${one}`, accountName: 'acme-contoso', serviceProvisioningStatus: status }));
const ok = (body: unknown): UpstreamOutcome => ({ kind: 'answer', status: 200, body });
const notFound: UpstreamOutcome = { kind: 'answer', status: 404, body: undefined };

const polling = (world: LaneWorld, answer: (request: UpstreamRequest) => UpstreamOutcome) =>
  makePollPending({
    ...world.step,
    sleep: (ms) => Promise.resolve(world.moveClock(ms)),
    state: world.state,
    leases: memoryRowStore(),
    upstream: {
      takePermit: () => Promise.resolve({ usableUntilMs: Number.MAX_SAFE_INTEGER }),
      heedOutcome: () => Promise.resolve(),
      call: (request) => Promise.resolve(answer(request)),
    },
    describeStall: () => ({ type: 'number_order.stalled', data: {} }),
    publishLane: () => Promise.resolve(),
    onFault: (_, error) => {
      throw error;
    },
  });

const waiting = async (count: number, more: Partial<OperationDraft> = {}): Promise<LaneWorld> => {
  const world = await worldWithAccount();
  await world.order(digitsFrom(0, count), more);
  await world.drain('pending');
  world.moveClock(120_000);
  return world;
};
const eventsOf = (world: LaneWorld, type: string): number =>
  world.state.all(lanePartition(LANE)).filter(({ key, value }) => key.startsWith('evt|') && (value as { type: string }).type === type)
    .length;

describe('the poll timer', () => {
  it('settles what a page shows', async () => {
    const world = await waiting(50);
    await polling(world, () => ok({ value: shown(digitsFrom(0, 50), 'synced') }))();
    expect((await world.lane()).waiting).toBe(0);
  });

  it('goes on from the page that was lost', async () => {
    const world = await waiting(50);
    const asked: string[] = [];
    let isDown = true;
    const poll = polling(world, (request) => {
      // What it tries out on the way is another matter.
      const isTrial = request.query?.['skip'] !== undefined || request.query?.['filter'] !== undefined;
      if (isTrial) return { kind: 'answer', status: 400, body: {} };
      asked.push(request.path);
      if (!request.path.includes('page=2')) {
        const nextLink = 'https://upstream.test/accounts/acme-contoso/numbers?page=2';
        return ok({ value: shown(digitsFrom(0, 25), 'synced'), nextLink });
      }
      return isDown ? { kind: 'ambiguous', reason: 'timeout' } : ok({ value: shown(digitsFrom(25, 25), 'synced') });
    });
    await poll();
    expect((await world.lane()).waiting).toBe(25);
    isDown = false;
    await poll();
    expect((await world.lane()).waiting).toBe(0);
    expect(asked.filter((path) => !path.includes('page=2'))).toHaveLength(1);
  });

  it('tells once of an order that upstream has not confirmed for a day, and looks hourly from then on', async () => {
    const world = await waiting(50);
    const poll = polling(world, () => ok({ value: shown(digitsFrom(0, 50), 'pending') }));
    await poll();
    expect(eventsOf(world, 'number_order.stalled')).toBe(0);
    world.moveClock(25 * HOUR_MS);
    await poll();
    world.moveClock(2 * HOUR_MS);
    const beforeMs = world.step.now();
    await poll();
    expect(eventsOf(world, 'number_order.stalled')).toBe(1);
    const { due } = await world.lane();
    expect((due.poll ?? 0) - beforeMs).toBeGreaterThanOrEqual(HOUR_MS);
  });

  it('looks at once at each of thirteen numbers that a list has left out: they waited for minutes, one after the other', async () => {
    const world = await waiting(50);
    const beganMs = world.step.now();
    const poll = polling(world, ({ path }) => {
      const alone = /numbers\/%2B(\d+)$/.exec(path)?.[1];
      if (alone === undefined) return ok({ value: shown(digitsFrom(0, 37), 'synced') });
      return ok(shown([alone], 'synced')[0]);
    });
    await poll();
    expect((await world.lane()).waiting).toBe(0);
    expect(world.step.now() - beganMs).toBeLessThan(10_000);
  });

  it('has a few hundred releases proven by the next look at a list that had moved, not by a look at each', async () => {
    const world = await waiting(300, { sentAs: 'release' });
    const others = digitsFrom(900, 5);
    let [lists, singles] = [0, 0];
    const poll = polling(world, ({ path }) => {
      if (!path.endsWith('/numbers')) {
        singles++;
        return notFound;
      }
      lists++;
      const recordCount = lists === 1 ? others.length + 1 : others.length;
      return { kind: 'answer', status: 200, body: { value: shown(others, 'synced') }, recordCount };
    });
    for (let n = 0; n < 5 && (await world.lane()).waiting > 0; n++) {
      await poll();
      world.moveClock(60_000);
    }
    expect((await world.lane()).waiting).toBe(0);
    expect([lists, singles <= 10]).toEqual([2, true]);
  });

  it('gives a number up that upstream took and does not have, when it is missing again minutes later', async () => {
    const world = await waiting(1);
    const poll = polling(world, () => notFound);
    await poll();
    expect((await world.lane()).waiting).toBe(1);
    for (let n = 0; n < 6; n++) {
      world.moveClock(120_000);
      await poll();
    }
    expect((await world.lane()).waiting).toBe(0);
    const failed = world.state.all(lanePartition(LANE)).filter(({ value }) => JSON.stringify(value).includes('NumberGone'));
    expect(failed.length).toBeGreaterThan(0);
  });
});
