/** What the demo reads of each answer; other fields may come and go. */
import { z } from 'zod';

export const numberRange = z.object({ from: z.string(), to: z.string() });
export type NumberRange = z.infer<typeof numberRange>;

export const upstreamError = z.object({ code: z.string(), message: z.string(), target: z.string().optional() });
export type UpstreamError = z.infer<typeof upstreamError>;

export const tokenAnswer = z.object({ access_token: z.string() });

export const problem = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export const me = z.object({ partner: z.object({ id: z.string(), numberRanges: z.array(numberRange) }) });

export const customer = z.object({ id: z.string(), accountName: z.string() });

export const subscription = z.object({ id: z.string(), secret: z.string() });

export const order = z.object({
  id: z.string(),
  status: z.string(),
  counts: z.object({
    total: z.number(),
    pending: z.number(),
    submitted: z.number(),
    succeeded: z.number(),
    failed: z.number(),
  }),
  percentComplete: z.number(),
  itemsHref: z.string(),
});
export type Order = z.infer<typeof order>;

export const item = z.object({
  telephoneNumber: z.string(),
  error: z.object({ code: z.string(), message: z.string().optional(), upstream: z.array(upstreamError).optional() }).optional(),
});
export type Item = z.infer<typeof item>;

export const itemPage = z.object({ value: z.array(item), nextLink: z.string().optional() });

export const rfiPage = z.object({ value: z.array(z.object({ tenantId: z.string() })), nextLink: z.string().optional() });

/** A subscription's log, and what of it is sent once more. */
export const eventLog = z.object({ value: z.array(z.object({ sequence: z.number() })) });
export const replayCount = z.object({ count: z.number() });

/** The control path of the upstream emulator. */
export const requestLog = z.object({ total: z.number(), requests: z.array(z.object({ atMs: z.number() })) });
export const requestTotal = z.object({ total: z.number() });
export const account = z.object({
  numbers: z.array(z.object({ telephoneNumber: z.string(), status: z.string().nullable(), writeCount: z.number() })),
});
export type Account = z.infer<typeof account>;

/** The control path of the webhook receiver. */
export const hook = z.object({
  received: z.number(),
  verified: z.number(),
  gaps: z.number(),
  duplicates: z.number(),
  events: z.array(z.object({ verification: z.object({ verified: z.boolean() }), status: z.number().optional(), event: z.unknown() })),
});
export type Hook = z.infer<typeof hook>;

export const webhookEvent = z.object({ type: z.string(), data: z.object({ customerId: z.string().optional() }) });
