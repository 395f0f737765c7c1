/** PUT and GET /customers/{customerId}: what a customer is to be, and what it is. */
import { z } from 'zod';
import type { GetCustomer } from '../../shared/customers/get-customer.ts';
import { CUSTOMER_ID, customerBody, putCustomerRequest } from '../../shared/customers/model.ts';
import type { PutCustomer } from '../../shared/customers/put-customer.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';

const params = z.strictObject({ customerId: z.string().regex(CUSTOMER_ID) });

export const putCustomer = defineRoute({
  name: 'putCustomer',
  method: 'PUT',
  path: 'customers/{customerId}',
  role: 'Partner.Write',
  params,
  body: putCustomerRequest,
  success: { 200: customerBody, 201: customerBody },
});

export const getCustomer = defineRoute({
  name: 'getCustomer',
  method: 'GET',
  path: 'customers/{customerId}',
  role: 'Partner.Read',
  conditional: true,
  params,
  success: { 200: customerBody },
});

export type CustomerUses = {
  putCustomer: UseCase<typeof putCustomer, Principal>;
  getCustomer: UseCase<typeof getCustomer, Principal>;
};

export const customerUses = (use: { putCustomer: PutCustomer; getCustomer: GetCustomer }): CustomerUses => ({
  putCustomer: ({ principal, params: { customerId }, body, requestHash, ifMatch, ifNoneMatch }) =>
    use.putCustomer({ partner: actingPartner(principal).id, customerId, request: body, requestHash, ifMatch, ifNoneMatch }),
  getCustomer: ({ principal, params: { customerId } }) => use.getCustomer(actingPartner(principal).id, customerId),
});
