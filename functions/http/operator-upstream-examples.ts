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
