/** Pure: what numbers look like, for the API document. */
import { ORDER } from './order-examples.ts';

export const NUMBER = {
  telephoneNumber: '+441632960000',
  customerId: 'contoso',
  status: 'Succeeded',
  errors: [],
  services: {
    teamsOperatorConnect: {
      enabled: true,
      assignmentStatus: 'assigned',
      usage: 'CallingUserAssignment',
      capabilities: ['InboundCalling', 'OutboundCalling'],
      emergency: { civicAddressId: 'b39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a11', tenantMayUpdate: true },
    },
  },
  customSipHeader: 'acme-bill-7',
  lastOrderId: '01jd8m3q5v2x7r9t4w6y8z0a1b',
  checkedAt: '2026-11-22T02:01:12.000Z',
  etag: '"n9C4eR7tY2uI5oP8aS1dF3gH6jK"',
};

const { profile: _profile, ensureService: _ensureService, externalReference: _reference, ...order } = ORDER;

export const RELEASE_ORDER = {
  ...order,
  action: 'release',
  counts: { ...ORDER.counts, total: 1, pending: 1 },
};
