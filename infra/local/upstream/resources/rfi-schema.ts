/** A Request for Information: what its customer states (seeded by control) and the one part an operator may write. */
import { z } from 'zod';

const GUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;

export const tenantIdSchema = z.string().regex(GUID);

const contactSchema = z.strictObject({
  fullName: z.string().min(1),
  email: z.string().min(1),
  telephoneNumber: z.string().optional(),
  companyName: z.string().optional(),
  companySize: z.string().optional(),
});

/** `accountName` is not seeded: it is the account whose tenant id equals the RFI's, as seen when asked. */
export const rfiSchema = z.strictObject({
  tenantId: tenantIdSchema,
  id: z.string().optional(),
  accountName: z.string().optional(),
  productContext: z.string().optional(),
  operatorId: z.string().optional(),
  status: z.string().optional(),
  consentedOn: z.iso.datetime().optional(),
  lastModifiedOn: z.iso.datetime().optional(),
  consentedCountries: z.array(z.string()).optional(),
  contacts: z.array(contactSchema).optional(),
  customerRelationship: z
    .strictObject({ status: z.string().optional(), comment: z.string().optional(), lastModifiedOn: z.iso.datetime().optional() })
    .optional(),
});

export type RfiContent = z.infer<typeof rfiSchema>;

/** The body of the PATCH: merge-patch, so a null takes a member away. Other members are read-only and dropped. */
export const rfiPatchSchema = z.object({
  customerRelationship: z
    .object({ status: z.string().min(1).nullable().optional(), comment: z.string().nullable().optional() })
    .nullable()
    .optional(),
});

export type RfiPatch = z.infer<typeof rfiPatchSchema>;
