/** Pure: what the gateway's own things look like, for the API document. */

const OWNER = { partnerId: 'acme', customerId: 'contoso' };

export const UPSTREAM_ACCOUNT = {
  accountName: 'acme-contoso',
  ...OWNER,
  teamsTenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a',
  reference: 'crm-4711',
  services: ['teamsOperatorConnect'],
  numberCounts: { teamsOperatorConnect: 120 },
  status: 'synced',
};

export const UPSTREAM_NUMBER = {
  telephoneNumber: '+441632960000',
  accountName: 'acme-contoso',
  ...OWNER,
  services: ['teamsOperatorConnect'],
  status: 'synced',
};

export const ADOPTION = {
  partnerId: 'acme',
  customerId: 'contoso',
  accountName: 'contoso-uk',
  status: 'Running',
  outsideRanges: 'adopt',
  numbers: { total: 100_000, adopted: 41_500, outsideRanges: 0, refused: 1 },
  findingsHref: 'https://api.example/api/operator/partners/acme/customers/contoso/findings?api-version=2026-11-01',
  createdAt: '2026-11-22T02:00:00.000Z',
  startedAt: '2026-11-22T02:00:05.000Z',
};

export const FINDING = {
  telephoneNumber: '+441632960117',
  code: 'NumberNotAllocated',
  heldBy: { partnerId: 'beta', customerId: 'fabrikam' },
};

export const RECONCILIATION = {
  status: 'Running',
  startedAt: '2026-11-22T02:30:00.000Z',
  pages: 12,
  last: {
    id: '01jd8m2h4n6p8r0t2v4x6z8b0d',
    startedAt: '2026-11-21T02:30:00.000Z',
    finishedAt: '2026-11-21T02:34:10.000Z',
    outcome: 'complete',
    counts: { accounts: 240, numbers: 100_000, drift: 1, unsettled: 0 },
  },
};

export const DRIFT = {
  id: '3k9v1c7m2p5r8t0w4y6z',
  kind: 'numberDifferent',
  status: 'open',
  partnerId: 'acme',
  customerId: 'contoso',
  accountName: 'acme-contoso',
  telephoneNumber: '+441632960000',
  fields: [
    {
      field: '/serviceDetails/teamsOperatorConnect/configuration/usage',
      ours: 'CallingUserAssignment',
      upstream: 'ConferenceAssignment',
    },
  ],
  firstSeenAt: '2026-11-21T02:33:00.000Z',
  lastSeenAt: '2026-11-22T02:33:00.000Z',
};
