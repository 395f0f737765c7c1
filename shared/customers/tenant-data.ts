/** Pure: what the gateway knows of a customer's Teams tenant (emergency addresses, capability plans), in our words. */
import { z } from 'zod';
import { MAX_BATCH_NUMBERS, type CivicAddressResource, type TeamsCapabilityPlans } from '../platform/upstream/contract.ts';
import { E164 } from '../platform/values/e164.ts';

const text = z.string().optional();

const location = z.strictObject({ id: z.string(), description: text, additionalInfo: text, isDefault: z.boolean().optional(), elin: text });

export const civicAddressBody = z
  .strictObject({
    id: z.string(),
    description: text,
    companyName: text,
    address: z.strictObject({
      country: text,
      houseNumber: text,
      houseNumberSuffix: text,
      preDirectional: text,
      streetName: text,
      streetSuffix: text,
      postDirectional: text,
      city: text,
      cityAlias: text,
      county: text,
      state: text,
      postalCode: text,
    }),
    /** Absent where nobody has said it. */
    validated: z.boolean().optional(),
    defaultLocationId: z.string(),
    latitude: text,
    longitude: text,
    locations: z.array(location),
  })
  .meta({ id: 'CivicAddress' });
export type CivicAddress = z.infer<typeof civicAddressBody>;

export const capabilityPlanBody = z
  .strictObject({
    name: z.string(),
    usage: z.string(),
    offerTypes: z.array(z.string()),
    mandatoryCapabilities: z.array(z.string()),
    choosableCapabilities: z.array(z.string()),
    supportsTollFree: z.boolean().optional(),
  })
  .meta({ id: 'CapabilityPlan' });
export type CapabilityPlan = z.infer<typeof capabilityPlanBody>;

/** As partners ask about numbers: those that a batch of the gateway holds. */
export const availableCapabilitiesRequest = z
  .strictObject({
    numbers: z.array(z.string().regex(E164)).min(1).max(MAX_BATCH_NUMBERS),
  })
  .meta({ id: 'AvailableCapabilitiesRequest' });
export type AvailableCapabilitiesRequest = z.infer<typeof availableCapabilitiesRequest>;

type Given = Record<string, unknown>;
/** Without what is undefined, so that it can be stored and compared. */
const known = <T extends Given>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const VALIDATED = 'validated';

/** Members that upstream leaves out are absent, not undefined. */
export const toCivicAddress = (resource: CivicAddressResource): CivicAddress =>
  known({
    id: resource.id,
    description: resource.description,
    companyName: resource.companyName,
    address: known({
      country: resource.country,
      houseNumber: resource.houseNumber,
      houseNumberSuffix: resource.houseNumberSuffix,
      preDirectional: resource.preDirectional,
      streetName: resource.streetName,
      streetSuffix: resource.streetSuffix,
      postDirectional: resource.postDirectional,
      city: resource.cityOrTown,
      cityAlias: resource.cityOrTownAlias,
      county: resource.countyOrDistrict,
      state: resource.stateOrProvince,
      postalCode: resource.postalOrZipCode,
    }),
    validated: resource.validationStatus === undefined ? undefined : resource.validationStatus.toLowerCase() === VALIDATED,
    defaultLocationId: resource.defaultLocationId,
    latitude: resource.latitude,
    longitude: resource.longitude,
    locations: (resource.locations ?? []).map((one) => known({ ...one })),
  });

export const toCapabilityPlan = (plan: TeamsCapabilityPlans['capabilityPlans'][number]): CapabilityPlan =>
  known({
    name: plan.name,
    usage: plan.usage,
    offerTypes: plan.offerTypes ?? [],
    mandatoryCapabilities: plan.mandatoryCapabilities ?? [],
    choosableCapabilities: plan.choosableCapabilities ?? [],
    supportsTollFree: plan.supportsTollFree,
  });
