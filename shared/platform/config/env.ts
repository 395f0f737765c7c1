/** The one schema of every setting: a union of `local` and `azure`, read once at start from the environment given. */
import { z } from 'zod';
import { identity, keeping, orders, partnerRates, rates, rfis, schedules, upstream } from './common-settings.ts';
import { defaulted, optional, setting } from './setting.ts';
import * as value from './value-schemas.ts';

/** The value in local.settings.sample.json: known to everybody, so refused in Azure. */
export const SAMPLE_WEBHOOK_SECRET_KEY = 'bG9jYWwtb25seS13ZWJob29rLXNlY3JldC1rZXktMDA=';

/** ACG moves its name to another region within this time (Learn, "Reliability in Azure Communications Gateway"). */
const AZURE_MIN_FAILOVER_WAIT_MS = 60_000;
const AZURE_MIN_QUARANTINE_MARGIN_MS = 10_000;
const AZURE_MIN_RETRY_DELAY_S = 5;
const MAX_WAIT_MS = 600_000;

const RETRY_DELAYS = '5,300,1800,7200,18000,36000,36000';
const WAIT = 'How much longer than its time-out a write of unknown outcome is left alone: the gateway may be moving to another region.';
const MARGIN = 'How long after its claim a batch may still be sent; a write of unknown outcome is left alone for that long as well.';
const DELAYS = 'Seconds between the tries of one webhook delivery.';
const LOOPBACK = 'Whether webhooks may go to this machine.';
const WRAPPING_KEY =
  'URL of the Key Vault key (without a version) that wraps the data keys of new webhook secrets; WEBHOOK_SECRET_KEY then only opens older ones.';
const ISSUERS = 'Comma-separated issuers of inbound tokens, one per Entra tenant, exact.';
const OPERATOR = "The operator's own Entra tenant: operator roles count in its tokens alone. Locally by default the first issuer's tenant.";
const SECRET_KEY = 'Key that encrypts webhook secrets at rest: 32 bytes in base64.';

