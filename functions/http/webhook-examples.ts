/** Pure: what webhook subscriptions, their attempts and their events look like, for the API document. */

const ID = 'sub_7k2m';
const STREAM = '4c1zq80t9m2x';

export const SUBSCRIPTION = {
  id: ID,
  builtIn: false,
  url: 'https://bss.acme.example/hooks',
  eventTypes: ['number_order.*', 'rfi.*'],
  customerIds: [],
  detail: 'order',
  payloadVersion: '2026-11-01',
  ordered: false,
  state: 'active',
  secrets: [{ createdAt: '2026-11-22T02:00:00.000Z' }],
  stream: STREAM,
  createdAt: '2026-11-22T02:00:00.000Z',
  etag: '"s6W1eR9tY4uI8oP2aD5fG7hJ3kL"',
};

/** A made-up secret, as long as a real one. */
export const CREATED_SUBSCRIPTION = { ...SUBSCRIPTION, secret: 'whsec_ZXhhbXBsZSBvbmx5LCBub3QgYSBzZWNyZXQhISE=' };

export const ATTEMPT = {
  deliveryId: '42',
  sequence: 42,
  eventId: 'evt_0123456789abcdefghjkmnpqrs',
  type: 'number_order.succeeded',
  attempt: 2,
  startedAt: '2026-11-22T02:01:13.000Z',
  durationMs: 84,
  outcome: 'delivered',
  status: 204,
  state: 'delivered',
};

export const EVENT_PAGE = {
  subscriptionId: ID,
  stream: STREAM,
  firstSequence: 1,
  lastSequence: 42,
  value: [
    {
      id: 'evt_0123456789abcdefghjkmnpqrs',
      type: 'number_order.succeeded',
      timestamp: '2026-11-22T02:01:12.000Z',
      apiVersion: '2026-11-01',
      subscriptionId: ID,
      stream: STREAM,
      sequence: 42,
      data: { orderId: '01jd8m3q5v2x7r9t4w6y8z0a1b', customerId: 'contoso', status: 'Succeeded' },
    },
  ],
};

export const DIAGNOSIS = {
  ok: true,
  checks: [
    { name: 'address', outcome: 'ok' },
    { name: 'answer', outcome: 'ok' },
    { name: 'signature', outcome: 'ok' },
  ],
};

export const REPLAY = { dryRun: true, only: 'failed', count: 3, isAtLeast: false, afterSequence: 0, throughSequence: 42 };

/** One entry of the catalogue. */
export const EVENT_TYPE = {
  type: 'webhook_subscription.test',
  when: 'A test of a subscription was asked for.',
  audience: 'partner',
  dataSchema: { type: 'object', properties: { subscriptionId: { type: 'string' } }, required: ['subscriptionId'] },
  example: { ...EVENT_PAGE.value[0], type: 'webhook_subscription.test', data: { subscriptionId: ID } },
};
