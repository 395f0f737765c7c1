/** The whole app over stores in memory and the gateway emulator in this process, on one clock that sleeping moves; processes can be killed at any write. */
import { InvocationContext } from '@azure/functions';
import type { TableName } from '../../functions/effects.ts';
import { toWakeBody } from '../../shared/platform/bus/envelope.ts';
import { readDue } from '../../shared/platform/tables/due-scan.ts';
import { laneKey, LANE_PARTITIONS, lanePartition } from '../../shared/platform/tables/keys.ts';
import type { AccountLane } from '../../shared/operations/model.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import type { CallUpstream, UpstreamRequest } from '../../shared/platform/upstream/call.ts';
import { seedAccounts, type seedSchema } from '../../infra/local/upstream/control/seed.ts';
import { settle } from '../../infra/local/upstream/sync/settle.ts';
import type { z } from 'zod';
import { memoryRowStore, type MemoryRowStore } from '../fakes/memory-row-store.ts';
import { timedRowStore } from '../fakes/timed-row-store.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import type { Answered, Call } from '../unit/http/http-call.ts';
import { acmeToken, operatorToken } from '../unit/http/tokens.ts';
import { emulatorWorld } from '../unit/upstream-emulator/emulator-world.ts';

export class Killed extends Error {}

const ROUND_MS = 10_000;
const NOISE = new InvocationContext({ logHandler: () => undefined });

const tokens = { operator: operatorToken(), acme: acmeToken('Partner.Read', 'Partner.Write', 'Partner.Release') };

