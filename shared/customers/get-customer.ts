/** Use cases that read one customer: for its partner, and for orders that are to be placed for it. */
import { AppError } from '../platform/errors/app-error.ts';
import { SERVICES, type CustomerBody, type Service } from './model.ts';
import { customerLaneOf } from './names.ts';
import type { ReadCustomerLane } from './ports.ts';
import { fromLane, viewOf } from './translate.ts';

export type CustomerEffects = { readLane: ReadCustomerLane };

/** Error: ResourceNotFound, also for another partner's customer, which has another lane. */
export type GetCustomer = (partner: string, customerId: string) => Promise<{ body: CustomerBody; etag: string } | AppError>;

export const makeGetCustomer =
  ({ readLane }: CustomerEffects): GetCustomer =>
  async (partner, customerId) => {
    const row = await readLane(customerLaneOf(partner, customerId));
    if (!row || row.value.account.removal === 'done') return new AppError('ResourceNotFound', { target: 'customer' });
    const body = fromLane(row.value);
    return { body, etag: body.etag };
  };

/** What an order has to know of its customer. */
export type CustomerFacts = { lane: string; accountName: string; enabledServices: Service[] };

export type FindCustomer = (partner: string, customerId: string) => Promise<CustomerFacts | undefined>;

export const makeFindCustomer =
  ({ readLane }: CustomerEffects): FindCustomer =>
  async (partner, customerId) => {
    const row = await readLane(customerLaneOf(partner, customerId));
    if (!row || row.value.account.removal !== undefined) return undefined;
    const { services } = viewOf(row.value);
    const { lane, accountName } = row.value;
    return { lane, accountName, enabledServices: SERVICES.filter((name) => services[name]?.enabled) };
  };
