/** Pure: partners, the numbers allocated to them, and who calls in their name. */
import { z } from 'zod';
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import { PARTNER_ID } from '../platform/ids/id-patterns.ts';
import { E164 } from '../platform/values/e164.ts';

export const ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide', 'Operator.Read', 'Operator.Admin'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

/** A block of numbers of one length, both ends included. */
export const numberRange = z
  .strictObject({ from: z.string().regex(E164), to: z.string().regex(E164) })
  .refine(({ from, to }) => from.length === to.length && from <= to, 'from and to must have the same length, from first');
export type NumberRange = z.infer<typeof numberRange>;

export const partnerState = z.enum(['active', 'suspended']);

export const MAX_RANGES = 1_000;
export const MAX_CLIENTS = 20;

/** What a partner may ask of this API; without a word the settings say. */
export const partnerQuota = z.strictObject({
  requestsPerMinute: z.int().min(1).max(100_000).optional(),
  /** Numbers that its orders may provision in a day (UTC). */
  numbersPerDay: z.int().min(0).max(100_000_000).optional(),
});
export type PartnerQuota = z.infer<typeof partnerQuota>;

export const partnerId = z
  .string()
  .regex(PARTNER_ID)
  .refine((id) => id !== OPERATOR_ID, 'is reserved');

export const partner = z.strictObject({
  id: partnerId,
  name: z.string().min(1).max(100),
  state: partnerState.default('active'),
  ranges: z.array(numberRange).max(MAX_RANGES).default([]),
  quota: partnerQuota.optional(),
});
export type Partner = z.infer<typeof partner>;

const guid = z.guid().toLowerCase();

/** An Entra application that may call in the name of a partner. */
export const partnerClient = z.strictObject({ tenantId: guid, clientId: guid });
export type PartnerClient = z.infer<typeof partnerClient>;

/** A partner's row. */
export const partnerRecord = z.object({
  v: z.literal(1),
  partner,
  clients: z.array(partnerClient).default([]),
  createdAt: z.string().default(''),
  updatedAt: z.string().default(''),
  /** The seed that it was last planted from. */
  seed: z.string().optional(),
  /** It is a partner no more; the row stays, so that what it has left behind can be told. */
  removedAt: z.string().optional(),
});
export type PartnerRecord = z.infer<typeof partnerRecord>;

/** How a caller is known: an application of Entra, or one of a partner's API keys. */
export type CallerId = { tenantId: string; clientId: string } | { apiKeyId: string };

/** What a checked credential says. */
export type Caller = CallerId & { roles: readonly string[] };

/** Who calls, after everything was checked. An operator acts for no partner. */
export type Principal =
  | { kind: 'partner'; caller: CallerId; roles: readonly Role[]; partner: Partner }
  | { kind: 'operator'; caller: CallerId; roles: readonly Role[] };

/** Whose things a caller works on where the operator has its own: the partner's, or the operator's. */
export const ownerOf = (principal: Principal): string => (principal.kind === 'partner' ? principal.partner.id : OPERATOR_ID);