export const gatewayWorld = (environment: Record<string, string> = {}) => {
  const emulator = emulatorWorld();
  const { clock } = emulator;
  const memory = new Map<TableName, MemoryRowStore>();
  const rowsOf = (name: TableName): MemoryRowStore => {
    const store = memory.get(name) ?? memoryRowStore();
    memory.set(name, store);
    return store;
  };
  const timed = { now: clock.now, sleep: (ms: number) => Promise.resolve(clock.advance(ms)) };
  const budget = timedRowStore(rowsOf('Budget'), timed);
  const world = {
    moments: 0,
    requests: [] as UpstreamRequest[],
    /** Runs before each request reaches the gateway. */
    onRequest: (_request: UpstreamRequest): Promise<void> | void => undefined,
    /** Runs after the gateway has answered, before anybody hears of it. */
    onAnswer: (_request: UpstreamRequest): Promise<void> | void => undefined,
  };
  let killAt = Number.POSITIVE_INFINITY;
  let generation = 0;
  let ids = 0;
  const woken = new Set<string>();

  const call: CallUpstream = async (request) => {
    world.requests.push(request);
    await world.onRequest(request);
    settle(emulator.world);
    const url = new URL(request.path, 'https://localhost:7443');
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const headers = {
      'content-type': request.contentType ?? 'application/json',
      ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
      ...(request.ifNoneMatch === undefined ? {} : { 'if-none-match': request.ifNoneMatch }),
      ...(request.pair ? { 'repeatability-request-id': request.pair.id, 'repeatability-first-sent': request.pair.firstSent } : {}),
    };
    const said = emulator.call(request.method, url.pathname, {
      headers,
      query: Object.fromEntries(url.searchParams),
      ...(request.body === undefined || request.body === '' ? {} : { body: JSON.parse(request.body) as unknown }),
    });
    await world.onAnswer(request);
    const header = (name: string): string | undefined => Object.entries(said.headers).find(([key]) => key.toLowerCase() === name)?.[1];
    const [etag, count] = [header('etag'), header('x-ms-record-count')];
    return {
      kind: 'answer',
      status: said.status,
      body: said.body === undefined ? undefined : (JSON.parse(JSON.stringify(said.body)) as unknown),
      ...(etag === undefined ? {} : { etag }),
      ...(count === undefined ? {} : { recordCount: Number(count) }),
    };
  };

  /** A process of its own over the same stores. */
  const startProcess = () => {
    const mine = ++generation;
    const moment = (): void => {
      if (mine === generation && world.moments++ !== killAt) return;
      generation++;
      throw new Killed();
    };
    const alive = (): void => {
      if (mine !== generation) throw new Killed();
    };
    const stores = new Map<TableName, RowStore>();
    const table = (name: TableName): RowStore => {
      const known = stores.get(name);
      if (known) return known;
      const inner = name === 'Budget' ? budget : rowsOf(name);
      const store: RowStore = {
        get: async (...where) => {
          alive();
          return inner.get(...where);
        },
        range: async (...where) => {
          alive();
          return inner.range(...where);
        },
        commit: async (...what) => {
          if (name === 'Budget') return inner.commit(...what);
          moment();
          const result = await inner.commit(...what);
          moment();
          return result;
        },
      };
      stores.set(name, store);
      return store;
    };
    const wake = async (lane: string): Promise<void> => void woken.add(lane);
    return composedApp(
      tokens,
      {
        clock: timed,
        newId: () => `id${String(++ids).padStart(6, '0')}`,
        newUuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
        random: () => 0.5,
        table,
        wakes: {
          wakeLane: wake,
          wakeLanes: async (lanes) => lanes.forEach((lane) => woken.add(lane)),
          wakeSubscription: () => Promise.resolve(),
          wakeSubscriptions: () => Promise.resolve(),
        },
        call,
      },
      environment,
    );
  };
  let app = startProcess();

  const timer = async (name: string): Promise<void> => {
    const found = app.timers.find((one) => one.name === name);
    if (!found) throw new Error(`no timer ${name}`);
    await found.handler();
  };
  /** Serves the wakes there are. */
  const drain = async (): Promise<void> => {
    const apply = app.queues.find(({ name }) => name === 'apply');
    for (const lane of woken) {
      woken.delete(lane);
      await apply?.handler(toWakeBody({ kind: 'lane', lane }), NOISE);
      if (isDead()) throw new Killed();
    }
  };
  let born = generation;
  const isDead = (): boolean => generation !== born;
  const dueNow = async (): Promise<string[]> => {
    const scans = await Promise.all(LANE_PARTITIONS.map((partition) => readDue(rowsOf('State'), partition, Number.MAX_SAFE_INTEGER / 2)));
    return scans.flat().map(({ kind, owner }) => `${kind} ${owner}`);
  };

  return Object.assign(world, {
    emulator,
    clock,
    rowsOf,
    dueNow,
    drain,
    timer,
    call: (path: string, options: Call & { token?: string } = {}): Promise<Answered> => app.call(path, { token: 'operator', ...options }),
    /** Behind everybody's back. */
    seed: (seed: z.input<typeof seedSchema>) => seedAccounts(emulator.world, seed),
    /** Until nothing is left to do, or for so many rounds of ten seconds. */
    run: async (rounds = 60): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        await drain();
        if ((await dueNow()).length === 0) return;
        await timer('sweep');
        await drain();
        await timer('poll-pending');
        clock.advance(ROUND_MS);
      }
    },
    lane: async (lane: string): Promise<AccountLane | undefined> =>
      (await rowsOf('State').get(lanePartition(lane), laneKey(lane)))?.value as AccountLane | undefined,
    /** Ends the process at this write, counted from now, half of the moments before a write and half after it. */
    killAt: (at: number): void => {
      world.moments = 0;
      killAt = at;
    },
    isDead,
    restart: (): void => {
      killAt = Number.POSITIVE_INFINITY;
      woken.clear();
      app = startProcess();
      born = generation;
    },
  });
};
export type GatewayWorld = ReturnType<typeof gatewayWorld>;

export const ocAccount = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  serviceDetails: {
    teamsTenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a',
    teamsOperatorConnect: { enabled: true, syncEnabled: true },
  },
  ...more,
});

export const OC_DETAILS = {
  teamsOperatorConnect: {
    enabled: true,
    configuration: { usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'], allowTenantAddressUpdate: true },
  },
};
export const ocNumber = (telephoneNumber: string, accountName: string, more: Record<string, unknown> = {}) => ({
  telephoneNumber,
  accountName,
  serviceDetails: OC_DETAILS,
  ...more,
});
