/** Pure: what callers see of deliveries: each attempt, and events sent once more. */
import { z } from 'zod';
import { EVENT_STATES } from './event-state.ts';

export const DELIVERY_ID = /^[1-9]\d{0,9}$/;

const POST_FAILURES = ['timeout', 'dns', 'refused', 'unreachable', 'blocked', 'tls', 'reset', 'protocol', 'unknown'] as const;

export const attemptView = z
  .object({
    /** Of the event in this subscription: all its attempts share it. */
    deliveryId: z.string().regex(DELIVERY_ID),
    sequence: z.int().min(1),
    eventId: z.string(),
    type: z.string(),
    attempt: z.int().min(1),
    startedAt: z.string(),
    durationMs: z.number(),
    outcome: z.enum(['delivered', 'failed']),
    /** What was answered; absent when nothing was. */
    status: z.int().optional(),
    /** Why nothing was answered. `blocked`: the address is not one that webhooks may go to. */
    failure: z.enum(POST_FAILURES).optional(),
    /** The first 4 KiB of the answer, escaped for HTML, control characters as `\\xNN`. */
    answer: z.string().optional(),
    answerTruncated: z.boolean().optional(),
    /** In words, for failures. */
    why: z.string().optional(),
    nextTryAt: z.string().optional(),
    /** What has become of the event since. */
    state: z.enum(EVENT_STATES),
  })
  .meta({ id: 'DeliveryAttempt' });
export type AttemptView = z.infer<typeof attemptView>;

/** Newest first. */
export const attemptPage = z.object({ value: z.array(attemptView), nextLink: z.string().optional() }).meta({ id: 'DeliveryAttemptPage' });
export type AttemptPage = z.infer<typeof attemptPage>;

export const redelivery = z
  .object({ deliveryId: z.string(), sequence: z.int(), eventId: z.string(), state: z.enum(EVENT_STATES) })
  .meta({ id: 'Redelivery' });
export type Redelivery = z.infer<typeof redelivery>;

export const replayRequest = z
  .strictObject({
    /** `failed`: what was not delivered. `all`: everything since then once more. */
    only: z.enum(['failed', 'all']).default('failed'),
    since: z.iso.datetime({ offset: true }).optional(),
    afterSequence: z.int().min(0).optional(),
    /** Counts and changes nothing. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ since, afterSequence }) => since === undefined || afterSequence === undefined, { error: 'since or afterSequence, not both.' })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof replayRequest>;

export const replayCount = z
  .object({
    dryRun: z.boolean(),
    /** Absent when nothing was begun. */
    id: z.string().optional(),
    only: z.enum(['failed', 'all']),
    count: z.int().min(0),
    /** True when there were more events than one request counts: then `count` is the least. */
    isAtLeast: z.boolean(),
    afterSequence: z.int().min(0),
    throughSequence: z.int().min(0),
  })
  .meta({ id: 'Replay' });
export type ReplayCount = z.infer<typeof replayCount>;
