/** Pure: number orders as partners place them and as they see them. */
import { z } from 'zod';

export const MAX_NUMBERS = 10_000;
export const MAX_RANGES = 100;
/** As many problems or warnings as one answer names. */
export const MAX_DETAILS = 100;

/** Open strings: which of them a customer may use is upstream's to say. */
export const name = z.string().min(1).max(100);
export const names = z.array(name).max(50);

export const SIP_HEADER = /^[A-Za-z0-9_-]{1,100}$/;
/** The rule stands in the API document; refused with a code of its own. */
export const sipHeader = z
  .string()
  .refine((text) => SIP_HEADER.test(text), {
    error: 'Must have 1 to 100 letters, digits, dashes and underscores.',
    params: { code: 'CustomHeaderInvalid' },
  })
  .meta({ pattern: SIP_HEADER.source });

/** The gateway adds no header of its own to calls of Phone Mobile and Call Protection; known here only to be refused with its own code. */
const noSipHeader = z
  .string()
  .refine(() => false, {
    error: 'The gateway adds no header to calls of this service.',
    params: { code: 'CustomHeaderNotSupported' },
  })
  .meta({ description: 'Not for this service.' })
  .optional();

const teamsProfile = z.strictObject({
  usage: name,
  capabilities: names,
  additionalUsages: names.optional(),
  emergency: z
    .strictObject({
      civicAddressId: name.optional(),
      locationId: name.optional(),
      /** Whether the customer's own administrator may change the address. */
      tenantMayUpdate: z.boolean().default(false),
    })
    .optional(),
  displayedCountryCode: z.string().min(1).max(10).optional(),
  assignmentStatus: z.enum(['assigned', 'unassigned']).optional(),
});

export const orderProfile = z
  .discriminatedUnion('service', [
    teamsProfile.extend({ service: z.literal('teamsOperatorConnect'), customSipHeader: sipHeader.optional() }),
    teamsProfile.extend({ service: z.literal('teamsPhoneMobile'), customSipHeader: noSipHeader }),
    z.strictObject({ service: z.literal('teamsDirectRouting'), customSipHeader: sipHeader.optional() }),
    z.strictObject({ service: z.literal('zoomPhoneCloudPeering'), customSipHeader: sipHeader.optional() }),
    z.strictObject({ service: z.literal('azureOperatorCallProtection'), customSipHeader: noSipHeader }),
  ])
  .meta({ id: 'NumberSettings' });
export type OrderProfile = z.output<typeof orderProfile>;

/**
 * What becomes of a number that the customer has already when its turn comes: it fails as `NumberExists`, is `skipped`, or is sent with the new
 * settings. Without a word it is sent: an order says what its numbers are to be, and placing it again does no harm.
 */
export const onExisting = z.enum(['fail', 'skip', 'update']).describe('Of numbers that the customer has already. Without it: update.');

export const warning = z.strictObject({
  code: z.string(),
  message: z.string(),
  target: z.string().optional(),
  row: z.int().min(1).optional().describe('The line of a CSV body; target is its heading then.'),
});

/** What is kept of the request for answers. */
const orderView = z.strictObject({
  action: z.enum(['provision', 'release']),
  externalReference: z.string().optional(),
  ticket: z.string().optional(),
  notBefore: z.string().optional(),
  onExisting: onExisting.optional(),
  /** Absent for `check`. */
  ensureService: z.literal('enable').optional(),
  /** Whether bad numbers were to fail one by one; absent where they would have refused the order. */
  allowPartial: z.literal(true).optional(),
  /** The order whose failed numbers this one orders again. */
  retryOf: z.string().optional(),
  /** What its numbers are provisioned with, those aside that have settings of their own. */
  profile: orderProfile.optional(),
  /** The profile that was named; the order keeps its own copy in `profile`. */
  profileId: z.string().optional(),
  /** Duplicates that were merged, and whether there were more than named. */
  warnings: z.array(warning).optional(),
  warningsTruncated: z.literal(true).optional(),
});
export type OrderView = z.output<typeof orderView>;

const count = z.int().min(0);

export const ITEM_STATES = ['pending', 'submitted', 'succeeded', 'failed', 'superseded', 'skipped', 'canceled'] as const;
const itemState = z.enum(ITEM_STATES);
export type ItemState = z.infer<typeof itemState>;

export const ORDER_STATES = ['NotStarted', 'Running', 'Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled'] as const;
const orderState = z.enum(ORDER_STATES);
export type OrderState = z.infer<typeof orderState>;
/** Those that never change again. */
export const ENDED_STATES: readonly OrderState[] = ['Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled'];

export const WAIT_REASONS = ['notBefore', 'stopped', 'upstreamPaused', 'quarantine', 'earlierOrders', 'budget'] as const;
const waitReason = z.enum(WAIT_REASONS);
export type WaitReason = z.infer<typeof waitReason>;

const waitingFor = z.strictObject({
  /**
   * `notBefore`: the order's own time; `stopped`: the operator halts what is sent; `upstreamPaused`: the gateway asked for a pause or does not
   * answer; `quarantine`: what may have become of a request is being found out; `earlierOrders`; `budget`: its turn among all partners.
   */
  reason: waitReason,
  /** Not before then. */
  until: z.string().optional(),
  /** About so many numbers of the customer leave before. */
  position: count.optional(),
});

export const orderBody = orderView
  .extend({
    id: z.string(),
    status: orderState,
    customerId: z.string(),
    counts: z.strictObject({
      total: count,
      pending: count,
      submitted: count,
      succeeded: count,
      failed: count,
      /** A later order for the same number took its place. */
      superseded: count,
      skipped: count,
      canceled: count,
    }),
    percentComplete: z.int().min(0).max(100),
    failures: z.array(z.strictObject({ code: z.string(), count })),
    /** Orders that ordered its failed numbers again. */
    retriedBy: z.array(z.string()).optional(),
    /** While numbers wait to be sent. */
    waitingFor: waitingFor.optional(),
    /** While there is something left to do. */
    estimatedCompletionAt: z.string().optional(),
    itemsHref: z.string(),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
    etag: z.string(),
  })
  .meta({ id: 'NumberOrder' });
export type OrderBody = z.infer<typeof orderBody>;

const upstreamError = z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() });

export const orderItem = z
  .strictObject({
    telephoneNumber: z.string(),
    customerId: z.string(),
    /** As the order gave it. */
    reference: z.string().optional(),
    status: itemState,
    error: z
      .strictObject({
        code: z.string(),
        message: z.string(),
        /** The backend's own words. */
        upstream: z.array(upstreamError).optional(),
      })
      .optional(),
    retryable: z.boolean().optional(),
    nextStep: z.string().optional(),
  })
  .meta({ id: 'OrderItem' });
export type OrderItem = z.infer<typeof orderItem>;

export const itemPage = z.strictObject({ value: z.array(orderItem), nextLink: z.string().optional() }).meta({ id: 'OrderItemPage' });
export type ItemPage = z.infer<typeof itemPage>;
