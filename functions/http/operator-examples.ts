/** Pure: what the operator's things look like, for the API document. */

export const STOP = {
  id: 'customer.acme.contoso',
  scope: 'customer',
  partnerId: 'acme',
  customerId: 'contoso',
  reason: 'Numbers are being moved by hand',
  since: '2026-11-22T02:00:00.000Z',
};

export const API_KEY = {
  id: '01jd8m9s1c3f5h7k9n1q3s5v7x',
  name: 'bss production',
  roles: ['Partner.Read', 'Partner.Write'],
  state: 'live',
  createdAt: '2026-11-22T02:00:00.000Z',
  expiresAt: '2027-11-22T02:00:00.000Z',
};

export const PARTNER = {
  id: 'acme',
  name: 'Acme Telecom',
  state: 'active',
  clients: [{ tenantId: '0b000000-0000-4000-8000-000000000001', clientId: '0b000000-0000-4000-8000-0000000000c1' }],
  quota: { requestsPerMinute: 300, numbersPerDay: 50_000 },
  numberRanges: 1,
  createdAt: '2026-11-22T02:00:00.000Z',
  updatedAt: '2026-11-22T02:00:00.000Z',
  etag: '"mYv0k3J9sT1uQ5wX7zB2dF4hK6n"',
};

export const NUMBER_RANGES = {
  ranges: [{ from: '+441632960000', to: '+441632960999' }],
  etag: '"aB3dE5fG7hJ9kL1mN3pQ5rS7tU9"',
};

export const AUDIT_EVENT = {
  id: '01jd8m9s1c3f5h7k9n1q3s5v7x',
  occurredAt: '2026-11-22T02:00:00.000Z',
  partnerId: 'acme',
  actor: { kind: 'partner', tenantId: '0b000000-0000-4000-8000-000000000001', clientId: '0b000000-0000-4000-8000-0000000000c1' },
  action: 'createOrder',
  method: 'POST',
  resource: 'number-orders',
  resourceId: '01jd8m3q5v2x7r9t4w6y8z0a1b',
  status: 202,
  requestId: '01jd8m9s1c3f5h7k9n1q3s5v7x',
};

export const DEAD_LETTER = {
  messageId: '3b1d9b6a5b0f4a6f9a0b9e6f1f7c2d11',
  queue: 'provisioning',
  reason: 'MaxDeliveryCountExceeded',
  about: { kind: 'lane', lane: 'acc.acme-contoso' },
  buriedAt: '2026-11-22T02:00:00.000Z',
};

export const STATUS = {
  at: '2026-11-22T02:00:00.000Z',
  state: 'running',
  budget: { limitPerMinute: 100, used: 37, free: 63, usedBy: { interactive: 2, orders: 30, polls: 5, background: 0 } },
  due: { total: 3, byKind: { apply: 2, poll: 1 }, oldestAt: '2026-11-22T01:59:58.000Z' },
  timers: [{ timer: 'poll-pending', startedAt: '2026-11-22T01:59:40.000Z', finishedAt: '2026-11-22T01:59:52.000Z', failed: false }],
  rfiScan: { status: 'Succeeded', lastFinishedAt: '2026-11-22T01:55:03.000Z', lastOutcome: 'complete' },
  reconcile: { status: 'Succeeded', lastFinishedAt: '2026-11-22T02:34:10.000Z', lastOutcome: 'complete' },
  stalledOrders: [
    { kind: 'stalledOrder', id: '01jd8m3q5v2x7r9t4w6y8z0a1b', partnerId: 'acme', customerId: 'contoso', since: '2026-11-22T01:00:00.000Z' },
  ],
  stalledOperations: [],
  disabledSubscriptions: [],
  failingSubscriptions: [],
  moreAttention: false,
  deadLetters: { waiting: 0, more: false },
  stops: [],
};

export const USAGE = {
  partnerId: 'acme',
  day: '2026-11-22',
  orders: 12,
  numbersConfirmed: 10_000,
  numbersReleased: 250,
  numbersFailed: 3,
  customersDeleted: 0,
  events: 31,
  webhooksDelivered: 31,
  requests: 480,
};
