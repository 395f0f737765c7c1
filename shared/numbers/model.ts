/** Pure: a partner's numbers as it sees them and asks for them. */
import { z } from 'zod';
import { pagingQuery } from '../platform/http/paging.ts';
import { CUSTOMER_ID } from '../platform/ids/id-patterns.ts';
import { SERVICES } from '../platform/upstream/services.ts';

/** In a path: digits, with or without a plus sign, which some clients and hosts leave encoded. The API document shows them without. */
export const telephoneNumberPath = z
  .string()
  .regex(/^(?:\+|%2[Bb])?[1-9]\d{1,14}$/)
  .transform((text) => text.replace(/^(?:\+|%2B)/i, ''));

/** `Releasing`: the gateway was asked to let it go. `Unknown`: a request that was refused in the end may have been executed before. */
export const NUMBER_STATES = ['Pending', 'Succeeded', 'Failed', 'Releasing', 'Unknown'] as const;
export type NumberStatus = (typeof NUMBER_STATES)[number];

const numberService = z.strictObject({
  enabled: z.boolean(),
  assignmentStatus: z.string().optional(),
  usage: z.string().optional(),
  capabilities: z.array(z.string()).optional(),
  additionalUsages: z.array(z.string()).optional(),
  /** What the number has at the moment, and might have; known once the gateway was asked (`refresh=true`). */
  acquiredCapabilities: z.array(z.string()).optional(),
  availableCapabilities: z.array(z.string()).optional(),
  emergency: z
    .strictObject({
      civicAddressId: z.string().optional(),
      locationId: z.string().optional(),
      tenantMayUpdate: z.boolean().optional(),
    })
    .optional(),
  displayedCountryCode: z.string().optional(),
});
export type NumberServiceBody = z.infer<typeof numberService>;

export const numberBody = z
  .strictObject({
    telephoneNumber: z.string(),
    customerId: z.string(),
    status: z.enum(NUMBER_STATES),
    /** Why it failed, in the backend's own words. */
    errors: z.array(z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() })),
    services: z.partialRecord(z.enum(SERVICES), numberService),
    customSipHeader: z.string().optional(),
    /** The order that was the last to change it. */
    lastOrderId: z.string().optional(),
    /** When this was known of it. */
    checkedAt: z.string(),
    etag: z.string(),
  })
  .meta({ id: 'Number' });
export type NumberBody = z.infer<typeof numberBody>;

export const numberPage = z.strictObject({ value: z.array(numberBody), nextLink: z.url().optional() }).meta({ id: 'NumberPage' });
export type NumberPage = z.infer<typeof numberPage>;

/** Of one customer's numbers. */
export const numberListQuery = z.strictObject({
  status: z.enum(NUMBER_STATES).optional(),
  /** Numbers that have this service. */
  service: z.enum(SERVICES).optional(),
  ...pagingQuery,
});
export type NumberListQuery = z.output<typeof numberListQuery>;

/** Of all the partner's numbers. */
export const allNumbersQuery = numberListQuery.extend({ customerId: z.string().regex(CUSTOMER_ID).optional() });
