/** Pure: subscriptions, the rows of their logs, and the contract of `POST /webhook-subscriptions`. */
import { z } from 'zod';
import type { PostFailure } from '../platform/outbound/post-call.ts';
import type { DueTimes } from '../platform/tables/due.ts';
import { matchesSomeType, TYPE_PATTERN } from './match.ts';
import { fromSecretText } from './sign.ts';

export const MAX_SUBSCRIPTIONS = 20;

export type SubscriptionState = 'active' | 'paused' | 'disabled';
/** `gone`: 410. `receiverAsked`: header `webhook-delivery: disable`. `failing`: no success for days. */
export type DisableReason = 'gone' | 'receiverAsked' | 'failing';

/** A signing secret, encrypted; one with an end belongs to a rotation. */
export type SealedSecret = { sealed: string; createdAt: string; expiresAtMs?: number };

/** What a partner asked for. What delivery makes of it (paused, disabled, how far) is in the head of its log. */
export type Subscription = {
  v: 1;
  id: string;
  partnerId: string;
  url: string;
  eventTypes: string[];
  customerIds: string[];
  detail: 'order';
  ordered: boolean;
  secrets: SealedSecret[];
  createdAt: string;
};

/** An event with failed attempts. */
export type OpenEvent = { sequence: number; attempts: number; nextAtMs: number; endpointFault: boolean };

/** Row `head|<subscription>`. Every event up to `reached` is finished or in `open`; those after it were never attempted. */
export type LogHead = {
  v: 1;
  subscriptionId: string;
  partnerId: string;
  state: SubscriptionState;
  disabledReason?: DisableReason;
  lastSequence: number;
  reached: number;
  open: OpenEvent[];
  /** Rounds in a row without a sign of life from the endpoint, and until when it is left alone. */
  deadRounds: number;
  holdUntilMs?: number;
  /** Since the last success: the first failure, and how many rounds failed. */
  failingSinceMs?: number;
  failedRounds: number;
  due: DueTimes;
};

/** Row `ev|<subscription>|<sequence>`. `body` is what is signed and sent, byte for byte, at every attempt. */
export type LogEvent = {
  v: 1;
  sequence: number;
  eventId: string;
  type: string;
  body: string;
  appendedAtMs: number;
  state: 'pending' | 'delivered' | 'undelivered';
  attempts: number;
  deliveredAtMs?: number;
};

/** Row `try|<subscription>|<sequence>|<attempt>`. */
export type Attempt = {
  v: 1;
  sequence: number;
  eventId: string;
  attempt: number;
  startedAt: string;
  durationMs: number;
  delivered: boolean;
  status?: number;
  failure?: PostFailure;
  /** The beginning of the answer, as it came: escape it wherever it is shown. */
  answer?: string;
  answerTruncated?: boolean;
  nextTryAt?: string;
};

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

const customerIds = z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/)).max(100);

export const createSubscriptionRequest = z.strictObject({
  url: z.string().min(1).max(2048),
  eventTypes: eventTypes.default(['*']),
  /** Empty: every customer of the partner. */
  customerIds: customerIds.default([]),
  detail: z.literal('order').default('order'),
  /** One event at a time, each after the one before it is delivered. */
  ordered: z.boolean().default(false),
  /** The partner's own secret: `whsec_` and the base64 of 24 to 64 bytes. One is made when absent. */
  secret: z
    .string()
    .max(200)
    .refine((text) => fromSecretText(text) !== undefined, { error: 'Not whsec_ followed by the base64 of 24 to 64 bytes.' })
    .optional(),
});
export type CreateSubscription = z.infer<typeof createSubscriptionRequest>;

/** `secret` is shown in this answer and never again. */
export const createdSubscription = z.object({
  id: z.string(),
  url: z.string(),
  eventTypes: z.array(z.string()),
  customerIds: z.array(z.string()),
  detail: z.literal('order'),
  ordered: z.boolean(),
  state: z.enum(['active', 'paused', 'disabled']),
  createdAt: z.string(),
  secret: z.string(),
});
export type CreatedSubscription = z.infer<typeof createdSubscription>;

/** Something that happened, as the publisher hands it over. The same happening always has the same `id`. */
export type PublishedEvent = { id: string; type: string; occurredAt: string; customerId?: string; data: Record<string, unknown> };
