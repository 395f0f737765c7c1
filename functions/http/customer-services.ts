/** PUT and DELETE /customers/{customerId}/services/{service}: one service of a customer, the others stay as they are. */
import { z } from 'zod';
import type { DeleteService, PutService } from '../../shared/customers/change-service.ts';
import { customerBody } from '../../shared/customers/model.ts';
import { putServiceRequest, serviceAt, servicePath } from '../../shared/customers/service-paths.ts';
import { operationBody, type GetOperation } from '../../shared/operations/read-operation.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { CUSTOMER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { toMonitor } from './customers.ts';
import { CUSTOMER, monitorOf } from './customer-examples.ts';

const params = z.strictObject({ customerId: z.string().regex(CUSTOMER_ID), service: servicePath });

export const putService = defineRoute({
  name: 'putCustomerService',
  method: 'PUT',
  path: 'customers/{customerId}/services/{service}',
  role: 'Partner.Write',
  summary: 'Enable or set up one service',
  description:
    'The other services and whatever else the gateway holds of the account stay as they are. Answers the customer, whose ETag If-Match takes.',
  params,
  body: putServiceRequest,
  examples: { body: { sync: true }, answer: CUSTOMER },
  success: { 200: customerBody, 201: customerBody },
  errors: ['ResourceNotFound', 'SyncNotSupported', 'PreconditionFailed', 'ServiceBusy'],
});

export const deleteService = defineRoute({
  name: 'deleteCustomerService',
  method: 'DELETE',
  path: 'customers/{customerId}/services/{service}',
  role: 'Partner.Release',
  summary: 'Disable one service',
  params,
  examples: { answer: monitorOf('customer.service.delete') },
  success: { 202: operationBody, 204: z.undefined() },
  errors: ['ResourceNotFound', 'ServiceInUse', 'PreconditionFailed', 'ServiceBusy'],
});

export type CustomerServiceUses = {
  putCustomerService: UseCase<typeof putService, Principal>;
  deleteCustomerService: UseCase<typeof deleteService, Principal>;
};

type Parts = { putService: PutService; deleteService: DeleteService; getOperation: GetOperation };

export const customerServiceUses = (use: Parts, publicBaseUrl: string): CustomerServiceUses => ({
  putCustomerService: ({ principal, params: { customerId, service }, body, requestHash, ifMatch, ifNoneMatch }) => {
    const partner = actingPartner(principal).id;
    return use.putService({ partner, customerId, service: serviceAt(service), body, requestHash, ifMatch, ifNoneMatch });
  },
  deleteCustomerService: async ({ principal, params: { customerId, service }, requestHash, ifMatch, ifNoneMatch }) => {
    const partner = actingPartner(principal).id;
    const outcome = await use.deleteService({ partner, customerId, service: serviceAt(service), requestHash, ifMatch, ifNoneMatch });
    if (outcome instanceof AppError) return outcome;
    return outcome.kind === 'off' ? { status: 204 } : toMonitor(use.getOperation, partner, outcome.operationId, publicBaseUrl);
  },
});
