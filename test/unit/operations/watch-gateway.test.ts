/** The operator hears of a trouble of the gateway and of its end once each, whoever saw what and whoever was killed when. */
import { describe, expect, it } from 'vitest';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import { GATEWAY_LANE } from '../../../shared/operations/gateway-health.ts';
import { makePublishLane } from '../../../shared/operations/publish-lane.ts';
import { makeWatchGateway, type WatchGateway } from '../../../shared/operations/watch-gateway.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { makeAppendEvents } from '../../../shared/webhooks/append.ts';
import { builtInId } from '../../../shared/webhooks/built-in.ts';
import { logPartition } from '../../../shared/platform/tables/keys.ts';
import type { LogEvent } from '../../../shared/webhooks/model.ts';
import { subscriptionStore } from '../../../shared/webhooks/subscription-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { NOW_MS } from './samples.ts';

const S = 1_000;
const MIN = 60 * S;
const INSTANCES = 2;
const OK: UpstreamOutcome = { kind: 'answer', status: 200, body: undefined };
const BUSY: UpstreamOutcome = { kind: 'answer', status: 503, body: undefined };
const BOTH = ['upstream.degraded', 'upstream.recovered'];

class Killed extends Error {}

/** Instances over one table; `fate` is called around each of their effects and may end the one that is at work. */
const makeWorld = (fate: (moment: string) => unknown = () => undefined) => {
  const memory = memoryRowStore();
  const faults: unknown[] = [];
  const counts = { reads: 0, commits: 0 };
  let nowMs = NOW_MS;
  const now = (): number => nowMs;
  const state: RowStore = {
    ...memory,
    get: (partition, key) => (counts.reads++, memory.get(partition, key)),
    commit: async (partition, writes) => {
      counts.commits++;
      fate('before');
      const result = await memory.commit(partition, writes);
      fate('after');
      return result;
    },
  };
  const instances: WatchGateway[] = [];
  const wakeLane = (): Promise<void> => Promise.resolve();
  const start = (slot: number): void => {
    const onFault = (error: unknown): void => {
      faults.push(error);
      start(slot);
    };
    instances[slot] = makeWatchGateway({ state, now, wakeLane, onFault });
  };
  for (let slot = 0; slot < INSTANCES; slot++) start(slot);
  const clock = { now, sleep: async (ms: number) => void (nowMs += ms) };
  const appendEvents = makeAppendEvents({ subscriptions: subscriptionStore(memoryRowStore()), state, clock, wake: async () => undefined });
  const publishLane = makePublishLane({ state, lanes: makeLaneStore(state), appendEvents, expandEnded: () => Promise.resolve([]) });
  return {
    faults,
    counts,
    /** Every `everyMs` until `forMs` have passed: one instance, or all in turn. */
    see: async (outcome: UpstreamOutcome, everyMs: number, forMs: number, slot?: number): Promise<void> => {
      for (let n = 0; n * everyMs < forMs; n++, nowMs += everyMs) await instances[slot ?? n % INSTANCES]?.(outcome);
    },
    publish: async (): Promise<void> => {
      for (let tries = 0; tries < 20; tries++) {
        try {
          return await publishLane(GATEWAY_LANE);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
      }
    },
    /** The operator's own log: sequence and type. */
    log: (): [number, string][] =>
      memory
        .all(logPartition(builtInId('operator')))
        .filter(({ key }) => key.startsWith('ev|'))
        .map(({ value }) => value as LogEvent)
        .map(({ sequence, type }) => [sequence, type]),
    setClock: (ms: number) => void (nowMs = ms),
    now,
  };
};
type World = ReturnType<typeof makeWorld>;

const outage = async (world: World): Promise<void> => {
  await world.see(OK, 5 * S, 2 * MIN);
  await world.see(BUSY, 20 * S, 8 * MIN);
  await world.see(OK, 5 * S, 6 * MIN);
  await world.publish();
};
const numbered = (types: readonly string[]): [number, string][] => types.map((type, n) => [n + 1, type]);

describe('the operator', () => {
  it('hears of a trouble and of its end, once each, from several instances', async () => {
    const world = makeWorld();
    await outage(world);
    expect(world.log()).toEqual(numbered(BOTH));
    await outage(world);
    expect(world.log()).toEqual(numbered([...BOTH, ...BOTH]));
    expect(world.faults).toEqual([]);
  });

  it('hears of them once each when an instance is killed at any moment', async () => {
    let moments = 0;
    await outage(makeWorld(() => (moments += 1)));
    expect(moments).toBeGreaterThan(50);
    for (let at = 0; at < moments; at++) {
      let passed = 0;
      const world = makeWorld(() => {
        if (passed++ === at) throw new Killed();
      });
      await outage(world);
      expect(world.log(), `killed at ${at}`).toEqual(numbered(BOTH));
    }
  });

  it('hears of the end from an instance that saw nothing of the trouble', async () => {
    const world = makeWorld();
    await world.see(OK, 5 * S, MIN, 1);
    await world.see(BUSY, 20 * S, 8 * MIN, 0);
    await world.see(OK, 5 * S, 6 * MIN, 1);
    await world.publish();
    expect(world.log()).toEqual(numbered(BOTH));
  });

  it('hears of a trouble though a clock was set back a day in the middle of it', async () => {
    const world = makeWorld();
    await world.see(BUSY, 20 * S, 2 * MIN);
    world.setClock(world.now() - 24 * 60 * MIN);
    await world.see(BUSY, 20 * S, 8 * MIN);
    await world.see(OK, 5 * S, 6 * MIN);
    await world.publish();
    expect(world.log()).toEqual(numbered(BOTH));
  });
});

describe('while all is well', () => {
  it('nothing is written, and a look comes twice a minute for each instance', async () => {
    const world = makeWorld();
    await world.see(OK, S, 10 * MIN);
    expect(world.counts.commits).toBe(0);
    expect(world.counts.reads).toBeLessThanOrEqual(2 * INSTANCES * 10 + INSTANCES);
  });

  it('a single refusal is forgotten after some minutes, and costs no more', async () => {
    const world = makeWorld();
    await world.see(BUSY, S, S);
    await world.see(OK, S, 4 * MIN);
    const { commits } = world.counts;
    expect(commits).toBeGreaterThan(0);
    await world.see(OK, S, 10 * MIN);
    expect(world.counts.commits).toBe(commits);
    expect(world.log()).toEqual([]);
  });

  it('a table that is away makes no request fail', async () => {
    const faults: unknown[] = [];
    const state: RowStore = { ...memoryRowStore(), get: () => Promise.reject(new Error('away')) };
    const watch = makeWatchGateway({ state, now: () => NOW_MS, wakeLane: () => Promise.resolve(), onFault: (error) => faults.push(error) });
    await watch(BUSY, 60_000);
    expect(faults).toHaveLength(1);
  });
});
