/** Pure: what the Provisioning API sends, read tolerantly (azure-rest-api-specs voiceservices 2024-02-29-preview). */
import { z } from 'zod';
import { parseUpstreamError } from './errors.ts';

/** Every enum of the specification is open: values are texts, and unknown fields are no error. */
const openEnum = z.string();
/** Optional fields come absent or as null (the published documents show both). */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** Null, absent and empty all mean that there is nothing to say. */
const provisioningErrors = z
  .array(z.unknown().transform((error) => parseUpstreamError(error)))
  .nullish()
  .transform((errors) => errors ?? []);

const provisioning = { serviceProvisioningStatus: maybe(openEnum), serviceProvisioningErrors: provisioningErrors };

const accountService = z.looseObject({ enabled: z.boolean(), syncEnabled: maybe(z.boolean()), numberCount: maybe(z.number()) });
const numberService = z.looseObject({ enabled: z.boolean() });

const servicesOf = <T extends z.ZodType>(service: T) => ({
  teamsOperatorConnect: maybe(service),
  teamsPhoneMobile: maybe(service),
  zoomPhoneCloudPeering: maybe(service),
  azureOperatorCallProtection: maybe(service),
});

const directRoutingAccount = accountService.extend({ subdomainStatus: maybe(openEnum) });

/** Loose where a resource is written back whole: a setting that we do not know must survive. */
export const accountResource = z.looseObject({
  name: z.string(),
  correlationId: maybe(z.string()),
  serviceDetails: maybe(
    z.looseObject({ teamsTenantId: maybe(z.string()), ...servicesOf(accountService), teamsDirectRouting: maybe(directRoutingAccount) }),
  ),
  ...provisioning,
});
export type AccountResource = z.infer<typeof accountResource>;

export const numberResource = z.looseObject({
  telephoneNumber: z.string(),
  accountName: z.string(),
  serviceDetails: maybe(z.looseObject({ ...servicesOf(numberService), teamsDirectRouting: maybe(numberService) })),
  configuration: maybe(z.looseObject({ customSipHeader: maybe(z.string()) })),
  ...provisioning,
});
export type NumberResource = z.infer<typeof numberResource>;

/** Request and answer of createOrUpdateNumbers. */
export const batchNumbers = z.object({ numbers: z.array(numberResource) });
export type BatchNumbers = z.infer<typeof batchNumbers>;
/** What an account can be called (specification: pattern and maxLength). */
export const ACCOUNT_NAME = /^[A-Za-z0-9_-]{1,100}$/;
/** The most numbers that a batch may hold (specification: maxItems). */
export const MAX_BATCH_NUMBERS = 100;

const contact = z.object({
  fullName: maybe(z.string()),
  email: maybe(z.string()),
  telephoneNumber: maybe(z.string()),
  companyName: maybe(z.string()),
  companySize: maybe(z.string()),
});

export const rfiResource = z.object({
  /** The key; the optional `id` is not. */
  tenantId: z.string(),
  id: maybe(z.string()),
  accountName: maybe(z.string()),
  productContext: maybe(openEnum),
  operatorId: maybe(z.string()),
  status: maybe(openEnum),
  consentedOn: maybe(z.string()),
  lastModifiedOn: maybe(z.string()),
  /** Opaque: the samples mix country codes of two kinds. */
  consentedCountries: maybe(z.array(z.string())),
  contacts: maybe(z.array(contact)),
  customerRelationship: maybe(z.object({ status: maybe(z.string()), comment: maybe(z.string()), lastModifiedOn: maybe(z.string()) })),
  ...provisioning,
});
export type RfiResource = z.infer<typeof rfiResource>;

export const teamsCapabilityPlans = z.object({
  capabilityPlans: z.array(
    z.object({
      name: z.string(),
      usage: z.string(),
      supportsTollFree: maybe(z.boolean()),
      offerTypes: maybe(z.array(openEnum)),
      mandatoryCapabilities: maybe(z.array(openEnum)),
      choosableCapabilities: maybe(z.array(openEnum)),
    }),
  ),
});
export type TeamsCapabilityPlans = z.infer<typeof teamsCapabilityPlans>;

export const teamsAvailableCapabilities = z.object({ availableCapabilities: z.array(openEnum) });

const someText = maybe(z.string());

export const civicAddressResource = z.object({
  id: z.string(),
  defaultLocationId: z.string(),
  description: someText,
  companyName: someText,
  country: someText,
  houseNumber: someText,
  houseNumberSuffix: someText,
  preDirectional: someText,
  streetName: someText,
  streetSuffix: someText,
  postDirectional: someText,
  cityOrTown: someText,
  cityOrTownAlias: someText,
  countyOrDistrict: someText,
  stateOrProvince: someText,
  postalOrZipCode: someText,
  latitude: someText,
  longitude: someText,
  validationStatus: maybe(openEnum),
  locations: maybe(
    z.array(
      z.object({
        id: z.string(),
        description: someText,
        additionalInfo: someText,
        isDefault: maybe(z.boolean()),
        elin: someText,
      }),
    ),
  ),
});
export type CivicAddressResource = z.infer<typeof civicAddressResource>;

/** A page of any list; a 204 (as an earlier draft answered for an empty list) is read by `toPage`. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item), nextLink: maybe(z.string()) });

export type Page<T> = { value: T[]; nextLink?: string | undefined };

/** The page in an answer of 2xx; undefined when it is none that we can read. */
export const toPage = <T extends z.ZodType>(item: T, status: number, body: unknown): Page<z.infer<T>> | undefined => {
  if (status === 204) return { value: [] };
  const page = pageOf(item).safeParse(body);
  return page.success ? page.data : undefined;
};
