/** Pure: what partners send and see of their webhook subscriptions. */
import { z } from 'zod';
import { CUSTOMER_ID } from '../platform/ids/id-patterns.ts';
import { checkView } from './diagnosis.ts';
import { customHeaders } from './custom-headers.ts';
import { matchesSomeType, TYPE_PATTERN } from './match.ts';
import { DETAILS, FIRST_PAYLOAD_VERSION, PAYLOAD_VERSIONS } from './model.ts';
import { fromSecretText } from './sign.ts';

const eventTypes = z
  .array(
    z
      .string()
      .max(100)
      .regex(TYPE_PATTERN)
      .refine(matchesSomeType, { error: 'No event type matches.', params: { code: 'UnknownEventType' } }),
  )
  .min(1)
  .max(50);

const customerIds = z.array(z.string().regex(CUSTOMER_ID)).max(100);
const url = z.string().min(1).max(2048);
const description = z.string().max(200);
const MAX_RATE = 1000;
const MAX_IN_FLIGHT = 16;

/** The partner's own secret: `whsec_` and the base64 of 24 to 64 bytes. */
const ownSecret = z
  .string()
  .max(200)
  .refine((text) => fromSecretText(text) !== undefined, { error: 'Not whsec_ followed by the base64 of 24 to 64 bytes.' });

export const createSubscriptionRequest = z
  .strictObject({
    url,
    description: description.optional(),
    eventTypes: eventTypes.default(['*']),
    /** Empty: every customer of the partner. */
    customerIds: customerIds.default([]),
    detail: z
      .enum(DETAILS)
      .default('order')
      .describe(
        'number: each number of an order is told as it ends, with a lower sequence than the end of the order. Begins within five seconds.',
      ),
    /** The form of the bodies; it stays when newer ones come. */
    payloadVersion: z.enum(PAYLOAD_VERSIONS).default(FIRST_PAYLOAD_VERSION),
    /** One event at a time, each after the one before it is delivered. */
    ordered: z.boolean().default(false),
    maxPerSecond: z.int().min(1).max(MAX_RATE).optional(),
    maxInFlight: z.int().min(1).max(MAX_IN_FLIGHT).optional(),
    headers: customHeaders.optional(),
    state: z.enum(['active', 'paused']).default('active'),
    /** One is made when absent. */
    secret: ownSecret.optional(),
  })
  .meta({ id: 'CreateSubscriptionRequest' });
export type CreateSubscription = z.infer<typeof createSubscriptionRequest>;

/** A member that is absent stays as it is; `null` takes a limit, the headers or the description away. */
export const patchSubscriptionRequest = z
  .strictObject({
    url: url.optional(),
    description: description.nullable().optional(),
    eventTypes: eventTypes.optional(),
    customerIds: customerIds.optional(),
    detail: z.enum(DETAILS).optional(),
    /** Of events from now on; those in the log keep theirs. */
    payloadVersion: z.enum(PAYLOAD_VERSIONS).optional(),
    ordered: z.boolean().optional(),
    maxPerSecond: z.int().min(1).max(MAX_RATE).nullable().optional(),
    maxInFlight: z.int().min(1).max(MAX_IN_FLIGHT).nullable().optional(),
    headers: customHeaders.nullable().optional(),
    /** `active` also puts a disabled subscription back to work. */
    state: z.enum(['active', 'paused']).optional(),
  })
  .meta({ id: 'PatchSubscriptionRequest' });
export type PatchSubscription = z.infer<typeof patchSubscriptionRequest>;

const MAX_OVERLAP_HOURS = 7 * 24;

export const rotateSecretRequest = z
  .strictObject({
    secret: ownSecret.optional(),
    /** How long the secrets of before go on signing beside the new one. */
    overlapHours: z.number().min(0).max(MAX_OVERLAP_HOURS).default(24),
  })
  .meta({ id: 'RotateSecretRequest' });
export type RotateSecret = z.infer<typeof rotateSecretRequest>;

const COUNT = z.int().min(0);

export const objectivesView = z.object({
  /** What is counted here happened since then. */
  since: z.string(),
  attempts: COUNT,
  failures: COUNT,
  delivered: COUNT,
  /** From the append of an event to its first success; absent before the first. */
  lagMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).optional(),
});

export const deliveryView = z
  .object({
    firstSequence: COUNT,
    lastSequence: COUNT,
    /** Events that have not been delivered yet, whatever the reason. */
    waiting: COUNT,
    /** Of these, the ones with failed attempts behind them. */
    retrying: COUNT,
    oldestUndelivered: z.object({ sequence: COUNT, appendedAt: z.string() }).optional(),
    /** When the endpoint is tried next, where that is not at once. */
    nextAttemptAt: z.string().optional(),
    /** Absent while deliveries succeed. */
    failingSince: z.string().optional(),
    replay: z.object({ id: z.string(), only: z.enum(['failed', 'all']), remaining: COUNT, queued: COUNT }).optional(),
    objectives: objectivesView,
  })
  .meta({ id: 'SubscriptionDelivery' });

/** What everybody with `Partner.Read` may see. `id` of the built-in one never changes. */
export const subscriptionView = z
  .object({
    id: z.string(),
    /** The partner's own log, which is always there, has no URL. */
    builtIn: z.boolean(),
    url: z.string().optional(),
    description: z.string().optional(),
    eventTypes: z.array(z.string()),
    customerIds: z.array(z.string()),
    detail: z.enum(DETAILS),
    payloadVersion: z.string(),
    ordered: z.boolean(),
    maxPerSecond: z.int().optional(),
    maxInFlight: z.int().optional(),
    /** The values are never shown. */
    headerNames: z.array(z.string()).optional(),
    state: z.enum(['active', 'paused', 'disabled']),
    disabledReason: z.enum(['gone', 'receiverAsked', 'failing']).optional(),
    /** The secrets that sign now, newest first; only one of them has no end. */
    secrets: z.array(z.object({ createdAt: z.string(), expiresAt: z.string().optional() })),
    stream: z.string(),
    createdAt: z.string(),
    updatedAt: z.string().optional(),
    etag: z.string(),
    delivery: deliveryView.optional(),
  })
  .meta({ id: 'Subscription' });
export type SubscriptionView = z.infer<typeof subscriptionView>;

/** `secret` is shown in this answer and never again, not even to a repeat of the request. */
export const createdSubscription = subscriptionView
  .extend({
    secret: z.string().optional().describe('Told once: the answer to a repeat with the same Idempotency-Key lacks it.'),
    /** What was found about the endpoint without sending anything; only at creation. */
    checks: z.array(checkView).optional(),
  })
  .meta({ id: 'CreatedSubscription' });
export type CreatedSubscription = z.infer<typeof createdSubscription> & { secret: string };

export const subscriptionList = z.object({ value: z.array(subscriptionView) }).meta({ id: 'SubscriptionList' });
