/** Pure: what the `data` of events holds: ids, counts and links, never contacts and never lists without end. */
import { z } from 'zod';

const COUNT = z.int().min(0);
const TEXT = z.string().max(500);
const id = TEXT;
const ISSUE = z.object({ code: z.string().max(100), message: z.string().max(1000).optional() });
const issues = z.array(ISSUE).max(10);
/** E.164; of an order's item that is no number, what the order had in its place. */
const telephoneNumber = z.string().max(100);

/** What ties an event to a request of the partner. */
const cause = { externalReference: TEXT.optional(), idempotencyKey: TEXT.optional(), requestId: TEXT.optional() };

export const orderData = z.object({
  orderId: id,
  customerId: id,
  ...cause,
  action: TEXT.optional(),
  status: TEXT,
  counts: z.record(z.string().max(40), COUNT),
  failures: z
    .array(z.object({ code: z.string().max(100), count: COUNT }))
    .max(100)
    .optional(),
  retryOf: id.optional(),
  href: z.string().max(2048).optional(),
  failedItemsHref: z.string().max(2048).optional(),
});

export const customerData = z.object({
  customerId: z.string(),
  operationId: id.optional(),
  ...cause,
  service: TEXT.optional(),
  status: TEXT.optional(),
  errors: issues.optional(),
  href: z.string().max(2048).optional(),
});

export const numberData = z.object({
  telephoneNumber,
  customerId: id,
  orderId: id.optional(),
  ...cause,
  /** The partner's own name for it, where the order gave one. */
  reference: TEXT.optional(),
  status: TEXT.optional(),
  service: TEXT.optional(),
  assignmentStatus: TEXT.optional(),
  errors: issues.optional(),
  href: z.string().max(2048).optional(),
});

export const rfiData = z.object({
  tenantId: id,
  rfiId: id.optional(),
  customerId: id.optional(),
  operationId: id.optional(),
  ...cause,
  status: TEXT.optional(),
  relationshipStatus: TEXT.optional(),
  consentedCountries: z.array(z.string().max(20)).max(300).optional(),
  assignedPartnerId: id.optional(),
  updatedAt: TEXT.optional(),
  href: z.string().max(2048).optional(),
});

export const subscriptionData = z.object({
  subscriptionId: id,
  description: TEXT.optional(),
  reason: TEXT.optional(),
  failingSince: TEXT.optional(),
  /** Events that have not been delivered; none of them is lost. */
  waiting: COUNT.optional(),
});

export const upstreamData = z.object({
  since: TEXT.optional(),
  reason: TEXT.optional(),
  status: z.int().optional(),
  pausedUntil: TEXT.optional(),
});
export const deadLetterData = z.object({
  queue: TEXT,
  messageId: TEXT.optional(),
  reason: TEXT.optional(),
  deliveries: COUNT.optional(),
  href: TEXT.optional(),
});
export const driftData = z.object({
  kind: TEXT,
  customerId: id.optional(),
  count: COUNT.optional(),
  reportId: id.optional(),
  href: z.string().max(2048).optional(),
});
