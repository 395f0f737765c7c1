/** The routes about Requests for Information over a small world, behind callers that are named by their tokens. */
import { rfiAssignmentUses } from '../../../functions/http/rfi-assignment.ts';
import { rfiDecisionUses } from '../../../functions/http/rfi-decisions.ts';
import { rfiRoutes } from '../../../functions/http/rfi-routes.ts';
import { rfiUses } from '../../../functions/http/rfis.ts';
import type { Principal, Role } from '../../../shared/partners/model.ts';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeEndpoint } from '../../../shared/platform/http/endpoint.ts';
import { makeDecisionWorld, type DecisionWorld } from '../rfis/decision-world.ts';
import { rfi, tenant } from '../rfis/rfi-world.ts';
import { callHttp, type Answered, type Call } from './http-call.ts';

const partner = (id: string) => ({ id, name: id, state: 'active' as const, ranges: [] });
const ids = { caller: { tenantId: 't', clientId: 'c' } };
const CALLERS: Record<string, Principal> = {
  reader: { kind: 'partner', ...ids, roles: ['Partner.Read'], partner: partner('acme') },
  decider: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('acme') },
  other: { kind: 'partner', ...ids, roles: ['Partner.Read', 'Partner.Decide'], partner: partner('beta') },
  operator: { kind: 'operator', ...ids, roles: ['Operator.Admin'] },
};

export const BASE = 'https://api.example';
const STATUS_MAP = { accept: 'ConsentAcknowledged', decline: 'ConsentDeclined', terminate: 'ContractTerminated' };

const admit = (token: string | undefined): Promise<Principal> => {
  const found = CALLERS[token ?? ''];
  return found ? Promise.resolve(found) : Promise.reject(new AppError('Unauthenticated'));
};

/** Calls a route by its name. */
export const rfiCaller =
  ({ rfis: world, decideRfi: decide }: DecisionWorld) =>
  (name: string, caller: string, options: Call): Promise<Answered> => {
    const endpoint = makeEndpoint<Principal, Role>({ admit, nowMs: () => world.nowMs, newId: () => 'id' });
    const parts = {
      listRfis: world.list,
      syncRfis: world.sync,
      getRfiScan: world.scanState,
      getRfi: world.get,
      eraseContacts: world.eraseContacts,
    };
    const routes = rfiRoutes(endpoint, {
      ...rfiUses(parts, BASE),
      ...rfiDecisionUses({ decide, statusMap: STATUS_MAP, hash: (text: string) => `${text.length}` }, BASE),
      ...rfiAssignmentUses({ assignRfi: world.assign, rules: world.rules }),
    });
    const route = routes.find(({ contract }) => contract.name === name);
    if (!route) throw new Error(`no route ${name}`);
    return callHttp(route.handler, { ...options, headers: { ...options.headers, authorization: caller } });
  };
export type RfiCaller = ReturnType<typeof rfiCaller>;

/** GET /rfis/{tenantId} of RFI `n`. */
export const getRfiBy = (call: RfiCaller, caller: string, n: number, query = '', headers: Record<string, string> = {}) =>
  call('getRfi', caller, { path: `rfis/${tenant(n)}${query}`, params: { tenantId: tenant(n).toUpperCase() }, headers });

/** A call with a JSON body. */
export const sendBy = (
  call: RfiCaller,
  name: string,
  caller: string,
  { method = 'PUT', ...more }: Pick<Call, 'path' | 'params' | 'headers' | 'method'>,
  body: unknown,
) => call(name, caller, { ...more, method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...more.headers } });

/** A world in which two RFIs were fetched: 1 is nobody's, and 2 of acme's customer contoso. */
export const worldOfTwo = async () => {
  const deciding = makeDecisionWorld();
  const world = deciding.rfis;
  world.upstream = [rfi(1), rfi(2)];
  world.customers = [{ partner: 'acme', customerId: 'contoso', tenantId: tenant(2) }];
  await world.ingest();
  return { deciding, world, call: rfiCaller(deciding) };
};
