/** The emulator's world without a server, for properties that need thousands of steps. */
import { fakeClock, type FakeClock } from '../../../infra/local/lib/clock.ts';
import { matchRoute } from '../../../infra/local/upstream/http/match-route.ts';
import type { Answer } from '../../../infra/local/upstream/http/answer.ts';
import { execute } from '../../../infra/local/upstream/pipeline/execute.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../infra/local/upstream/settings.ts';
import { createRepeatMemory } from '../../../infra/local/upstream/store/repeat-memory.ts';
import { createStore } from '../../../infra/local/upstream/store/store.ts';
import { dueQueue } from '../../../infra/local/upstream/sync/due-queue.ts';
import type { World } from '../../../infra/local/upstream/world.ts';

export type EmulatorWorld = {
  world: World;
  clock: FakeClock;
  /** One authorised call; header names in lower case. */
  call: (
    method: string,
    path: string,
    ask?: { body?: unknown; headers?: Record<string, string>; query?: Record<string, string> },
  ) => Answer;
  /** Follows a nextLink. */
  follow: (url: string) => Answer;
};

export const ORIGIN = 'https://localhost:7443';

export const emulatorWorld = (settings: Partial<Settings> = {}, random: () => number = () => 0): EmulatorWorld => {
  const clock = fakeClock();
  const world: World = {
    store: createStore(),
    due: dueQueue(),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    rules: [],
    now: clock.now,
    random,
  };
  const memory = createRepeatMemory();
  const run = (method: string, path: string, query: URLSearchParams, headers: Record<string, string>, body: unknown): Answer => {
    const match = matchRoute(method, path);
    if (match.kind !== 'operation') throw new Error(`${method} ${path} is no operation.`);
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
    const { operation, params } = match;
    return execute({ world, memory, operation, params, incoming: { method, path, query, headers, origin: ORIGIN, body: bytes } });
  };
  return {
    world,
    clock,
    call: (method, path, { body, headers = {}, query = {} } = {}) =>
      run(method, path, new URLSearchParams({ 'api-version': '2024-02-29-preview', ...query }), headers, body),
    follow: (url) => {
      const { pathname, searchParams } = new URL(url);
      return run('GET', pathname, searchParams, {}, undefined);
    },
  };
};

export const account = (name: string): Record<string, unknown> => ({
  name,
  serviceDetails: { teamsTenantId: 'a-tenant', teamsOperatorConnect: { enabled: true, syncEnabled: true } },
});

export const number = (telephoneNumber: string, accountName: string): Record<string, unknown> => ({
  telephoneNumber,
  accountName,
  serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage: 'CallingUserAssignment', choosableCapabilities: [] } } },
});
