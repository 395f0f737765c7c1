/** The one schema of every setting: a union of `local` and `azure`, read once at start from the environment given. */
import { z } from 'zod';
import { UPSTREAM_SCOPE } from '../upstream/token.ts';
import * as value from './value-schemas.ts';

/** The value in local.settings.sample.json: known to everybody, so refused in Azure. */
export const SAMPLE_WEBHOOK_SECRET_KEY = 'bG9jYWwtb25seS13ZWJob29rLXNlY3JldC1rZXktMDA=';

/** ACG moves its name to another region within this time (Learn, "Reliability in Azure Communications Gateway"). */
const AZURE_MIN_FAILOVER_WAIT_MS = 60_000;
const AZURE_MIN_QUARANTINE_MARGIN_MS = 10_000;
const AZURE_MIN_RETRY_DELAY_S = 5;
const MAX_WAIT_MS = 600_000;

type Notes = { secret?: boolean; default?: string };

/** A required setting with what it is for. */
const setting = <S extends z.ZodType>(schema: S, description: string, notes: Notes = {}): S => schema.meta({ description, ...notes });

const optional = <S extends z.ZodType>(schema: S, description: string, notes: Notes = {}) =>
  schema.optional().meta({ description, ...notes });

/** A setting that takes `text` when it is missing. */
const defaulted = <S extends z.ZodType<unknown, string>>(schema: S, text: string, description: string) =>
  z.string().default(text).pipe(schema).meta({ description, default: text });

const identity = {
  AUTH_AUDIENCE: setting(value.text, 'Audience that inbound access tokens must name: the application id of this API.'),
  API_KEYS_ALLOWED: defaulted(value.flag, 'true', 'Whether partners without Entra may sign in with API keys.'),
};

const upstream = {
  UPSTREAM_BASE_URL: setting(value.httpsUrl, 'Address of the Provisioning API.'),
  UPSTREAM_API_VERSION: defaulted(value.text, '2024-02-29-preview', 'Version of the Provisioning API.'),
  UPSTREAM_SCOPE: defaulted(value.scope, UPSTREAM_SCOPE, 'Scope of upstream access tokens.'),
  UPSTREAM_TENANT_ID: setting(value.guid, 'Entra tenant in which this deployment is a client of the Provisioning API.'),
  UPSTREAM_CLIENT_ID: setting(value.guid, 'Application id of that client.'),
  GATEWAY_BASE_DOMAIN: optional(
    value.text.regex(/^(?=.{1,100}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain in lower case'),
    "The gateway's own domain, such as abcd.commsgw.azure.com: with it names of Direct Routing are told and held to the 48 characters that can be verified.",
  ),
};

const orders = {
  EMERGENCY_ADDRESS_REQUIRED: defaulted(
    value.flag,
    'true',
    'Whether orders are refused for calling users without an emergency address that their tenant may not set either.',
  ),
};

const SPACING = 'Least time between two upstream requests, over all instances; 0 allows bursts.';

const rates = {
  UPSTREAM_REQUESTS_PER_MINUTE: defaulted(value.whole(1, 6000), '100', 'Upstream requests in any sliding minute, over all instances.'),
  UPSTREAM_MIN_SPACING_MS: defaulted(value.whole(0, 60_000), '0', SPACING),
  UPSTREAM_TIMEOUT_MS: defaulted(value.whole(100, 230_000), '30000', 'When an upstream request counts as unanswered.'),
};

const partnerRates = {
  PARTNER_REQUESTS_PER_MINUTE: defaulted(
    value.whole(0, 100_000),
    '300',
    'Requests that a partner may make to this API within a minute, as one instance counts them, unless its quota says otherwise; 0 for any number.',
  ),
};

const schedules = {
  SWEEP_SCHEDULE: defaulted(value.schedule, '*/10 * * * * *', 'When what is due is looked for (NCRONTAB, UTC).'),
  POLL_SCHEDULE: defaulted(value.schedule, '*/10 * * * * *', 'When pending numbers and accounts are polled (NCRONTAB, UTC).'),
  RECONCILE_SCHEDULE: defaulted(value.schedule, '0 30 2 * * *', 'When everything owned is compared with the gateway (NCRONTAB, UTC).'),
  RFI_SCHEDULE: defaulted(value.schedule, '0 */5 * * * *', 'When requests for information are fetched (NCRONTAB, UTC).'),
  HOUSEKEEPING_SCHEDULE: defaulted(value.schedule, '30 */5 * * * *', 'When use is counted and old records go (NCRONTAB, UTC).'),
};

/** Only the first is published (azure-rest-api-specs voiceservices 2024-02-29-preview, examples); the others are read off the portal's labels. */
const RFI_STATUSES = '{"accept":"ConsentAcknowledged","decline":"ConsentDeclined","terminate":"ContractTerminated"}';
const rfis = {
  RFI_STATUS_MAP: defaulted(
    value.rfiStatusMap,
    RFI_STATUSES,
    "The gateway's words for answers to requests for information, as a JSON object of accept, decline and terminate.",
  ),
};

const MAX_KEPT_DAYS = 3650;
const keeping = {
  RFI_CONTACTS_KEEP_DAYS: defaulted(
    value.whole(1, MAX_KEPT_DAYS),
    '365',
    'Days after which the contacts of a request for information are erased here.',
  ),
  AUDIT_KEEP_DAYS: defaulted(value.whole(1, MAX_KEPT_DAYS), '400', 'Days for which it is kept who changed what.'),
  WEBHOOK_KEEP_DELIVERED_DAYS: defaulted(
    value.whole(1, MAX_KEPT_DAYS),
    '30',
    'Days for which delivered events can be read and sent again.',
  ),
  WEBHOOK_KEEP_UNDELIVERED_DAYS: defaulted(
    value.whole(1, MAX_KEPT_DAYS),
    '90',
    'Days for which events that were never delivered are kept.',
  ),
  WEBHOOK_STREAM_EPOCH: defaulted(
    value.text.regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be a short name'),
    '1',
    'Change it after storage was restored to an earlier state: receivers then know that sequence numbers were given anew.',
  ),
};

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
