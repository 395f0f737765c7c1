/** POST /number-orders/{orderId}/cancel: what can be done about an order after it was placed. */
import { z } from 'zod';
import type { CancelOrderUse } from '../../shared/orders/cancel-order.ts';
import { orderBody } from '../../shared/orders/model.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';

const params = z.strictObject({ orderId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

export const cancelOrder = defineRoute({
  name: 'cancelOrder',
  method: 'POST',
  path: 'number-orders/{orderId}/cancel',
  role: 'Partner.Write',
  params,
  success: { 200: orderBody },
});

export type OrderActionUses = { cancelOrder: UseCase<typeof cancelOrder, Principal> };

export const orderActionUses = (use: { cancelOrder: CancelOrderUse }): OrderActionUses => ({
  cancelOrder: ({ principal, params: { orderId } }) => use.cancelOrder(actingPartner(principal).id, orderId),
});
