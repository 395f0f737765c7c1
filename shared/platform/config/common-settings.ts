/** Settings that mean the same in both branches, by what they are about. */
import { UPSTREAM_SCOPE } from '../upstream/token.ts';
import { defaulted, optional, setting } from './setting.ts';
import * as value from './value-schemas.ts';

export const identity = {
  AUTH_AUDIENCE: setting(value.text, 'Audience that inbound access tokens must name: the application id of this API.'),
  API_KEYS_ALLOWED: defaulted(value.flag, 'true', 'Whether partners without Entra may sign in with API keys.'),
};

export const upstream = {
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

export const orders = {
  EMERGENCY_ADDRESS_REQUIRED: defaulted(
    value.flag,
    'true',
    'Whether orders are refused for calling users without an emergency address that their tenant may not set either.',
  ),
};

const SPACING = 'Least time between two upstream requests, over all instances; 0 allows bursts.';

export const rates = {
  UPSTREAM_REQUESTS_PER_MINUTE: defaulted(value.whole(1, 6000), '100', 'Upstream requests in any sliding minute, over all instances.'),
  UPSTREAM_MIN_SPACING_MS: defaulted(value.whole(0, 60_000), '0', SPACING),
  UPSTREAM_TIMEOUT_MS: defaulted(value.whole(100, 230_000), '30000', 'When an upstream request counts as unanswered.'),
};

export const partnerRates = {
  PARTNER_REQUESTS_PER_MINUTE: defaulted(
    value.whole(0, 100_000),
    '300',
    'Requests that a partner may make to this API within a minute, as one instance counts them, unless its quota says otherwise; 0 for any number.',
  ),
};

export const schedules = {
  SWEEP_SCHEDULE: defaulted(value.schedule, '*/10 * * * * *', 'When what is due is looked for (NCRONTAB, UTC).'),
  POLL_SCHEDULE: defaulted(value.schedule, '*/10 * * * * *', 'When pending numbers and accounts are polled (NCRONTAB, UTC).'),
  RECONCILE_SCHEDULE: defaulted(value.schedule, '0 30 2 * * *', 'When everything owned is compared with the gateway (NCRONTAB, UTC).'),
  RFI_SCHEDULE: defaulted(value.schedule, '0 */5 * * * *', 'When requests for information are fetched (NCRONTAB, UTC).'),
  HOUSEKEEPING_SCHEDULE: defaulted(value.schedule, '30 */5 * * * *', 'When use is counted and old records go (NCRONTAB, UTC).'),
};

/** Only the first is published (azure-rest-api-specs voiceservices 2024-02-29-preview, examples); the others are read off the portal's labels. */
const RFI_STATUSES = '{"accept":"ConsentAcknowledged","decline":"ConsentDeclined","terminate":"ContractTerminated"}';
export const rfis = {
  RFI_STATUS_MAP: defaulted(
    value.rfiStatusMap,
    RFI_STATUSES,
    "The gateway's words for answers to requests for information, as a JSON object of accept, decline and terminate.",
  ),
};

const MAX_KEPT_DAYS = 3650;
export const keeping = {
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