/** Settings of the local stack, in the order of local.settings.sample.json. */
export const localSettings = z.object({
  APP_ENV: setting(z.literal('local'), 'Which branch of settings applies: local or azure.'),
  PUBLIC_BASE_URL: setting(value.httpUrl, 'Address under which callers reach this API, without /api.'),
  TABLES_CONNECTION_STRING: setting(
    value.connectionString(/TableEndpoint=|UseDevelopmentStorage=true|AccountName=/, 'a table endpoint'),
    'Storage of all state.',
    { secret: true },
  ),
  ServiceBus: setting(value.connectionString(/Endpoint=sb:\/\//, 'Endpoint=sb://'), 'Service Bus namespace.', { secret: true }),
  AzureWebJobsStorage: setting(
    value.connectionString(/BlobEndpoint=|UseDevelopmentStorage=true|AccountName=/, 'a blob endpoint'),
    "The Functions host's own storage.",
    { secret: true },
  ),
  ...identity,
  AUTH_ISSUERS: setting(value.localIssuers, ISSUERS),
  AUTH_OPERATOR_TENANT_ID: optional(value.guid, OPERATOR),
  ...upstream,
  UPSTREAM_CLIENT_SECRET: setting(value.text, 'Secret of that client.', { secret: true }),
  UPSTREAM_AUTHORITY_HOST: defaulted(value.httpsUrl, 'https://login.microsoftonline.com', 'Authority that issues upstream tokens.'),
  ...rates,
  ...orders,
  ...partnerRates,
  UPSTREAM_FAILOVER_WAIT_MS: defaulted(value.whole(0, MAX_WAIT_MS), '60000', WAIT),
  QUARANTINE_MARGIN_MS: defaulted(value.whole(0, MAX_WAIT_MS), '10000', MARGIN),
  ...schedules,
  ...rfis,
  WEBHOOK_SECRET_KEY: setting(value.secretKey, SECRET_KEY, { secret: true }),
  WEBHOOK_ALLOW_LOOPBACK: defaulted(value.flag, 'false', LOOPBACK),
  WEBHOOK_RETRY_DELAYS_S: defaulted(value.delays(0), RETRY_DELAYS, DELAYS),
  ...keeping,
  SEED_PARTNERS: optional(value.jsonArray, 'Partners to begin with, as a JSON array.', { secret: true }),
});

const MANAGED = z.literal('managedidentity', 'must be managedidentity');

/** Settings of a deployment: identities instead of keys, https alone, no shortened waits. */
export const azureSettings = z.object({
  APP_ENV: setting(z.literal('azure'), 'Which branch of settings applies: local or azure.'),
  PUBLIC_BASE_URL: setting(value.httpsUrl, 'Address under which callers reach this API, without /api.'),
  TABLES_ENDPOINT: setting(value.httpsUrl, 'Table endpoint of the storage account of all state.'),
  ServiceBus__fullyQualifiedNamespace: setting(
    value.text.regex(/^[A-Za-z0-9.-]+(:\d+)?$/, 'must be a host name'),
    'Host name of the Service Bus namespace.',
  ),
  ServiceBus__credential: setting(MANAGED, 'How the bus is signed in to.'),
  ServiceBus__clientId: setting(value.guid, 'Client id of the identity for the bus.'),
  AzureWebJobsStorage__accountName: setting(
    value.text.regex(/^[a-z0-9]{3,24}$/, 'must be a storage account name'),
    "Account of the Functions host's own storage.",
  ),
  AzureWebJobsStorage__credential: setting(MANAGED, "How the host's storage is signed in to."),
  AzureWebJobsStorage__clientId: setting(value.guid, "Client id of the identity for the host's storage."),
  AZURE_CLIENT_ID: setting(value.guid, 'Client id of the identity that this app runs as.'),
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional(
    value.connectionString(/InstrumentationKey=/, 'InstrumentationKey='),
    'Where spans and metrics go; without it nowhere. It names a place and is no key: signing in is by identity.',
  ),
  ...identity,
  AUTH_ISSUERS: setting(value.entraIssuers, ISSUERS),
  AUTH_OPERATOR_TENANT_ID: setting(value.guid, OPERATOR),
  ...upstream,
  UPSTREAM_CLIENT_SECRET: optional(value.text, 'Secret of that client; without it the identity of this app is federated with it.', {
    secret: true,
  }),
  ...rates,
  ...orders,
  ...partnerRates,
  UPSTREAM_FAILOVER_WAIT_MS: defaulted(value.whole(AZURE_MIN_FAILOVER_WAIT_MS, MAX_WAIT_MS), '60000', WAIT),
  QUARANTINE_MARGIN_MS: defaulted(value.whole(AZURE_MIN_QUARANTINE_MARGIN_MS, MAX_WAIT_MS), '10000', MARGIN),
  ...schedules,
  ...rfis,
  WEBHOOK_SECRET_KEY: setting(
    value.secretKey.refine((key) => key !== SAMPLE_WEBHOOK_SECRET_KEY, 'must not be the key of the sample settings'),
    SECRET_KEY,
    { secret: true },
  ),
  WEBHOOK_ALLOW_LOOPBACK: defaulted(
    value.flag.refine((allowed) => !allowed, 'must be false in azure'),
    'false',
    LOOPBACK,
  ),
  WEBHOOK_RETRY_DELAYS_S: defaulted(value.delays(AZURE_MIN_RETRY_DELAY_S), RETRY_DELAYS, DELAYS),
  ...keeping,
  WEBHOOK_WRAPPING_KEY_URL: optional(value.httpsUrl, WRAPPING_KEY),
});

/** What both branches ask for alike: all that can be checked while the branch is unknown. */
export const sharedSettings = z.object({
  APP_ENV: z.enum(['local', 'azure'], 'must be local or azure'),
  ...identity,
  ...upstream,
  ...rates,
  ...orders,
  ...partnerRates,
  ...schedules,
  ...rfis,
});

export type LocalSettings = z.output<typeof localSettings>;
export type AzureSettings = z.output<typeof azureSettings>;
export type Settings = LocalSettings | AzureSettings;
