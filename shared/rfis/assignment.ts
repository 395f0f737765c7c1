/** Pure: to whom a Request for Information belongs: by the operator's word, by customers, by rules, or to nobody but the operator. */
import { UNASSIGNED } from './model.ts';
import type { TenantCustomer } from './ports.ts';

/** Whom an RFI concerns. */
export type Assignment = { partner: string; customerId?: string };

/** RFIs of these tenants, or whose consent names one of these countries as upstream spells them, go to this partner. */
export type AssignmentRule = { id: string; partnerId: string; tenantIds?: string[]; countries?: string[] };

export type AssignmentFacts = {
  tenantId: string;
  countries: readonly string[];
  customers: readonly TenantCustomer[];
  /** Whose it is now. */
  current?: string | undefined;
  /** To whom the operator has given it. */
  pinned?: string | undefined;
  rules?: readonly AssignmentRule[];
};

const byId = (a: AssignmentRule, b: AssignmentRule): number => (a.id < b.id ? -1 : 1);

/** A rule that names the tenant comes before one that names a country; of several of a kind the first by id. */
const partnerByRule = (rules: readonly AssignmentRule[], { tenantId, countries }: AssignmentFacts): string | undefined => {
  const sorted = rules.toSorted(byId);
  const named = sorted.find(({ tenantIds }) => tenantIds?.includes(tenantId));
  const there = sorted.find((rule) => rule.countries?.some((country) => countries.includes(country)));
  return (named ?? there)?.partnerId;
};

/** A partner keeps an RFI as long as it owns such a customer; a free one goes to the only partner that does. */
const partnerByCustomer = (customers: readonly TenantCustomer[], current: string | undefined): string | undefined => {
  const partners = [...new Set(customers.map(({ partner }) => partner))];
  if (current !== undefined && partners.includes(current)) return current;
  return partners.length === 1 ? partners[0] : undefined;
};

export const assign = (facts: AssignmentFacts): Assignment => {
  const { customers, current, pinned, rules = [] } = facts;
  const partner = pinned ?? partnerByCustomer(customers, current) ?? partnerByRule(rules, facts) ?? UNASSIGNED;
  const [customer, ...more] = customers.filter((c) => c.partner === partner);
  return customer && more.length === 0 ? { partner, customerId: customer.customerId } : { partner };
};
