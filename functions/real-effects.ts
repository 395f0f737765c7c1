/** The one place that creates clients: the real effects of the settings. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { BusSettings } from '../shared/platform/bus/bus-settings.ts';
import { busClient } from '../shared/platform/bus/client.ts';
import { QUEUES } from '../shared/platform/bus/queues.ts';
import { reachQueue } from '../shared/platform/bus/reach.ts';
import { makeWakes } from '../shared/platform/bus/wake.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { platformCredential, upstreamCredential } from '../shared/platform/identity/credential.ts';
import { makeVerifyToken } from '../shared/platform/identity/verify-token.ts';
import { newId } from '../shared/platform/ids/new-id.ts';
import { makeInspectEndpoint } from '../shared/platform/outbound/inspect-endpoint.ts';
import { makePost } from '../shared/platform/outbound/post.ts';
import type { KeyWrapper } from '../shared/platform/secrets/key-wrapper.ts';
import { vaultKeyWrapper } from '../shared/platform/secrets/vault-key-wrapper.ts';
import { azureRowStore } from '../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient, type TableSettings } from '../shared/platform/tables/client.ts';
import { ensuredStore } from '../shared/platform/tables/ensured-store.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import { structuredLog } from '../shared/platform/telemetry/log.ts';
import { systemClock } from '../shared/platform/time/clock.ts';
import { makeCallUpstream } from '../shared/platform/upstream/call-upstream.ts';
import { makeTokenSource } from '../shared/platform/upstream/token.ts';
import { once } from '../shared/platform/values/once.ts';
import { TABLES, type Effects, type TableName } from './effects.ts';
import { openTelemetry, traceParentOf } from './open-telemetry.ts';

/** The real effects of `settings`. Makes no request. */
export const realEffects = (settings: Settings): Effects => {
  const log = structuredLog(console);
  const clock = systemClock;
  const tables = tableSettings(settings);
  const ensure = once(() => ensureTables(tables, TABLES));
  const stores = new Map(TABLES.map((name) => [name, ensuredStore(azureRowStore(tableClient(tables, name)), ensure)]));
  const table = (name: TableName): RowStore => {
    const store = stores.get(name);
    if (!store) throw new Error(`no table ${name}`);
    return store;
  };
  const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');
  const telemetry = openTelemetry(settings, () => clock.now(), randomHex);
  const bus = busClient(busSettings(settings));
  const tokens = makeTokenSource({ newCredential: () => upstreamCredential(settings), scope: settings.UPSTREAM_SCOPE, clock });
  return {
    clock,
    newId,
    newUuid: randomUUID,
    later: (ms, run) => void setTimeout(run, ms).unref(),
    random: Math.random,
    randomBytes,
    log,
    telemetry,
    table,
    wakes: makeWakes({
      client: bus,
      traceParent: () => traceParentOf(telemetry),
      queueNames: QUEUES,
      clock,
      newId,
      onFailure: ({ code }) => log('warn', 'a wake was not sent; the sweep will', { errorCode: code }),
    }),
    call: makeCallUpstream({
      ...tokens,
      baseUrl: settings.UPSTREAM_BASE_URL,
      apiVersion: settings.UPSTREAM_API_VERSION,
      timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
      clock,
      newRequestId: randomUUID,
      onCall: ({ method, outcome, status, durationMs }) => log('info', 'upstream call', { method, state: outcome, status, durationMs }),
    }),
    post: makePost({ userAgent: 'acg-provisioning-facade', allowLoopback: settings.WEBHOOK_ALLOW_LOOPBACK, clock }).post,
    inspectEndpoint: makeInspectEndpoint({ allowLoopback: settings.WEBHOOK_ALLOW_LOOPBACK }),
    keyWrapper: keyWrapperOf(settings),
    verifyToken: makeVerifyToken({ audience: settings.AUTH_AUDIENCE, issuers: settings.AUTH_ISSUERS, nowMs: () => clock.now() }),
    checks: {
      storage: async () => {
        await table('Partners').get('partner', 'none');
      },
      bus: () => reachQueue(bus, QUEUES.provisioning),
      token: async () => {
        await tokens.getToken();
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

const keyWrapperOf = (settings: Settings): KeyWrapper | undefined => {
  const keyUrl = settings.APP_ENV === 'azure' ? settings.WEBHOOK_WRAPPING_KEY_URL : undefined;
  return settings.APP_ENV === 'azure' && keyUrl !== undefined
    ? vaultKeyWrapper({ keyUrl, credential: platformCredential(settings) })
    : undefined;
};
