/** POST and GET /number-orders, GET /number-orders/{orderId} and its items: orders of telephone numbers, placed and followed. */
import { z } from 'zod';
import type { CreateOrder } from '../../shared/orders/create-order.ts';
import type { ListItems } from '../../shared/orders/list-items.ts';
import { orderListQuery, orderPage, type ListOrders } from '../../shared/orders/list-orders.ts';
import { ITEM_STATES, itemPage, orderBody } from '../../shared/orders/model.ts';
import { csvOptions, fromCsv, type CsvOptions, type CsvSource } from '../../shared/orders/from-csv.ts';
import { documentedOrderRequest, orderRequest, type OrderWish } from '../../shared/orders/order-request.ts';
import type { ReadOrder } from '../../shared/orders/read-order.ts';
import { actingPartner, listedPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { GIVEN_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { ENDED_ORDER, ITEM_PAGE, ORDER, ORDER_CSV, ORDER_REQUEST } from './order-examples.ts';

export const MAX_BODY_BYTES = 5_000_000;
const MAX_PAGE_ITEMS = 1_000;

const params = z.strictObject({ orderId: z.string().regex(GIVEN_ID) });

export const createOrder = defineRoute({
  name: 'createOrder',
  method: 'POST',
  path: 'number-orders',
  role: 'Partner.Write',
  summary: 'Order numbers, or release them',
  description:
    'As JSON, or as CSV with everything but the numbers in the query. Headings: Numbers alone; from and to; telephoneNumber with customerId, reference, service, usage, capabilities, additionalUsages, civicAddressId, locationId, tenantMayUpdate, displayedCountryCode, assignmentStatus and customSipHeader; or those of the Number Management Portal. Several values of a cell stand between ; or |.',
  body: orderRequest,
  documentedBody: documentedOrderRequest,
  csv: csvOptions,
  bindsKey: true,
  errors: ['EmptyOrder', 'TooManyNumbers', 'LimitReached'],
  maxBodyBytes: MAX_BODY_BYTES,
  examples: { headers: { 'Idempotency-Key': 'po-7781-1' }, body: ORDER_REQUEST, csv: ORDER_CSV, answer: ORDER },
  success: { 202: orderBody },
});

export const listOrders = defineRoute({
  name: 'listOrders',
  method: 'GET',
  path: 'number-orders',
  role: 'Partner.Read',
  summary: 'Your orders, the newest first',
  description: 'An operator names the partner. A page of a rare filter may end short; nextLink says whether there is more.',
  query: orderListQuery.extend({ partnerId: z.string().regex(PARTNER_ID).optional() }),
  errors: ['InvalidContinuationToken'],
  examples: { query: { externalReference: 'PO-7781' }, answer: { value: [ORDER] } },
  success: { 200: orderPage },
});

export const getOrder = defineRoute({
  name: 'getOrder',
  method: 'GET',
  path: 'number-orders/{orderId}',
  role: 'Partner.Read',
  summary: 'Where an order stands',
  conditional: true,
  params,
  examples: { answer: ENDED_ORDER },
  success: { 200: orderBody },
});

export const listOrderItems = defineRoute({
  name: 'listOrderItems',
  method: 'GET',
  path: 'number-orders/{orderId}/items',
  role: 'Partner.Read',
  summary: 'What became of each number of an order',
  description: 'As CSV (Accept: text/csv) all items in one file, or with maxpagesize a page, whose Link header leads to the next.',
  produces: 'text/csv',
  params,
  query: z.strictObject({
    status: z.enum(ITEM_STATES).optional(),
    maxpagesize: z
      .string()
      .regex(/^[1-9]\d{0,3}$/)
      .transform(Number)
      .pipe(z.int().max(MAX_PAGE_ITEMS))
      .optional(),
    continuationToken: z.string().max(100).optional(),
  }),
  examples: { query: { status: 'failed' }, answer: ITEM_PAGE },
  success: { 200: itemPage },
});

export type NumberOrderUses = {
  createOrder: UseCase<typeof createOrder, Principal>;
  listOrders: UseCase<typeof listOrders, Principal>;
  getOrder: UseCase<typeof getOrder, Principal>;
  listOrderItems: UseCase<typeof listOrderItems, Principal>;
};

/** Releasing takes numbers from their users: writing alone does not allow it. */
export const mayRelease = ({ roles }: Principal): boolean => roles.includes('Partner.Release') || roles.includes('Operator.Admin');

/** The order of a request in whichever form, and whether its caller may place it. */
export const readOrder = (
  principal: Principal,
  body: OrderWish | undefined,
  csv: { text: string; options: CsvOptions } | undefined,
): { wish: OrderWish; source?: CsvSource } | AppError => {
  const action = csv?.options.action ?? body?.action;
  if (action === 'release' && !mayRelease(principal)) return new AppError('InsufficientRole', { target: 'Partner.Release' });
  if (csv) return fromCsv(csv.text, csv.options);
  return body ? { wish: body } : new AppError('InvalidJson', { target: 'body' });
};

export const numberOrderUses = (use: {
  createOrder: CreateOrder;
  listOrders: ListOrders;
  readOrder: ReadOrder;
  listItems: ListItems;
}): NumberOrderUses => ({
  createOrder: ({ principal, body, csv, requestHash, idempotencyKey }) => {
    const asked = readOrder(principal, body, csv);
    return asked instanceof AppError
      ? asked
      : use.createOrder({ partner: actingPartner(principal), ...asked, requestHash, idempotencyKey });
  },
  listOrders: ({ principal, query }) => use.listOrders(listedPartner(principal, query.partnerId), query),
  getOrder: ({ principal, params: { orderId } }) => use.readOrder(actingPartner(principal).id, orderId),
  listOrderItems: ({ principal, params: { orderId }, query: { status, maxpagesize, continuationToken }, wantsText }) => {
    const partner = actingPartner(principal).id;
    return use.listItems({ partner, orderId, status, maxPageSize: maxpagesize, continuationToken, asCsv: wantsText });
  },
});
