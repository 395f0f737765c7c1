/** Pure: the catalogue of events, each type with the schema of its `data`. Payloads are thin: ids, counts and links, never contacts. */
import { z } from 'zod';

const ISSUE = z.object({ code: z.string(), message: z.string().max(1000).optional() });
const COUNT = z.int().min(0);

const orderEnded = z.object({
  orderId: z.string(),
  customerId: z.string(),
  externalReference: z.string().optional(),
  idempotencyKey: z.string().optional(),
  action: z.string().optional(),
  status: z.string(),
  counts: z.record(z.string(), COUNT),
  failures: z
    .array(z.object({ code: z.string(), count: COUNT }))
    .max(100)
    .optional(),
  href: z.string().optional(),
  failedItemsHref: z.string().optional(),
});

const customerChanged = z.object({
  customerId: z.string(),
  operationId: z.string().optional(),
  externalReference: z.string().optional(),
  idempotencyKey: z.string().optional(),
  status: z.string().optional(),
  errors: z.array(ISSUE).max(20).optional(),
  href: z.string().optional(),
});

const rfiChanged = z.object({
  tenantId: z.string(),
  rfiId: z.string().optional(),
  customerId: z.string().optional(),
  status: z.string().optional(),
  relationshipStatus: z.string().optional(),
  consentedCountries: z.array(z.string()).max(300).optional(),
  updatedAt: z.string().optional(),
  href: z.string().optional(),
});

/** Fields that a schema does not name are dropped from what is sent: nothing personal leaves by an oversight of the publisher. */
export const EVENT_CATALOGUE = {
  'number_order.succeeded': orderEnded,
  'number_order.partially_succeeded': orderEnded,
  'number_order.failed': orderEnded,
  'number_order.canceled': orderEnded,
  'customer.synced': customerChanged,
  'customer.failed': customerChanged,
  'rfi.received': rfiChanged,
  'rfi.updated': rfiChanged,
  'rfi.removed': rfiChanged,
  'webhook_subscription.test': z.object({ subscriptionId: z.string() }),
} as const;

export type EventType = keyof typeof EVENT_CATALOGUE;
export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as EventType[];

const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_CATALOGUE, type);

export type EventData =
  | { outcome: 'valid'; data: Record<string, unknown> }
  | { outcome: 'unknownType' }
  /** JSON pointers into `data` and what is wrong there, without the values. */
  | { outcome: 'invalid'; problems: string[] };

/** What of `data` is sent in an event of this type. */
export const checkEventData = (type: string, data: unknown): EventData => {
  if (!isEventType(type)) return { outcome: 'unknownType' };
  const parsed = EVENT_CATALOGUE[type].safeParse(data);
  if (parsed.success) return { outcome: 'valid', data: parsed.data };
  return { outcome: 'invalid', problems: parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.code}`) };
};
