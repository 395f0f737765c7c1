/** Use cases that read one customer: for its partner, and for orders that are to be placed for it. */
import { AppError } from '../platform/errors/app-error.ts';
import { SERVICES, type Service } from '../platform/upstream/services.ts';
import { withDomains } from './gateway-names.ts';
import type { CustomerBody } from './model.ts';
import { customerLaneOf } from './names.ts';
import type { ReadCustomerLane } from './ports.ts';
import { tenantStateOf } from './read-through.ts';
import { fromLane, viewOf } from './translate.ts';
import { toUnansweredError, type Unanswered } from '../platform/upstream/unanswered.ts';

export type CustomerEffects = { readLane: ReadCustomerLane };

/** Asks the gateway once and keeps what it says. */
export type RefreshCustomer = (lane: string) => Promise<{ kind: 'refreshed' } | Unanswered>;

/**
 * Errors: ResourceNotFound, also for another partner's customer, which has another lane; with `refresh` TooManyRequests when the budget has no
 * room soon, and UpstreamUnavailable, UpstreamTimeout or UpstreamRejected when the gateway does not tell.
 */
export type GetCustomer = (
  partner: string,
  customerId: string,
  refresh: boolean,
) => Promise<{ body: CustomerBody; etag: string } | AppError>;

export const makeGetCustomer =
  ({ readLane, refresh, gatewayDomain }: CustomerEffects & { refresh: RefreshCustomer; gatewayDomain?: string | undefined }): GetCustomer =>
  async (partner, customerId, fresh) => {
    const name = customerLaneOf(partner, customerId);
    const known = await readLane(name);
    const outcome = fresh && known && known.value.account.removal !== 'done' ? await refresh(name) : { kind: 'refreshed' as const };
    if (outcome.kind !== 'refreshed') return toUnansweredError(outcome);
    const row = fresh ? await readLane(name) : known;
    if (!row || row.value.account.removal === 'done') return new AppError('ResourceNotFound', { target: 'customer' });
    const body = withDomains(fromLane(row.value), gatewayDomain);
    return { body, etag: body.etag };
  };

/** What an order has to know of its customer. */
export type CustomerFacts = {
  lane: string;
  accountName: string;
  enabledServices: Service[];
  teamsTenantId?: string;
  /** What of the customer its tenant's data depend on. */
  tenantState: string;
};

export type FindCustomer = (partner: string, customerId: string) => Promise<CustomerFacts | undefined>;

export const makeFindCustomer =
  ({ readLane }: CustomerEffects): FindCustomer =>
  async (partner, customerId) => {
    const row = await readLane(customerLaneOf(partner, customerId));
    if (!row || row.value.account.removal !== undefined) return undefined;
    const { services, teamsTenantId } = viewOf(row.value);
    const { lane, accountName } = row.value;
    return {
      lane,
      accountName,
      enabledServices: SERVICES.filter((name) => services[name]?.enabled),
      ...(teamsTenantId === undefined ? {} : { teamsTenantId }),
      tenantState: tenantStateOf(row.value),
    };
  };

export type HasCustomer = (partner: string, customerId: string) => Promise<boolean>;

export const makeHasCustomer =
  ({ readLane }: CustomerEffects): HasCustomer =>
  async (partner, customerId) => {
    const row = await readLane(customerLaneOf(partner, customerId));
    return row !== undefined && row.value.account.removal !== 'done';
  };
