/** Pure: what speaks against an order and against each of its numbers, by what is known of the customer's tenant. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { checkSettings, namesAddress, needsTenant, screenOf, type Check, type Rules } from './checks.ts';
import type { Screen } from './expand.ts';
import type { OrderProfile } from './model.ts';
import type { TenantFacts } from './ports.ts';
import type { ResolvedOrder } from './resolve-order.ts';

const ownProfiles = ({ own }: ResolvedOrder): Set<OrderProfile> => {
  const profiles = new Set<OrderProfile>();
  for (const item of own) if (item?.profile) profiles.add(item.profile);
  return profiles;
};

/** What it takes to check the order; undefined where nothing of its tenant matters. */
export const wantedFacts = (order: ResolvedOrder): { plans: boolean; addresses: boolean } | undefined => {
  if (order.request.action === 'release' || !needsTenant(order.request.profile)) return undefined;
  return { plans: true, addresses: [order.request.profile, ...ownProfiles(order)].some(namesAddress) };
};

/** All that is wrong with the settings that the order has for its numbers; the customer's own affairs among it. */
export const settingsChecks = ({ request, settingsAt }: ResolvedOrder, tenant: TenantFacts, rules: Rules): Check[] =>
  request.action === 'release' ? [] : checkSettings(request.profile, tenant, rules, settingsAt);

export const settingsProblems = (order: ResolvedOrder, tenant: TenantFacts, rules: Rules): ErrorDetail[] =>
  settingsChecks(order, tenant, rules).flatMap(({ problems }) => problems);

/** The first thing that is wrong with settings that some numbers have of their own. */
const ownCode = (profile: OrderProfile, { consent: _, ...tenant }: TenantFacts, rules: Rules): string | undefined =>
  checkSettings(profile, tenant, rules, '').flatMap(({ problems }) => problems)[0]?.code;

/** What is wrong with each number under the settings that it is ordered with. */
export const screenOrder = (order: ResolvedOrder, tenant: TenantFacts, rules: Rules): Screen => {
  const { request, own } = order;
  const common = screenOf(request.action === 'release' ? undefined : request.profile, tenant);
  const profiles = ownProfiles(order);
  if (profiles.size === 0) return common;
  const screens = new Map<OrderProfile, Screen>(
    [...profiles].map((profile) => {
      const code = ownCode(profile, tenant, rules);
      return [profile, code === undefined ? screenOf(profile, tenant) : () => code];
    }),
  );
  return (digits, place) => {
    const profile = place === undefined ? undefined : own[place]?.profile;
    return (profile === undefined ? common : (screens.get(profile) ?? common))(digits);
  };
};
