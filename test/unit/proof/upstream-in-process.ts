/** The upstream emulator without its server, as the port that the app calls. */
import { matchRoute } from '../../../infra/local/upstream/http/match-route.ts';
import { execute } from '../../../infra/local/upstream/pipeline/execute.ts';
import { DEFAULT_SETTINGS } from '../../../infra/local/upstream/settings.ts';
import { createRepeatMemory } from '../../../infra/local/upstream/store/repeat-memory.ts';
import { createStore } from '../../../infra/local/upstream/store/store.ts';
import { dueQueue } from '../../../infra/local/upstream/sync/due-queue.ts';
import type { World } from '../../../infra/local/upstream/world.ts';
import { toAnswer } from '../../../shared/platform/upstream/answer.ts';
import type { CallUpstream, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';

const ORIGIN = 'https://upstream.test';
const API_VERSION = '2024-02-29-preview';

export type UpstreamInProcess = { call: CallUpstream; world: World };

const urlOf = ({ path, query = {} }: UpstreamRequest): URL => {
  const url = new URL(path, ORIGIN);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', API_VERSION);
  return url;
};

const headersOf = ({ body, contentType = 'application/json', ifMatch, ifNoneMatch, pair }: UpstreamRequest): Record<string, string> => ({
  ...(body === undefined ? {} : { 'content-type': contentType }),
  ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
  ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
  ...(pair ? { 'repeatability-request-id': pair.id, 'repeatability-first-sent': pair.firstSent } : {}),
});

/** Writes settle after a second. */
export const upstreamInProcess = (now: () => number, random: () => number): UpstreamInProcess => {
  const settings = { ...DEFAULT_SETTINGS, latencyMs: { min: 1_000, max: 1_000 }, subdomainLatencyMs: { min: 1_000, max: 1_000 } };
  const world: World = { store: createStore(), due: dueQueue(), settings, rules: [], now, random };
  const memory = createRepeatMemory();
  const call: CallUpstream = async (request) => {
    const { pathname, searchParams } = urlOf(request);
    const match = matchRoute(request.method, pathname);
    if (match.kind !== 'operation') throw new Error(`${request.method} ${pathname} is no operation of the gateway`);
    const { operation, params } = match;
    const incoming = { method: request.method, path: pathname, query: searchParams, headers: headersOf(request), origin: ORIGIN };
    const answer = execute({ world, memory, operation, params, incoming: { ...incoming, body: Buffer.from(request.body ?? '') } });
    const headers = new Headers(answer.headers);
    const text = answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body));
    return toAnswer({ status: answer.status, text, header: (name) => headers.get(name) ?? undefined }, now());
  };
  return { call, world };
};
