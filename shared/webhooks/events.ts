/** Pure: the catalogue of events: each type with the schema of its `data`, when it happens, who hears it, and an example. */
import type { z } from 'zod';
import { customerData, deadLetterData, driftData, numberData, orderData, rfiData, subscriptionData, upstreamData } from './event-data.ts';

type Entry = { data: z.ZodObject; when: string; audience: 'partner' | 'operator'; example: Readonly<Record<string, unknown>> };

const CAUSE = { externalReference: 'PO-7781', idempotencyKey: 'po-7781-1' };
const ORDER_HREF = 'https://api.example/api/number-orders/0b6f2c';
const COUNTS = { total: 102, pending: 0, submitted: 0, succeeded: 101, failed: 1, skipped: 0, canceled: 0 };
const ORDER = { orderId: '0b6f2c', customerId: 'contoso', ...CAUSE, action: 'provision', counts: COUNTS, href: ORDER_HREF };
const CUSTOMER = {
  customerId: 'contoso',
  operationId: '1f8d1c',
  externalReference: 'crm-4711',
  href: 'https://api.example/api/customers/contoso',
};
const NUMBER = { telephoneNumber: '+441632960117', customerId: 'contoso', orderId: '0b6f2c', ...CAUSE };
const RFI = { tenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a', rfiId: '214b', customerId: 'contoso', consentedCountries: ['UK', 'US'] };
const SUBSCRIPTION = { subscriptionId: 'sub_7k2m' };

const order = (when: string, example: object = {}): Entry => ({
  data: orderData,
  when,
  audience: 'partner',
  example: { ...ORDER, status: 'Running', ...example },
});
const customer = (when: string, example: object = {}): Entry => ({
  data: customerData,
  when,
  audience: 'partner',
  example: { ...CUSTOMER, ...example },
});
const number = (when: string, example: object = {}): Entry => ({
  data: numberData,
  when,
  audience: 'partner',
  example: { ...NUMBER, ...example },
});
const rfi = (when: string, example: object = {}): Entry => ({ data: rfiData, when, audience: 'partner', example: { ...RFI, ...example } });
const subscription = (when: string, example: object = {}): Entry => ({
  data: subscriptionData,
  when,
  audience: 'partner',
  example: { ...SUBSCRIPTION, ...example },
});

/** Fields that a schema does not name are dropped from what is sent: nothing personal leaves by an oversight of the publisher. */
export const EVENT_CATALOGUE = {
  'number_order.started': order('An order has begun: its first numbers were sent to the gateway, or ended without.'),
  'number_order.succeeded': order('An order has ended; every number succeeded.', { status: 'Succeeded' }),
  'number_order.partially_succeeded': order('An order has ended; some numbers succeeded and some did not.', {
    status: 'PartiallySucceeded',
    failures: [{ code: 'UpstreamSyncFailed', count: 1 }],
    failedItemsHref: `${ORDER_HREF}/items?status=failed`,
  }),
  'number_order.failed': order('An order has ended; no number succeeded.', { status: 'Failed' }),
  'number_order.canceled': order('An order was cancelled, and what was under way has ended.', { status: 'Canceled' }),
  'number_order.stalled': order('The gateway has not confirmed some numbers for a day; they are still looked after.'),
  'customer.created': customer('A customer was accepted.', { status: 'Pending' }),
  'customer.synced': customer("A change of a customer has reached the gateway's backend.", { status: 'Succeeded' }),
  'customer.failed': customer('A change of a customer was refused.', { status: 'Failed', errors: [{ code: 'UpstreamSyncFailed' }] }),
  'customer.stalled': customer('The gateway has not confirmed a change of a customer for a day; it is still looked after.', {
    status: 'Running',
  }),
  'customer.deleted': customer('A customer is gone at the gateway.'),
  'customer.dns_provisioned': customer("The names of a customer's Direct Routing subdomain are there."),
  'customer.service_enabled': customer('A service of a customer was enabled.', { service: 'teamsOperatorConnect' }),
  'customer.service_disabled': customer('A service of a customer was disabled.', { service: 'teamsOperatorConnect' }),
  'number.synced': number('A number reached its backend (with `detail: "number"`, or outside an order).', { status: 'Succeeded' }),
  'number.failed': number('A number was refused (with `detail: "number"`, or outside an order).', {
    status: 'Failed',
    errors: [{ code: 'UpstreamSyncFailed', message: 'The voice service refused the number.' }],
  }),
  'number.released': number('A number was released (with `detail: "number"`, or outside an order).'),
  'number.assignment_changed': number('A number was given to a user, or taken from one, at the other side.', {
    service: 'teamsOperatorConnect',
    assignmentStatus: 'assigned',
  }),
  'rfi.received': rfi('A request for information arrived.', { status: 'active' }),
  'rfi.updated': rfi('A request for information changed.', { status: 'active' }),
  'rfi.accepted': rfi('A request for information was accepted.', { relationshipStatus: 'ConsentAcknowledged' }),
  'rfi.stalled': rfi('An answer to a request for information has not come true for a day; it is still looked after.', {
    operationId: '1f8d1c',
    status: 'active',
  }),
  'rfi.declined': rfi('A request for information was declined.'),
  'rfi.removed': rfi('A request for information is gone.', { status: 'removed' }),
  'rfi.assigned': rfi('A request for information was given to this partner.'),
  'webhook_subscription.test': subscription('Somebody asked for a test of this subscription.'),
  'webhook_subscription.failing': subscription('Deliveries have failed for days; after five the subscription is disabled.', {
    failingSince: '2026-11-01T00:00:00.000Z',
    waiting: 17,
  }),
  'webhook_subscription.disabled': subscription('A subscription was disabled; its events go on being kept.', {
    reason: 'failing',
    waiting: 17,
  }),
  'upstream.degraded': {
    data: upstreamData,
    when: 'The gateway has failed or refused most requests for three minutes.',
    audience: 'operator',
    example: { since: '2026-11-01T00:00:00.000Z', status: 503 },
  },
  'upstream.recovered': {
    data: upstreamData,
    when: 'The gateway has answered for two minutes again; `since` is when its trouble began.',
    audience: 'operator',
    example: { since: '2026-11-01T00:00:00.000Z' },
  },
  'message.dead_lettered': {
    data: deadLetterData,
    when: 'A wake could not be served; what it was about still has its due row.',
    audience: 'operator',
    example: { queue: 'provisioning', reason: 'MaxDeliveryCountExceeded', deliveries: 10 },
  },
  'drift.detected': {
    data: driftData,
    when: 'What is stored and what the gateway holds differ.',
    audience: 'operator',
    example: { kind: 'numberMissingUpstream', customerId: 'contoso', count: 3 },
  },
} as const satisfies Record<string, Entry>;

export type EventType = keyof typeof EVENT_CATALOGUE;
export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as EventType[];

export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_CATALOGUE, type);
export const entryOfType = (type: EventType): Entry => EVENT_CATALOGUE[type];

export type EventData =
  | { outcome: 'valid'; data: Record<string, unknown> }
  | { outcome: 'unknownType' }
  /** JSON pointers into `data` and what is wrong there, without the values. */
  | { outcome: 'invalid'; problems: string[] };

/** What of `data` is sent in an event of this type. */
export const checkEventData = (type: string, data: unknown): EventData => {
  if (!isEventType(type)) return { outcome: 'unknownType' };
  const parsed = entryOfType(type).data.safeParse(data);
  if (parsed.success) return { outcome: 'valid', data: parsed.data };
  return { outcome: 'invalid', problems: parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.code}`) };
};
