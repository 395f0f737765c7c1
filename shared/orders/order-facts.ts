/** What has to be known of an order before it can be judged: its profile, its customer's service, its customer's tenant. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { wantedFacts } from './check-order.ts';
import type { CsvSource } from './from-csv.ts';
import type { OrderProfile } from './model.ts';
import type { ServiceFacts } from './order-draft.ts';
import { CUSTOMER_NOT_FOUND } from './order-problems.ts';
import type { OrderRequest, OrderWish } from './order-request.ts';
import type { CustomerFacts, EnsureService, ReadTenantFacts, TenantFacts } from './ports.ts';
import { resolveOrder, type Resolution, type ResolvedOrder } from './resolve-order.ts';

/** A partner's own profile, or the operator's shared one. */
export type FindProfile = (partner: string, profileId: string) => Promise<OrderProfile | undefined>;

const SERVICE_NOT_ENABLED: ErrorDetail = {
  code: 'ServiceNotEnabled',
  message: 'The customer does not have this service.',
  target: '/profile/service',
};

const CONFIGURATION_REQUIRED: ErrorDetail = {
  code: 'ServiceConfigurationRequired',
  message: 'The customer does not have this service, and enabling it takes settings of its own: put the service first.',
  target: '/profile/service',
};

/** `source`: where it comes from a file. */
type Wish = { wish: OrderWish; source?: CsvSource | undefined };

/** The order with the profile that it names looked up; its problems are told by the places in which its partner wrote it. */
export const lookedUp = async (
  { findProfile }: { findProfile: FindProfile },
  partner: string,
  { wish, source }: Wish,
): Promise<Resolution> => {
  const profileId = wish.action === 'release' ? undefined : wish.profileId;
  const resolved = resolveOrder(wish, profileId === undefined ? undefined : await findProfile(partner, profileId));
  if (!source) return resolved;
  if (resolved.outcome === 'invalid') return { outcome: 'invalid', problems: resolved.problems.map(source.point) };
  const { order } = resolved;
  return { outcome: 'resolved', order: { ...order, point: (detail) => source.point(order.point(detail)) } };
};

/** What the customer's service has to say; a customer that is not there is a problem, too. Nothing is changed: `first` is only proposed. */
export const serviceFacts = async (
  { ensureService }: { ensureService: EnsureService },
  partner: string,
  request: OrderRequest,
  customer: CustomerFacts | undefined,
): Promise<ServiceFacts> => {
  if (!customer) return { problem: CUSTOMER_NOT_FOUND };
  if (request.action === 'release') return {};
  const { service } = request.profile;
  if (request.ensureService === 'check') return customer.enabledServices.includes(service) ? {} : { problem: SERVICE_NOT_ENABLED };
  const ensured = await ensureService(partner, request.customerId, service);
  switch (ensured.kind) {
    case 'missing':
      return { problem: CUSTOMER_NOT_FOUND };
    case 'configurationRequired':
      return { problem: CONFIGURATION_REQUIRED };
    case 'off':
      return { first: ensured.change };
    case 'on':
      return ensured.pending === undefined ? {} : { requires: ensured.pending };
  }
};

/** What is known of the customer's tenant as far as it matters to the order; `how` as `ReadTenantFacts` takes it. */
export const tenantFacts = async (
  { readTenantFacts }: { readTenantFacts: ReadTenantFacts },
  partner: string,
  order: ResolvedOrder,
  customer: CustomerFacts | undefined,
  how: 'stored' | 'fresh',
): Promise<TenantFacts> => {
  const wanted = wantedFacts(order);
  return customer && wanted ? readTenantFacts(partner, customer, wanted, how) : {};
};
