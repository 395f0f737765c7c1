/** Pure: what a request for information looks like, for the API document. */

export const RFI = {
  tenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a',
  id: '214b8c1e-6a2f-4f0d-9d53-0f6b1a7e2c44',
  customerId: 'contoso',
  status: 'active',
  consentedCountries: ['UK', 'US'],
  consentedAt: '2026-11-20T09:00:00.000Z',
  updatedAt: '2026-11-20T09:00:00.000Z',
  contacts: [{ fullName: 'Ada Example', email: 'ada@contoso.example', companyName: 'Contoso' }],
  relationship: { status: 'ConsentAcknowledged', comment: 'Contract 77 signed', updatedAt: '2026-11-21T10:00:00.000Z' },
  assignedPartnerId: 'acme',
  syncStatus: 'Succeeded',
  etag: '"r5V8bN2mQ7wE1rT4yU9iO3pA6sD"',
};

export const RFI_SCAN = {
  status: 'Succeeded',
  last: {
    startedAt: '2026-11-22T02:00:00.000Z',
    finishedAt: '2026-11-22T02:00:02.000Z',
    outcome: 'complete',
    counts: { pages: 1, seen: 3, received: 1, updated: 1, removed: 0, refreshed: 0, failed: 0 },
  },
};

export const ACCEPT_REQUEST = {
  comment: 'Contract 77 signed',
  ticket: 'CHG0042',
  createCustomer: { customerId: 'contoso-uk', services: ['teamsOperatorConnect'] },
};
export const DECLINE_REQUEST = { reason: 'No service in this country', ticket: 'CHG0043' };
export const RELATIONSHIP_REQUEST = { status: 'ContractTerminated', comment: 'Contract 77 has ended' };

const OPERATION = {
  id: '0bq3v7x1m5k9r2t6w8y4z1c3',
  status: 'Running',
  tenantId: RFI.tenantId,
  createdAt: '2026-11-22T02:00:00.000Z',
  updatedAt: '2026-11-22T02:00:01.000Z',
  resourceHref: `https://api.example/api/rfis/${RFI.tenantId}?api-version=2026-11-01`,
};

export const ACCEPTING = {
  ...OPERATION,
  kind: 'rfi.accept',
  customerId: 'contoso-uk',
  ticket: 'CHG0042',
  steps: [
    { name: 'setRelationship', status: 'Succeeded' },
    { name: 'createCustomer', status: 'Running', operationId: '1fq3v7x1m5k9r2t6w8y4z1c3' },
  ],
};
export const DECLINING = { ...OPERATION, kind: 'rfi.decline', ticket: 'CHG0043', steps: [{ name: 'setRelationship', status: 'Running' }] };

export const ASSIGNMENT_RULE = { id: 'uk-to-acme', partnerId: 'acme', countries: ['UK', 'GB'] };
