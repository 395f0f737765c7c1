/** Every switch of the emulator that may change while it runs, with its default and why. */
import { z } from 'zod';
import { SERVICES } from './resources/services.ts';

const rangeMs = z
  .strictObject({ min: z.number().min(0), max: z.number().min(0) })
  .refine(({ min, max }) => min <= max, { message: 'min must not exceed max' });

export const settingsSchema = z.strictObject({
  /** How long a write stays pending. */
  latencyMs: rangeMs,
  /** Overrides by service; the slowest service of a resource decides. */
  latencyMsByService: z.partialRecord(z.enum(SERVICES), rangeMs),
  /** How long Direct Routing's DNS records take. */
  subdomainLatencyMs: rangeMs,
  /** Calls in any rolling 60 s over all routes. */
  limit: z.int().min(1),
  /** What a call over the limit gets. */
  limitAnswer: z.enum(['429', '429WithoutRetryAfter', '503', 'hang']),
  /** Whether a deleted resource that is synced stays visible as pending until its backend let go. */
  deleteMode: z.enum(['linger', 'immediate']),
  /** How `serviceProvisioningErrors` looks when there is nothing to say. */
  noErrorsAs: z.enum(['empty', 'null', 'absent']),
  etagStyle: z.enum(['unquoted', 'quoted']),
  /** Whether background sync changes the ETag. */
  etagChangesOnSync: z.boolean(),
  /** Refuses every api-version but the one member of the specification's enum. */
  strictApiVersion: z.boolean(),
  /** Refuses application/json on PATCH. */
  strictPatchType: z.boolean(),
  /** Lets ProvisioningAPI.Write call all POST actions. */
  lenientRoles: z.boolean(),
  /** `assignmentStatus` of a number that did not send one. */
  defaultAssignment: z.enum(['unassigned', 'assigned']),
  /** What an RFI update answers. */
  rfiUpdate: z.enum(['pending', 'synced']),
  /** `rejected` refuses every pair; `ignored` behaves as if the headers were not there. */
  repeatability: z.enum(['honoured', 'ignored', 'rejected']),
  repeatabilityWindowMs: z.number().min(0),
  /** Whether a refusal for business rules says which number of a batch it is about. */
  errorTargets: z.enum(['named', 'bare']),
  /** `unstable` starts every fresh listing at another place, so that only nextLink is reliable. */
  listOrder: z.enum(['stable', 'unstable']),
  filter: z.enum(['supported', 'refused', 'ignored']),
});

export type Settings = z.infer<typeof settingsSchema>;
export type Range = Settings['latencyMs'];

export const DEFAULT_SETTINGS: Settings = {
  latencyMs: { min: 2_000, max: 8_000 },
  latencyMsByService: {},
  subdomainLatencyMs: { min: 5_000, max: 15_000 },
  limit: 100,
  limitAnswer: '429',
  deleteMode: 'linger',
  noErrorsAs: 'empty',
  etagStyle: 'unquoted',
  etagChangesOnSync: true,
  strictApiVersion: false,
  strictPatchType: false,
  lenientRoles: false,
  defaultAssignment: 'unassigned',
  rfiUpdate: 'pending',
  repeatability: 'honoured',
  repeatabilityWindowMs: 86_400_000,
  errorTargets: 'named',
  listOrder: 'stable',
  filter: 'supported',
};

export const settingsChangeSchema = settingsSchema.partial();
