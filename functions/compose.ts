/** The one place that creates clients and connects features. */
import { makeAdmit } from '../shared/partners/admit.ts';
import { viewOfMe } from '../shared/partners/me.ts';
import { partnerRegistry } from '../shared/partners/registry.ts';
import { readSeed, seededRegistry } from '../shared/partners/seed.ts';
import { busClient, type BusSettings } from '../shared/platform/bus/client.ts';
import { QUEUES } from '../shared/platform/bus/queues.ts';
import { reachQueue } from '../shared/platform/bus/reach.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { API_VERSIONS } from '../shared/platform/http/api-version.ts';
import { makeEndpoint, type Route } from '../shared/platform/http/endpoint.ts';
import { makeAuthenticate } from '../shared/platform/identity/authenticate.ts';
import { platformCredential, upstreamCredential } from '../shared/platform/identity/credential.ts';
import { makeVerifyToken, tenantOf, type VerifyToken } from '../shared/platform/identity/verify-token.ts';
import { newId, type NewId } from '../shared/platform/ids/new-id.ts';
import { azureRowStore } from '../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient, type TableSettings } from '../shared/platform/tables/client.ts';
import { ensuredStore } from '../shared/platform/tables/ensured-store.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import { structuredLog, type Log } from '../shared/platform/telemetry/log.ts';
import { makeReadiness, type ReadinessChecks } from '../shared/platform/telemetry/readiness.ts';
import { systemClock, type Clock } from '../shared/platform/time/clock.ts';
import { once } from '../shared/platform/values/once.ts';
import { healthUses } from './http/health.ts';
import { routeTable, type UseCases } from './http/routes.ts';

/** The tables of this app, made at their first use. */
export const TABLES = ['State', 'Partners', 'Principals', 'Keys'] as const;
export type TableName = (typeof TABLES)[number];

/** Everything that touches the world, so that a test can put its own in place. */
export type Effects = {
  clock: Clock;
  newId: NewId;
  log: Log;
  table: (name: TableName) => RowStore;
  verifyToken: VerifyToken;
  checks: ReadinessChecks;
};

export type App = { routes: Route[]; newId: NewId };

const LIMITS = { numbersPerOrder: 10_000, rangesPerOrder: 100 } as const;

/** The app over `effects`; makes no request. Throws when SEED_PARTNERS is wrong. */
export const compose = (settings: Settings, effects: Effects): App => {
  const { clock, table, verifyToken, checks, log } = effects;
  const [firstIssuer = ''] = settings.AUTH_ISSUERS;
  const seed = readSeed(settings.APP_ENV === 'local' ? settings.SEED_PARTNERS : []);
  const registry = seededRegistry(partnerRegistry({ partners: table('Partners'), principals: table('Principals') }), seed);
  const operatorTenantId = settings.AUTH_OPERATOR_TENANT_ID ?? tenantOf(firstIssuer);
  const admit = makeAdmit({ authenticate: makeAuthenticate(verifyToken), registry, operatorTenantId });
  const health = healthUses(makeReadiness(checks, clock, log));
  const use: UseCases = {
    getLive: health.live,
    getReady: health.ready,
    getMe: ({ principal }) => ({ body: viewOfMe(principal, { limits: LIMITS, apiVersions: [...API_VERSIONS] }) }),
  };
  const route = makeEndpoint({ admit, nowMs: () => clock.now(), newId: effects.newId });
  return { routes: routeTable(route, use), newId: effects.newId };
};

/** The real effects of `settings`. Makes no request. */
export const realEffects = (settings: Settings): Effects => {
  const tables = tableSettings(settings);
  const ensure = once(() => ensureTables(tables, TABLES));
  const table = (name: TableName): RowStore => ensuredStore(azureRowStore(tableClient(tables, name)), ensure);
  const bus = busClient(busSettings(settings));
  const upstream = upstreamCredential(settings);
  return {
    clock: systemClock,
    newId,
    log: structuredLog(console),
    table,
    verifyToken: makeVerifyToken({ audience: settings.AUTH_AUDIENCE, issuers: settings.AUTH_ISSUERS, nowMs: () => systemClock.now() }),
    checks: {
      storage: async () => {
        await table('Partners').get('partner', 'none');
      },
      bus: () => reachQueue(bus, QUEUES.provisioning),
      token: async () => {
        await upstream.getToken(settings.UPSTREAM_SCOPE);
      },
    },
  };
};

const tableSettings = (settings: Settings): TableSettings =>
  settings.APP_ENV === 'local'
    ? { connectionString: settings.TABLES_CONNECTION_STRING }
    : { endpoint: settings.TABLES_ENDPOINT, credential: platformCredential(settings) };

const busSettings = (settings: Settings): BusSettings =>
  settings.APP_ENV === 'local'
    ? { connectionString: settings.ServiceBus }
    : { fullyQualifiedNamespace: settings.ServiceBus__fullyQualifiedNamespace, credential: platformCredential(settings) };
