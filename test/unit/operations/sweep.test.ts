/** The sweep wakes everybody whose work is free of charge, and of those who send as many as the budget serves, partner by partner. */
import { describe, expect, it } from 'vitest';
import { makeSweep } from '../../../shared/operations/sweep.ts';
import type { DueKind } from '../../../shared/platform/tables/due.ts';
import { dueKey, lanePartition, logPartition } from '../../../shared/platform/tables/keys.ts';
import { inTurns } from '../../../shared/platform/values/in-turns.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { NOW_MS } from './samples.ts';

type Owed = { owner: string; kind: DueKind; agoMs?: number };

const sweepOver = async (owed: readonly Owed[], permits: number) => {
  const state = memoryRowStore();
  for (const { owner, kind, agoMs = 0 } of owed) {
    const partition = kind === 'deliver' ? logPartition(owner) : lanePartition(owner);
    await state.commit(partition, [{ kind: 'insert', key: dueKey(kind, NOW_MS - agoMs, owner), value: {} }]);
  }
  const [lanes, subscriptions, asked]: [string[], string[], number[]] = [[], [], []];
  await makeSweep({
    state,
    now: () => NOW_MS,
    partnerOf: (lane) => /^acc\.([a-z]+)-/.exec(lane)?.[1],
    permitsWithin: (ms) => Promise.resolve(asked.push(ms) && permits),
    isHalted: (lane) => Promise.resolve(lane.includes('halted')),
    wakeLanes: async (woken) => void lanes.push(...woken),
    wakeSubscriptions: async (woken) => void subscriptions.push(...woken),
  })();
  return { lanes, subscriptions, asked };
};

const apply = (owner: string, agoMs = 0): Owed => ({ owner, kind: 'apply', agoMs });

describe('lanes that have something to send', () => {
  const busy = Array.from({ length: 200 }, (_, n) => apply(`acc.busy-c${n}`, 60_000 - n));

  it('are woken as far as the budget serves them', async () => {
    expect((await sweepOver(busy, 7)).lanes).toHaveLength(7);
    expect((await sweepOver(busy, 0)).lanes).toEqual([]);
  });

  it('are woken partner by partner, however many one of them has', async () => {
    const { lanes } = await sweepOver([...busy, apply('acc.small-c1', 1_000), apply('rfi.tenant', 500)], 5);
    expect(lanes).toEqual(['acc.busy-c0', 'acc.small-c1', 'rfi.tenant', 'acc.busy-c1', 'acc.busy-c2']);
  });

  it('take nobody else their turn while they are halted', async () => {
    expect((await sweepOver([apply('acc.acme-halted', 9_000), apply('acc.acme-c1')], 1)).lanes).toEqual(['acc.acme-c1']);
  });
});

describe('work that asks nothing of upstream', () => {
  it('is woken whatever the budget', async () => {
    const owed = (['fold', 'publish', 'index'] as const).map((kind): Owed => ({ owner: `acc.acme-${kind}`, kind }));
    expect((await sweepOver(owed, 0)).lanes).toHaveLength(3);
  });

  it('does not even ask for the budget', async () =>
    expect((await sweepOver([{ owner: 'acc.acme-c1', kind: 'fold' }], 5)).asked).toEqual([]));

  it('wakes a lane once, though it also sends', async () => {
    const lane = 'acc.acme-c1';
    expect((await sweepOver([apply(lane), { owner: lane, kind: 'fold' }], 5)).lanes).toEqual([lane]);
  });

  it('wakes deliveries as well', async () => {
    expect((await sweepOver([{ owner: 'sub_1', kind: 'deliver' }], 0)).subscriptions).toEqual(['sub_1']);
  });
});

it('what is not due yet, and polls, are left alone', async () => {
  expect((await sweepOver([apply('acc.acme-later', -1), { owner: 'acc.acme-c1', kind: 'poll' }], 5)).lanes).toEqual([]);
});

describe('turns', () => {
  it('keep the order within each owner and lose nobody', () => {
    expect(inTurns(['a1', 'a2', 'a3', 'b1', 'c1', 'c2'], (item) => item[0] ?? '')).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(inTurns([], String)).toEqual([]);
  });
});
