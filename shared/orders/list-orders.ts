/** Use case: a partner's orders, the newest first. */
import { z } from 'zod';
import { DEFAULT_PAGE_ITEMS, nextLinkTo, pageStart, pagingQuery } from '../platform/http/paging.ts';
import { CUSTOMER_ID } from '../platform/ids/id-patterns.ts';
import { ORDER_STATES, orderBody } from './model.ts';
import type { ListAcceptedOrders } from './ports.ts';
import { toOrder } from './translate.ts';

const time = z.iso.datetime({ offset: true });

export const orderListQuery = z.strictObject({
  status: z.enum(ORDER_STATES).optional(),
  customerId: z.string().regex(CUSTOMER_ID).optional(),
  action: z.enum(['provision', 'release']).optional(),
  externalReference: z.string().min(1).max(100).optional(),
  createdAfter: time.optional(),
  createdBefore: time.optional(),
  ...pagingQuery,
});
export type OrderListQuery = z.output<typeof orderListQuery>;

export const orderPage = z.strictObject({ value: z.array(orderBody), nextLink: z.url().optional() }).meta({ id: 'NumberOrderPage' });

/** Throws AppError InvalidContinuationToken. */
export type ListOrders = (
  partner: string,
  query: OrderListQuery & { partnerId?: string | undefined },
) => Promise<{ body: z.input<typeof orderPage> }>;

export type ListOrdersEffects = {
  listAccepted: ListAcceptedOrders;
  /** The line that a customer's orders stand in. */
  laneOf: (partner: string, customerId: string) => string;
  now: () => number;
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
};

const toFilter = (partner: string, query: OrderListQuery, laneOf: ListOrdersEffects['laneOf']) => {
  const { status, customerId, action, externalReference, createdAfter, createdBefore } = query;
  return {
    ...(status === undefined ? {} : { state: status }),
    ...(customerId === undefined ? {} : { lane: laneOf(partner, customerId) }),
    ...(action === undefined ? {} : { sentAs: action === 'release' ? ('release' as const) : ('upsert' as const) }),
    ...(externalReference === undefined ? {} : { reference: externalReference }),
    ...(createdAfter === undefined ? {} : { afterMs: Date.parse(createdAfter) }),
    ...(createdBefore === undefined ? {} : { beforeMs: Date.parse(createdBefore) }),
  };
};

export const makeListOrders =
  ({ listAccepted, laneOf, now, publicBaseUrl, upstreamRequestsPerMinute }: ListOrdersEffects): ListOrders =>
  async (partner, query) => {
    const { maxpagesize: size = DEFAULT_PAGE_ITEMS, continuationToken: token } = query;
    const filter = toFilter(partner, query, laneOf);
    const page = await listAccepted({ partner, kind: 'numbers', size, ...filter, ...pageStart(token) });
    const context = { publicBaseUrl, upstreamRequestsPerMinute, nowMs: now() };
    const value = page.operations.map((operation) => toOrder(operation, context));
    return {
      body: { value, ...(page.next === undefined ? {} : { nextLink: nextLinkTo(publicBaseUrl, 'number-orders', query, page.next) }) },
    };
  };
