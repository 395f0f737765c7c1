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
