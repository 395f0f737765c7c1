/** Pure: what customers and their operations look like, for the API document. */

const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';

export const CUSTOMER_REQUEST = {
  teamsTenantId: TENANT,
  reference: 'crm-4711',
  services: {
    teamsOperatorConnect: { sync: true },
    teamsDirectRouting: { subdomain: 'contoso', txtTokens: ['region1TokenValue', 'region2TokenValue'], callerIdScreening: true },
  },
};

export const CUSTOMER = {
  id: 'contoso',
  accountName: 'acme-contoso',
  teamsTenantId: TENANT,
  reference: 'crm-4711',
  status: 'Pending',
  errors: [],
  services: {
    teamsOperatorConnect: { enabled: true, sync: true },
    teamsDirectRouting: { enabled: true, subdomain: 'contoso', txtTokens: ['re…ue', 're…ue'], callerIdScreening: true },
  },
  createdAt: '2026-11-22T02:00:00.000Z',
  updatedAt: '2026-11-22T02:00:00.000Z',
  etag: '"k3J9xQ2mV7sT4wZ8bN1cR5dF6gH"',
};

export const CUSTOMER_PAGE = {
  value: [
    {
      id: 'contoso',
      accountName: 'acme-contoso',
      teamsTenantId: TENANT,
      reference: 'crm-4711',
      services: ['teamsOperatorConnect', 'teamsDirectRouting'],
      createdAt: '2026-11-22T02:00:00.000Z',
    },
  ],
};

const MONITOR = {
  id: '01jd8m2h4n6p8r0t2v4x6z8b0d',
  status: 'NotStarted',
  customerId: 'contoso',
  createdAt: '2026-11-22T02:00:00.000Z',
  updatedAt: '2026-11-22T02:00:00.000Z',
  resourceHref: 'https://provisioning.example.net/api/customers/contoso?api-version=2026-11-01',
};

/** The monitor of a change of a customer. */
export const monitorOf = (kind: string): object => ({ ...MONITOR, kind });
