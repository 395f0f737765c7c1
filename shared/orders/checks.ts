/** Pure: what speaks against the settings of numbers, and against single numbers with these settings, by what is known. The unknown never does. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { isNorthAmericanTollFree, liesOutside } from './countries.ts';
import { adviceFor } from './item-advice.ts';
import type { OrderProfile } from './model.ts';
import type { TenantFacts } from './ports.ts';

/** What is checked before anything is sent, as validating names it. */
export type CheckName = 'usageOffered' | 'capabilitiesOffered' | 'emergencyAddress' | 'addressExists' | 'consentActive';

export type Rules = {
  /** Whether numbers of calling users must have an emergency address, unless their tenant may set it. */
  emergencyAddressRequired: boolean;
};

/** `known`: whether there was anything to check against. */
export type Check = { name: CheckName; known: boolean; problems: ErrorDetail[] };

type TeamsProfile = Extract<OrderProfile, { usage: string }>;
const isTeams = (profile: OrderProfile): profile is TeamsProfile => 'usage' in profile;

/** The usage of numbers that people call from (azure-docs, "Number Management Portal"). */
const CALLING_USER = 'CallingUserAssignment';

const problem = (code: string, target: string): ErrorDetail => ({ code, message: adviceFor(code).message, target });

const usagesOf = ({ usage, additionalUsages = [] }: TeamsProfile): string[] => [usage, ...additionalUsages];

const usageProblems = (profile: TeamsProfile, plans: NonNullable<TenantFacts['plans']>, at: string): ErrorDetail[] =>
  usagesOf(profile).flatMap((usage, n) => {
    if (plans.some((plan) => plan.usage === usage)) return [];
    return [problem('UsageNotOffered', n === 0 ? `${at}/usage` : `${at}/additionalUsages/${n - 1}`)];
  });

const capabilityProblems = (profile: TeamsProfile, plans: NonNullable<TenantFacts['plans']>, at: string): ErrorDetail[] => {
  const usages = usagesOf(profile);
  const fitting = plans.filter(({ usage }) => usages.includes(usage));
  // Without a plan for the usage there is nothing to hold capabilities against.
  if (fitting.length === 0) return [];
  const offered = new Set(fitting.flatMap((plan) => [...plan.mandatoryCapabilities, ...plan.choosableCapabilities]));
  return profile.capabilities.flatMap((name, n) => (offered.has(name) ? [] : [problem('CapabilityNotOffered', `${at}/capabilities/${n}`)]));
};

const lacksAddress = ({ emergency, ...profile }: TeamsProfile): boolean =>
  usagesOf(profile).includes(CALLING_USER) &&
  emergency?.tenantMayUpdate !== true &&
  emergency?.civicAddressId === undefined &&
  emergency?.locationId === undefined;

const addressProblems = ({ emergency }: TeamsProfile, addresses: NonNullable<TenantFacts['addresses']>, at: string): ErrorDetail[] => {
  const { civicAddressId, locationId } = emergency ?? {};
  const named = addresses.filter(({ id }) => civicAddressId === undefined || id === civicAddressId);
  if (civicAddressId !== undefined && named.length === 0) return [problem('CivicAddressNotFound', `${at}/emergency/civicAddressId`)];
  if (locationId === undefined || named.some(({ locationIds }) => locationIds.includes(locationId))) return [];
  return [problem('LocationNotFound', `${at}/emergency/locationId`)];
};

/** Whether the settings name an address, so that there is a reason to look it up. */
export const namesAddress = (profile: OrderProfile): boolean =>
  isTeams(profile) && (profile.emergency?.civicAddressId ?? profile.emergency?.locationId) !== undefined;

/** Whether the tenant's plans, addresses and consent matter to these settings at all. */
export const needsTenant = isTeams;

/** All that is wrong with the settings; `at` is the pointer to where they stand in the request. */
export const checkSettings = (profile: OrderProfile, { plans, addresses, consent }: TenantFacts, rules: Rules, at: string): Check[] => {
  if (!isTeams(profile)) return [];
  // A tenant without any plan says that it is not set up yet, not that it never will be.
  const offers = plans && plans.length > 0 ? plans : undefined;
  const named = namesAddress(profile);
  return [
    { name: 'usageOffered', known: offers !== undefined, problems: offers ? usageProblems(profile, offers, at) : [] },
    { name: 'capabilitiesOffered', known: offers !== undefined, problems: offers ? capabilityProblems(profile, offers, at) : [] },
    {
      name: 'emergencyAddress',
      known: rules.emergencyAddressRequired,
      problems: rules.emergencyAddressRequired && lacksAddress(profile) ? [problem('EmergencyAddressRequired', `${at}/emergency`)] : [],
    },
    {
      name: 'addressExists',
      known: !named || addresses !== undefined,
      problems: named && addresses ? addressProblems(profile, addresses, at) : [],
    },
    {
      name: 'consentActive',
      known: consent !== undefined,
      problems: consent && !consent.active ? [problem('ConsentRequired', '/customerId')] : [],
    },
  ];
};

/** What is wrong with one number of these settings: the code, or undefined. Digits come without the plus. */
export const screenOf = (profile: OrderProfile | undefined, { consent }: TenantFacts): ((digits: string) => string | undefined) => {
  if (!profile || !isTeams(profile)) return () => undefined;
  const isOutside = consent?.active === true ? liesOutside(consent.countries) : () => false;
  const needsCountry = profile.displayedCountryCode === undefined;
  return (digits) => {
    if (needsCountry && isNorthAmericanTollFree(digits)) return 'CountryCodeRequired';
    return isOutside(digits) ? 'CountryNotConsented' : undefined;
  };
};
