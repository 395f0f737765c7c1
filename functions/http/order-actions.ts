/** POST /number-orders/{orderId}/cancel and /retry: what can be done about an order after it was placed. */
import { z } from 'zod';
import type { CancelOrderUse } from '../../shared/orders/cancel-order.ts';
import { retryRequest, type RetryOrder } from '../../shared/orders/retry-order.ts';
import { orderBody } from '../../shared/orders/model.ts';
import { GIVEN_ID } from '../../shared/platform/ids/id-patterns.ts';
import { mayRelease } from './number-orders.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { ORDER } from './order-examples.ts';

const params = z.strictObject({ orderId: z.string().regex(GIVEN_ID) });

export const cancelOrder = defineRoute({
  name: 'cancelOrder',
  method: 'POST',
  path: 'number-orders/{orderId}/cancel',
  role: 'Partner.Write',
  summary: 'Cancel what of an order was not sent',
  params,
  errors: ['OrderNotCancelable'],
  examples: { answer: { ...ORDER, status: 'Canceled', counts: { ...ORDER.counts, pending: 0, canceled: 102 }, percentComplete: 100 } },
  success: { 200: orderBody },
});

export const retryOrder = defineRoute({
  name: 'retryOrder',
  method: 'POST',
  path: 'number-orders/{orderId}/retry',
  role: 'Partner.Write',
  summary: 'Order the failed numbers of an order again',
  params,
  body: retryRequest,
  bindsKey: true,
  errors: ['OrderNotRetryable', 'LimitReached'],
  examples: { body: { only: 'failed' }, answer: { ...ORDER, retryOf: '01jd8m3q5v2x7r9t4w6y8z0a1a' } },
  success: { 202: orderBody },
});

export type OrderActionUses = {
  cancelOrder: UseCase<typeof cancelOrder, Principal>;
  retryOrder: UseCase<typeof retryOrder, Principal>;
};

export const orderActionUses = (use: { cancelOrder: CancelOrderUse; retryOrder: RetryOrder }): OrderActionUses => ({
  cancelOrder: ({ principal, params: { orderId } }) => use.cancelOrder(actingPartner(principal).id, orderId),
  retryOrder: ({ principal, params: { orderId }, body, requestHash, idempotencyKey }) => {
    const common = { partner: actingPartner(principal), mayRelease: mayRelease(principal) };
    return use.retryOrder({ ...common, orderId, request: body, requestHash, idempotencyKey });
  },
});
