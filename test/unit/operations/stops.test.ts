import { beforeEach, describe, expect, it } from 'vitest';
import { makeHaltOver, MEMORY_MS } from '../../../shared/operations/stop-gate.ts';
import { makeStops, STOP_ID } from '../../../shared/operations/stops.ts';
import { makeSweep } from '../../../shared/operations/sweep.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { worldWithAccount } from './lane-world.ts';
import { LANE, NOW_MS } from './samples.ts';

let nowMs = NOW_MS;
let suspended = false;
let looks = 0;
let stops = makeStops(memoryRowStore());
const gate = () =>
  makeHaltOver({
    listStops: () => {
      looks++;
      return stops.list();
    },
    isSuspended: () => Promise.resolve(suspended),
    now: () => nowMs,
  });
const CONTOSO = { partner: 'acme', customerId: 'contoso' };

beforeEach(() => {
  [nowMs, suspended, looks, stops] = [NOW_MS, false, 0, makeStops(memoryRowStore())];
});

describe('a stop', () => {
  it.each([
    ['all', [true, true, true]],
    ['partner.acme', [true, true, false]],
    ['customer.acme.contoso', [true, false, false]],
  ])('%s halts exactly what it names', async (id, expected) => {
    await stops.put(id, 'maintenance', nowMs);
    const haltOver = gate();
    const places = [CONTOSO, { partner: 'acme', customerId: 'other' }, { partner: 'beta', customerId: 'contoso' }];
    const halted = await Promise.all(places.map(async (place) => (await haltOver(place)) === 'stopped'));
    expect(halted).toEqual(expected);
  });

  it('is noticed within seconds, and so is its end; in between nobody reads the table', async () => {
    const haltOver = gate();
    expect(await haltOver(CONTOSO)).toBeUndefined();
    await stops.put('all', 'maintenance', nowMs);
    expect([await haltOver(CONTOSO), looks]).toEqual([undefined, 1]);
    nowMs += MEMORY_MS;
    expect(await haltOver(CONTOSO)).toBe('stopped');
    await stops.remove('all');
    nowMs += MEMORY_MS;
    expect(await haltOver(CONTOSO)).toBeUndefined();
  });

  it('keeps its beginning when it is given another reason; lifting it twice changes nothing', async () => {
    const first = await stops.put('all', 'maintenance', nowMs);
    expect(await stops.put('all', 'still', nowMs + 1000)).toEqual({ ...first, reason: 'still' });
    await stops.remove('all');
    await stops.remove('all');
    expect(await stops.list()).toEqual([]);
  });

  it.each(['some', 'partner.', 'partner.ACME', 'customer.acme', 'customer.acme.a.b', 'all.acme'])('cannot be called %s', (id) =>
    expect(STOP_ID.test(id)).toBe(false),
  );
});

describe('a suspended partner', () => {
  it('is halted until it is active again', async () => {
    const haltOver = gate();
    suspended = true;
    expect(await haltOver(CONTOSO)).toBe('suspended');
    suspended = false;
    nowMs += MEMORY_MS;
    expect(await haltOver(CONTOSO)).toBeUndefined();
  });
});

describe('a failed look for stops', () => {
  it('is made again at the next question', async () => {
    let fails = true;
    const haltOver = makeHaltOver({
      listStops: () => (fails ? Promise.reject(new Error('storage')) : Promise.resolve([])),
      isSuspended: () => Promise.resolve(false),
      now: () => nowMs,
    });
    await expect(haltOver(CONTOSO)).rejects.toThrow('storage');
    fails = false;
    expect(await haltOver(CONTOSO)).toBeUndefined();
  });
});

describe('the sweep', () => {
  const sweep = async (halted: boolean): Promise<readonly string[]> => {
    const world = await worldWithAccount();
    await world.order(['441632960000']);
    const row = await world.lanes.readLane(LANE);
    const due = row?.value.due.apply ?? 0;
    if (row) await world.lanes.commit(row, { ...row.value, due: { apply: due } }, []);
    const woken: string[] = [];
    const run = makeSweep({
      state: world.state,
      now: world.step.now,
      partnerOf: () => 'acme',
      permitsWithin: () => Promise.resolve(100),
      isHalted: () => Promise.resolve(halted),
      wakeLanes: async (lanes) => void woken.push(...lanes),
      wakeSubscriptions: () => Promise.resolve(),
    });
    await run();
    expect((await world.lane()).due.apply).toBe(due);
    return woken;
  };

  it('leaves a halted lane asleep, its due row standing', async () => expect(await sweep(true)).toEqual([]));

  it('wakes it again once it may send', async () => expect(await sweep(false)).toEqual([LANE]));
});
