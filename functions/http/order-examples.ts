/** Pure: what profiles, orders and their items look like, for the API document. */

export const PROFILE_SETTINGS = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling', 'OutboundCalling'],
  emergency: { tenantMayUpdate: true },
};

export const PROFILE = {
  id: 'oc-users',
  ...PROFILE_SETTINGS,
  shared: false,
  createdAt: '2026-11-22T01:00:00.000Z',
  updatedAt: '2026-11-22T01:00:00.000Z',
  etag: '"p8R2nM5vX1qK7jL4tB9wZ3cD6fG"',
};

const ID = '01jd8m3q5v2x7r9t4w6y8z0a1b';

export const ORDER_REQUEST = {
  action: 'provision',
  customerId: 'contoso',
  numbers: ['+441632960000', '+441632960001'],
  ranges: [{ from: '+441632960100', to: '+441632960199' }],
  profile: PROFILE_SETTINGS,
  ensureService: 'enable',
  externalReference: 'PO-7781',
  ticket: 'CHG0042',
};

/** What is not said of the numbers comes in the query: `?customerId=contoso&profileId=oc-users`. */
export const ORDER_CSV = 'telephoneNumber,usage,reference\r\n+441632960000,,desk 1\r\n+441632960001,ConferenceAssignment,room 7\r\n';

export const ORDER = {
  id: ID,
  status: 'NotStarted',
  action: 'provision',
  customerId: 'contoso',
  externalReference: 'PO-7781',
  ticket: 'CHG0042',
  ensureService: 'enable',
  counts: { total: 102, pending: 102, submitted: 0, succeeded: 0, failed: 0, superseded: 0, skipped: 0, canceled: 0 },
  percentComplete: 0,
  failures: [],
  profile: PROFILE_SETTINGS,
  estimatedCompletionAt: '2026-11-22T02:03:00.000Z',
  itemsHref: `https://provisioning.example.net/api/number-orders/${ID}/items?api-version=2026-11-01`,
  createdAt: '2026-11-22T02:00:00.000Z',
  etag: '"o4T7yU1iP9aS3dF6gH8jK2lZ5xC"',
};

export const VALIDATION = {
  valid: false,
  counts: { total: 102, valid: 101, invalid: 1 },
  upstreamRequestsNeeded: 2,
  estimatedSeconds: 33,
  checks: [
    { name: 'customerExists', ok: true },
    { name: 'serviceEnabled', ok: true },
    { name: 'usageOffered', ok: true },
    { name: 'capabilitiesOffered', ok: true },
    { name: 'emergencyAddress', ok: true },
    { name: 'addressExists', ok: true },
    { name: 'consentActive', ok: true, known: false },
    { name: 'numbersWellFormed', ok: true },
    { name: 'numbersAllocated', ok: false },
    { name: 'numbersFree', ok: true },
    { name: 'numbersNew', ok: true },
    { name: 'displayedCountry', ok: true },
    { name: 'countryConsented', ok: true, known: false },
  ],
  problems: [],
  warnings: [],
  items: [
    {
      telephoneNumber: '+441632970000',
      error: { code: 'NumberNotAllocated', message: 'The number is not allocated to this partner.' },
      retryable: false,
      nextStep: 'Ask the operator to allocate the number, then order it again.',
    },
  ],
};

export const ENDED_ORDER = {
  ...ORDER,
  status: 'PartiallySucceeded',
  counts: { ...ORDER.counts, pending: 0, succeeded: 101, failed: 1 },
  percentComplete: 100,
  failures: [{ code: 'UpstreamSyncFailed', count: 1 }],
  estimatedCompletionAt: undefined,
  startedAt: '2026-11-22T02:00:01.000Z',
  finishedAt: '2026-11-22T02:01:12.000Z',
};

export const ITEM_PAGE = {
  value: [
    {
      telephoneNumber: '+441632960117',
      customerId: 'contoso',
      status: 'failed',
      error: {
        code: 'UpstreamSyncFailed',
        message: 'The voice service refused the number.',
        upstream: [{ code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' }],
      },
      retryable: true,
      nextStep: 'Correct the settings and retry the failed numbers.',
    },
  ],
};
