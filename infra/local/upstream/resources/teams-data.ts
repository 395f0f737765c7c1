/** What Operator Connect knows about a customer's tenant: emergency addresses and capability plans; seeded by control. */
import { z } from 'zod';

const locationSchema = z.strictObject({
  id: z.string().min(1),
  civicAddressId: z.string().min(1),
  description: z.string().optional(),
  additionalInfo: z.string().optional(),
  isDefault: z.boolean().optional(),
  elin: z.string().optional(),
});

const texts = z.string().optional();

export const civicAddressSchema = z.strictObject({
  id: z.string().min(1),
  defaultLocationId: z.string().min(1),
  country: texts,
  houseNumber: texts,
  houseNumberSuffix: texts,
  preDirectional: texts,
  streetName: texts,
  streetSuffix: texts,
  postDirectional: texts,
  stateOrProvince: texts,
  countyOrDistrict: texts,
  cityOrTown: texts,
  cityOrTownAlias: texts,
  postalOrZipCode: texts,
  description: texts,
  companyName: texts,
  companyId: texts,
  tenantId: texts,
  partnerId: texts,
  latitude: texts,
  longitude: texts,
  validationStatus: texts,
  locations: z.array(locationSchema).optional(),
});

export type CivicAddress = z.infer<typeof civicAddressSchema>;

export const capabilityPlanSchema = z.strictObject({
  name: z.string(),
  usage: z.string(),
  supportsTollFree: z.boolean(),
  offerTypes: z.array(z.string()).optional(),
  mandatoryCapabilities: z.array(z.string()).optional(),
  choosableCapabilities: z.array(z.string()).optional(),
});

export type CapabilityPlan = z.infer<typeof capabilityPlanSchema>;

/** One account's view of its tenant. Every seeding is a new version of all its addresses. */
export type TeamsData = {
  etag: string;
  modifiedMs: number;
  addresses: CivicAddress[];
  /** Undefined: the plans that every account has. */
  plans?: CapabilityPlan[] | undefined;
  /** Undefined: what every number can do. */
  capabilities?: string[] | undefined;
};

/** In the words of the published samples and CSV columns; the set is open. */
export const USUAL_PLANS: CapabilityPlan[] = [
  {
    name: 'calling-user',
    offerTypes: ['Calling'],
    usage: 'CallingUserAssignment',
    mandatoryCapabilities: ['UserAssignment'],
    choosableCapabilities: ['InboundCalling', 'OutboundCalling', 'Mobile'],
    supportsTollFree: false,
  },
  { name: 'conference', offerTypes: ['Calling'], usage: 'ConferenceAssignment', choosableCapabilities: [], supportsTollFree: true },
  { name: 'first-party-app', offerTypes: ['Calling'], usage: 'FirstPartyAppAssignment', choosableCapabilities: [], supportsTollFree: true },
];

export const USUAL_CAPABILITIES = ['UserAssignment', 'InboundCalling', 'OutboundCalling'];
