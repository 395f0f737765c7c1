/** Polling against the upstream emulator over HTTPS: what its lists support is found out, used, and dropped when it changes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trust } from '../../infra/local/lib/certificates.ts';
import type { Capabilities } from '../../shared/operations/capabilities.ts';
import { makePollPending } from '../../shared/operations/poll-pending.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { makeCallUpstream } from '../../shared/platform/upstream/call-upstream.ts';
import type { CallUpstream } from '../../shared/platform/upstream/call.ts';
import { memoryRowStore, type MemoryRowStore } from '../fakes/memory-row-store.ts';
import { seededRandom } from '../simulation/scheduler.ts';
import { accountBody, API_VERSION, startTestUpstream, type TestUpstream } from '../support/upstream-emulator.ts';
import { worldWithAccount, type LaneWorld } from '../unit/operations/lane-world.ts';
import { digitsAt, digitsFrom, LANE, numbersDraft } from '../unit/operations/samples.ts';

const { accountName } = numbersDraft([]);
const HELD = 6_000;
const ORDERED = 1_000;
const FIRST = 3_500;
/** Long after everything has settled. */
const LATER_MS = 120_000;

let upstream: TestUpstream;
let call: CallUpstream;
let leases: MemoryRowStore;
beforeAll(async () => {
  upstream = await startTestUpstream({ random: seededRandom(7).next });
  trust(upstream.certificates.ca);
  call = makeCallUpstream({
    baseUrl: upstream.url,
    apiVersion: API_VERSION,
    getToken: () => Promise.resolve(upstream.token),
    timeoutMs: 20_000,
    clock: systemClock,
    newRequestId: randomUUID,
  });
  const { serviceDetails } = accountBody(accountName);
  await upstream.control('POST', 'accounts', {
    accounts: [{ name: accountName, serviceDetails }],
    ranges: [{ first: `+${digitsAt(0)}`, count: HELD, accountName, serviceDetails: { teamsOperatorConnect: { enabled: true } } }],
  });
});
afterAll(() => upstream.close());
beforeEach(() => void (leases = memoryRowStore()));

/** A lane that waits for numbers which upstream has synchronised long ago. */
const waitingWorld = async (): Promise<LaneWorld> => {
  const world = await worldWithAccount();
  await world.order(digitsFrom(FIRST, ORDERED));
  await world.drain('pending');
  world.moveClock(LATER_MS);
  return world;
};

/** Polls until there is nothing to ask; the requests that it took. */
const poll = async (world: LaneWorld): Promise<string[]> => {
  const queries: string[] = [];
  const pollPending = makePollPending({
    ...world.step,
    sleep: (ms) => Promise.resolve(world.moveClock(ms)),
    state: world.state,
    leases,
    upstream: {
      takePermit: () => Promise.resolve({ usableUntilMs: Number.MAX_SAFE_INTEGER }),
      heedOutcome: () => Promise.resolve(),
      call: (request, permit) => {
        queries.push(decodeURIComponent(`${request.path}?${new URLSearchParams(request.query).toString()}`));
        return call(request, permit);
      },
    },
    describeStall: () => undefined,
    publishLane: () => Promise.resolve(),
    onFault: (_, error) => {
      throw error;
    },
  });
  await pollPending();
  return queries;
};

const found = async (): Promise<Capabilities | undefined> =>
  (await leases.get('upstream', 'capabilities'))?.value as Capabilities | undefined;
const switchTo = (settings: object): Promise<unknown> => upstream.control('POST', 'settings', settings);
const waitingOf = async (world: LaneWorld): Promise<number> => (await world.lane()).waiting;

describe('polling', () => {
  it('finds that lists are in order, and goes straight to the numbers it waits for', async () => {
    await switchTo({ listOrder: 'stable', filter: 'refused' });
    const world = await waitingWorld();
    await poll(world);
    expect(await waitingOf(world)).toBe(0);
    expect((await found())?.order?.holds).toBe(true);
    const again = await waitingWorld();
    const queries = await poll(again);
    expect(await waitingOf(again)).toBe(0);
    expect(queries.length).toBeLessThanOrEqual(6);
  });

  it.each(['refused', 'ignored', 'supported'])('reads lists by their links where they have no order and filters are %s', async (filter) => {
    await switchTo({ listOrder: 'unstable', filter });
    const world = await waitingWorld();
    await poll(world);
    expect(await waitingOf(world)).toBe(0);
    expect(await found()).toMatchObject({ order: { holds: false }, range: { holds: false } });
  });

  it('drops an order that holds no more, and finds everything all the same', async () => {
    await switchTo({ listOrder: 'stable', filter: 'refused' });
    await poll(await waitingWorld());
    expect((await found())?.order?.holds).toBe(true);
    await switchTo({ listOrder: 'unstable' });
    const world = await waitingWorld();
    for (let n = 0; n < 5 && (await waitingOf(world)) > 0; n++) {
      await poll(world);
      world.moveClock(LATER_MS);
    }
    expect(await waitingOf(world)).toBe(0);
  });

  it('is told nothing twice: once everything is confirmed it asks for nothing', async () => {
    await switchTo({ listOrder: 'stable' });
    const world = await waitingWorld();
    await poll(world);
    expect((await world.lanes.readLane(LANE))?.value.due.poll).toBeUndefined();
    expect(await poll(world)).toEqual([]);
  });
});
