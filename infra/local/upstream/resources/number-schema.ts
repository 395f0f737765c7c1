/** The writable part of a number and of the batch bodies as the specification declares them. */
import { z } from 'zod';
import { accountNameSchema } from './account-schema.ts';
import { SERVICES, type Service } from './services.ts';

/** azure-rest-api-specs voiceservices 2024-02-29-preview: BatchNumbers and BatchNumbersDelete maxItems. */
export const MAX_BATCH = 100;

const E164 = /^\+[1-9]\d+$/;
const HEADER_VALUE = /^([A-Za-z0-9_-])+$/;

export const telephoneNumberSchema = z.string().min(1).max(16).regex(E164);

const teamsSchema = z.object({
  enabled: z.boolean(),
  assignmentStatus: z.string().min(1).optional(),
  configuration: z
    .object({
      usage: z.string(),
      choosableCapabilities: z.array(z.string()),
      additionalUsages: z.array(z.string()).optional(),
      civicAddressId: z.string().optional(),
      locationId: z.string().optional(),
      allowTenantAddressUpdate: z.boolean().optional(),
      displayedCountryCode: z.string().optional(),
    })
    .optional(),
});
const switchSchema = z.object({ enabled: z.boolean() });

const numberServicesSchema = z.object({
  teamsOperatorConnect: teamsSchema.optional(),
  teamsPhoneMobile: teamsSchema.optional(),
  teamsDirectRouting: switchSchema.optional(),
  zoomPhoneCloudPeering: switchSchema.optional(),
  azureOperatorCallProtection: switchSchema.optional(),
});

export const numberSchema = z.object({
  telephoneNumber: telephoneNumberSchema,
  accountName: accountNameSchema,
  serviceDetails: numberServicesSchema,
  configuration: z.object({ customSipHeader: z.string().min(1).max(100).regex(HEADER_VALUE).optional() }).optional(),
});

export type NumberContent = z.infer<typeof numberSchema>;

const identifierSchema = z.object({ telephoneNumber: z.string().min(3).max(16).regex(E164) });

/** An empty batch is refused: the 2023-10-01 text said 1..100 and nobody withdrew it. */
export const batchSchema = z.object({ numbers: z.array(numberSchema).min(1).max(MAX_BATCH) });
export const batchDeleteSchema = z.object({ numbers: z.array(identifierSchema).min(1).max(MAX_BATCH) });
/** The specification sets no limit here; that of the batches is assumed. */
export const identifiersSchema = batchDeleteSchema;

export const enabledServices = (number: NumberContent): Service[] =>
  SERVICES.filter((service) => number.serviceDetails[service]?.enabled === true);
