/** Customers: listed, put, read and removed. */
import { z } from 'zod';
import type { DeleteCustomer } from '../../shared/customers/delete-customer.ts';
import type { GetCustomer } from '../../shared/customers/get-customer.ts';
import { customerListQuery, customerPage, type ListCustomers } from '../../shared/customers/list-customers.ts';
import { customerBody, putCustomerRequest } from '../../shared/customers/model.ts';
import type { PutCustomer } from '../../shared/customers/put-customer.ts';
import { operationBody, type GetOperation } from '../../shared/operations/read-operation.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { operationHref } from '../../shared/customers/links.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { CUSTOMER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { CUSTOMER, CUSTOMER_PAGE, CUSTOMER_REQUEST, monitorOf } from './customer-examples.ts';

const params = z.strictObject({ customerId: z.string().regex(CUSTOMER_ID) });

export const putCustomer = defineRoute({
  name: 'putCustomer',
  method: 'PUT',
  path: 'customers/{customerId}',
  role: 'Partner.Write',
  summary: 'Make a customer what it is to be',
  params,
  body: putCustomerRequest,
  examples: { body: CUSTOMER_REQUEST, answer: CUSTOMER },
  errors: ['SyncNotSupported', 'TenantIdLocked', 'PreconditionFailed', 'AccountExists', 'AdoptionInProgress', 'ServiceBusy'],
  success: { 200: customerBody, 201: customerBody },
});

export const listCustomers = defineRoute({
  name: 'listCustomers',
  method: 'GET',
  path: 'customers',
  role: 'Partner.Read',
  summary: 'Your customers',
  query: customerListQuery,
  examples: { query: { reference: 'crm-4711' }, answer: CUSTOMER_PAGE },
  success: { 200: customerPage },
});

export const deleteCustomer = defineRoute({
  name: 'deleteCustomer',
  method: 'DELETE',
  path: 'customers/{customerId}',
  role: 'Partner.Release',
  summary: 'Remove a customer',
  params,
  query: z.strictObject({ releaseNumbers: z.enum(['true', 'false']).optional() }),
  examples: { query: { releaseNumbers: 'true' }, answer: monitorOf('customer.delete') },
  success: { 202: operationBody, 204: z.undefined() },
  errors: ['CustomerHasNumbers', 'PreconditionFailed'],
});

export const getCustomer = defineRoute({
  name: 'getCustomer',
  method: 'GET',
  path: 'customers/{customerId}',
  role: 'Partner.Read',
  summary: 'One customer',
  conditional: true,
  params,
  /** `true` asks the gateway first. */
  query: z.strictObject({ refresh: z.enum(['true', 'false']).optional() }),
  errors: ['TooManyRequests', 'UpstreamUnavailable', 'UpstreamTimeout', 'UpstreamRejected'],
  examples: { answer: CUSTOMER },
  success: { 200: customerBody },
});

export type CustomerUses = {
  listCustomers: UseCase<typeof listCustomers, Principal>;
  putCustomer: UseCase<typeof putCustomer, Principal>;
  getCustomer: UseCase<typeof getCustomer, Principal>;
  deleteCustomer: UseCase<typeof deleteCustomer, Principal>;
};

export type CustomerUsesParts = {
  listCustomers: ListCustomers;
  putCustomer: PutCustomer;
  getCustomer: GetCustomer;
  deleteCustomer: DeleteCustomer;
  getOperation: GetOperation;
};

/** 202 with the monitor of an accepted operation. */
export const toMonitor = async (getOperation: GetOperation, partner: string, operationId: string, publicBaseUrl: string) => {
  const monitor = await getOperation(partner, operationId);
  if (monitor instanceof AppError) return monitor;
  const headers = { 'Operation-Location': operationHref(publicBaseUrl, operationId), 'Retry-After': '10', ...monitor.headers };
  return { status: 202 as const, body: monitor.body, headers };
};

export const customerUses = (use: CustomerUsesParts, publicBaseUrl: string): CustomerUses => ({
  listCustomers: ({ principal, query }) => use.listCustomers(actingPartner(principal).id, query),
  putCustomer: ({ principal, params: { customerId }, body, requestHash, ifMatch, ifNoneMatch }) =>
    use.putCustomer({ partner: actingPartner(principal).id, customerId, request: body, requestHash, ifMatch, ifNoneMatch }),
  getCustomer: ({ principal, params: { customerId }, query }) =>
    use.getCustomer(actingPartner(principal).id, customerId, query.refresh === 'true'),
  deleteCustomer: async ({ principal, params: { customerId }, query, requestHash, ifMatch, ifNoneMatch }) => {
    const partner = actingPartner(principal).id;
    const releaseNumbers = query.releaseNumbers === 'true';
    const outcome = await use.deleteCustomer({ partner, customerId, releaseNumbers, requestHash, ifMatch, ifNoneMatch });
    if (outcome instanceof AppError) return outcome;
    return outcome.kind === 'gone' ? { status: 204 } : toMonitor(use.getOperation, partner, outcome.operationId, publicBaseUrl);
  },
});
