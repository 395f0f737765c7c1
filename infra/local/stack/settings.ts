/** The app's settings for a local stack, from what the stack knows: pure. */
import { API_AUDIENCE, callers, OPERATOR, PARTNERS, UPSTREAM_AUDIENCE, UPSTREAM_CLIENT } from './identities.ts';

export type SettingsInput = {
  publicUrl: string;
  upstreamUrl: string;
  issuerUrl: string;
  serviceBusConnectionString: string;
  azuriteConnectionString: string;
  /** 32 bytes in base64. */
  webhookSecretKey: string;
};

/** Every setting with its local value: waits that protect production are short, webhooks may go to this machine. */
export const settingsFor = (input: SettingsInput): Record<string, string> => ({
  FUNCTIONS_WORKER_RUNTIME: 'node',
  APP_ENV: 'local',
  PUBLIC_BASE_URL: input.publicUrl,
  AzureWebJobsStorage: input.azuriteConnectionString,
  TABLES_CONNECTION_STRING: input.azuriteConnectionString,
  ServiceBus: input.serviceBusConnectionString,
  AUTH_AUDIENCE: API_AUDIENCE,
  AUTH_ISSUERS: callers()
    .map(({ tenantId }) => `${input.issuerUrl}/${tenantId}/v2.0`)
    .join(','),
  AUTH_OPERATOR_TENANT_ID: OPERATOR.tenantId,
  UPSTREAM_BASE_URL: input.upstreamUrl,
  UPSTREAM_SCOPE: `${UPSTREAM_AUDIENCE}/.default`,
  UPSTREAM_TENANT_ID: UPSTREAM_CLIENT.tenantId,
  UPSTREAM_CLIENT_ID: UPSTREAM_CLIENT.clientId,
  UPSTREAM_CLIENT_SECRET: UPSTREAM_CLIENT.clientSecret,
  UPSTREAM_AUTHORITY_HOST: input.issuerUrl,
  UPSTREAM_REQUESTS_PER_MINUTE: '100',
  UPSTREAM_TIMEOUT_MS: '10000',
  // Tests and the demo ask far more often than a partner's program.
  PARTNER_REQUESTS_PER_MINUTE: '0',
  UPSTREAM_FAILOVER_WAIT_MS: '2000',
  QUARANTINE_MARGIN_MS: '2000',
  SWEEP_SCHEDULE: '*/2 * * * * *',
  POLL_SCHEDULE: '*/2 * * * * *',
  RECONCILE_SCHEDULE: '0 30 2 * * *',
  RFI_SCHEDULE: '0 */5 * * * *',
  HOUSEKEEPING_SCHEDULE: '*/15 * * * * *',
  WEBHOOK_SECRET_KEY: input.webhookSecretKey,
  WEBHOOK_ALLOW_LOOPBACK: 'true',
  WEBHOOK_RETRY_DELAYS_S: '1,5,15,60,300,1800,3600',
  SEED_PARTNERS: JSON.stringify(seedPartners()),
});

/** The operator is none of them: the tenant above makes it one. */
const seedPartners = (): unknown[] =>
  PARTNERS.map(({ id, name, tenantId, clientId, numberRanges }) => ({ id, name, ranges: numberRanges, clients: [{ tenantId, clientId }] }));
