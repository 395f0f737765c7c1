/** The way of every API request: log, limit, fault, token, role, operation, headers. */
import type { Clock } from '../../lib/clock.ts';
import type { CheckToken } from '../auth/check-token.ts';
import { isAllowed } from '../auth/roles.ts';
import { takeFault, type FaultEffect, type LiveFault } from '../faults/fault-rules.ts';
import type { RegionFailure } from '../faults/region.ts';
import { spoilAnswer } from '../faults/spoil-answer.ts';
import { errorAnswer, type Answer } from '../http/answer.ts';
import { deliver, type Delivery, type Incoming } from '../http/incoming.ts';
import { matchRoute, type RouteMatch } from '../http/match-route.ts';
import type { LoggedRequest, RequestLog } from '../http/request-log.ts';
import { ROUTES } from '../http/routes.ts';
import type { RollingLimit } from '../protocol/rolling-limit.ts';
import type { RepeatMemory } from '../store/repeat-memory.ts';
import type { World } from '../world.ts';
import { execute, type Execution } from './execute.ts';
import { faultKeys } from './fault-keys.ts';
import { overLimit } from './over-limit.ts';

export type Api = {
  world: World;
  memory: RepeatMemory;
  log: RequestLog;
  limit: RollingLimit;
  faults: LiveFault[];
  checkToken: CheckToken;
  /** Real time: arrivals, the limit and tokens are not moved by control. */
  clock: Clock;
  newId: () => string;
  /** The last list answer, for the fault that repeats it. */
  previousPage: unknown;
  /** The first address is dead while and after this. */
  regionFailure: RegionFailure | undefined;
};

type Arrival = { match: RouteMatch; entry: LoggedRequest; limited: Delivery | undefined };

/** Notes a request the moment its headers are there, and counts it whatever becomes of it. */
export const arrive = (api: Api, method: string, path: string): Arrival => {
  const match = matchRoute(method, path);
  const atMs = api.clock.now();
  const operation = match.kind === 'operation' ? match.operation : null;
  const route = operation ? ROUTES[operation].template : match.kind === 'otherMethod' ? match.template : null;
  const account = match.kind === 'operation' ? (match.params.accountName ?? null) : null;
  const entry = api.log.add({ atMs, method, route, operation, account, status: null });
  const admission = api.limit.arrive(atMs, api.world.settings.limit);
  return { match, entry, limited: admission.admitted ? undefined : overLimit(api.world.settings.limitAnswer, admission.retryAfterS) };
};

const authorise = async (api: Api, incoming: Incoming, match: RouteMatch): Promise<Answer | undefined> => {
  const caller = await api.checkToken(incoming.headers.authorization);
  if (caller.kind === 'unauthorised') {
    return errorAnswer(401, { code: 'Unauthorized', message: caller.reason }, { 'WWW-Authenticate': 'Bearer' });
  }
  if (match.kind === 'unknown') return errorAnswer(404, { code: 'NotFound', message: 'There is no such route.' });
  if (match.kind === 'otherMethod') {
    const allow = { Allow: match.allowed.join(', ') };
    return errorAnswer(405, { code: 'MethodNotAllowed', message: `${match.template} takes ${match.allowed.join(', ')}.` }, allow);
  }
  if (isAllowed(caller.roles, ROUTES[match.operation], api.world.settings.lenientRoles)) return undefined;
  return errorAnswer(403, { code: 'Forbidden', message: 'The token lacks the app role for this operation.' });
};

const withCommonHeaders = (api: Api, incoming: Incoming, match: RouteMatch, answer: Answer): Answer => {
  const clientId = incoming.headers['x-ms-client-request-id'];
  // The specification declares the echo on every operation but this one.
  const echoes = clientId !== undefined && !(match.kind === 'operation' && match.operation === 'ListNumbers');
  const headers = { ...answer.headers, 'x-ms-request-id': api.newId(), ...(echoes ? { 'x-ms-client-request-id': String(clientId) } : {}) };
  return { ...answer, headers };
};

/** Effects that keep the caller from any answer, or from an execution. */
const withhold = (api: Api, effect: FaultEffect, execution: Execution): Delivery | undefined => {
  if (effect.kind === 'drop' || effect.kind === 'hang') {
    if (effect.when === 'afterCommit') execute(execution);
    return { kind: effect.kind };
  }
  if (effect.kind !== 'lateCommit') return undefined;
  api.clock.after(effect.ms, () => void execute(execution));
  return { kind: effect.caller };
};

const runWithFault = (api: Api, effect: FaultEffect | undefined, execution: Execution): Delivery => {
  const withheld = effect && withhold(api, effect, execution);
  if (withheld) return withheld;
  const { incoming } = execution;
  const skipsExecution = effect?.kind === 'status' && effect.when === 'beforeCommit';
  const answer = skipsExecution ? { status: 500, headers: {} } : execute(execution);
  const context = { requestUrl: `${incoming.origin}${incoming.path}?${incoming.query.toString()}`, previousPage: api.previousPage };
  if (incoming.method === 'GET') api.previousPage = answer.body;
  if (!effect) return deliver(answer);
  return deliver(spoilAnswer(effect, answer, context), effect.kind === 'delay' ? effect.ms : 0);
};

/** Serves one request that has arrived and whose body is read. */
export const serve = async (api: Api, arrival: Arrival, incoming: Incoming): Promise<Delivery> => {
  const { match, limited, entry } = arrival;
  const finish = (delivery: Delivery): Delivery => {
    entry.status = delivery.kind === 'answer' ? delivery.answer.status : null;
    return delivery.kind === 'answer' ? { ...delivery, answer: withCommonHeaders(api, incoming, match, delivery.answer) } : delivery;
  };
  if (limited) return finish(limited);
  const refusal = await authorise(api, incoming, match);
  if (refusal || match.kind !== 'operation')
    return finish(deliver(refusal ?? errorAnswer(404, { code: 'NotFound', message: 'No route.' })));
  const { operation, params } = match;
  const effect = takeFault(api.faults, { operation, keys: faultKeys(params, incoming.body) }, api.world.random);
  if (effect) entry.fault = effect.kind;
  return finish(runWithFault(api, effect, { world: api.world, memory: api.memory, incoming, operation, params }));
};
