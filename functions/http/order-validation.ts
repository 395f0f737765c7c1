/** POST /number-orders/validate: an order tried out. */
import { csvOptions } from '../../shared/orders/from-csv.ts';
import { documentedOrderRequest, orderRequest } from '../../shared/orders/order-request.ts';
import { validation } from '../../shared/orders/validation.ts';
import type { ValidateOrder } from '../../shared/orders/validate-order.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { MAX_BODY_BYTES, readOrder } from './number-orders.ts';
import { ORDER_REQUEST, VALIDATION } from './order-examples.ts';

export const validateOrder = defineRoute({
  name: 'validateOrder',
  method: 'POST',
  path: 'number-orders/validate',
  role: 'Partner.Write',
  changesNothing: true,
  summary: 'What would be wrong with an order',
  description:
    "Takes what an order takes, stores nothing and sends nothing; the customer's plans and addresses are read from a copy of up to 10 minutes or from the gateway. What nobody knows speaks against nothing.",
  body: orderRequest,
  documentedBody: documentedOrderRequest,
  csv: csvOptions,
  maxBodyBytes: MAX_BODY_BYTES,
  errors: ['EmptyOrder', 'TooManyNumbers'],
  examples: { body: ORDER_REQUEST, answer: VALIDATION },
  success: { 200: validation },
});

export type ValidationUses = { validateOrder: UseCase<typeof validateOrder, Principal> };

export const validationUses = (use: { validateOrder: ValidateOrder }): ValidationUses => ({
  validateOrder: ({ principal, body, csv }) => {
    const asked = readOrder(principal, body, csv);
    return asked instanceof AppError ? asked : use.validateOrder({ partner: actingPartner(principal), ...asked });
  },
});
