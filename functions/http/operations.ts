/** GET /operations and /operations/{operationId}: the monitors of changes that are no orders. */
import { z } from 'zod';
import { operationListQuery, operationPage, type ListOperations } from '../../shared/operations/list-operations.ts';
import { operationBody, type GetOperation } from '../../shared/operations/read-operation.ts';
import { actingPartner, listedPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { GIVEN_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import type { GetDecision } from '../../shared/rfis/decision-view.ts';
import { monitorOf } from './customer-examples.ts';
import { rfiReaderOf } from './rfis.ts';

export const getOperation = defineRoute({
  name: 'getOperation',
  method: 'GET',
  path: 'operations/{operationId}',
  role: 'Partner.Read',
  summary: 'Where a change stands that is no order',
  conditional: true,
  params: z.strictObject({ operationId: z.string().regex(GIVEN_ID) }),
  examples: { answer: monitorOf('customer.put') },
  success: { 200: operationBody },
});

export const listOperations = defineRoute({
  name: 'listOperations',
  method: 'GET',
  path: 'operations',
  role: 'Partner.Read',
  summary: 'Your changes that are no orders, the newest first',
  description:
    'Changes of customers and answers to requests for information. An operator names the partner; `operator` for answers to what is assigned to nobody.',
  query: operationListQuery.extend({ partnerId: z.string().regex(PARTNER_ID).optional() }),
  errors: ['InvalidContinuationToken'],
  examples: { query: { status: 'NotStarted' }, answer: { value: [monitorOf('customer.put')] } },
  success: { 200: operationPage },
});

export type OperationUses = {
  listOperations: UseCase<typeof listOperations, Principal>;
  getOperation: UseCase<typeof getOperation, Principal>;
};

export type OperationUsesParts = { getOperation: GetOperation; getDecision: GetDecision; listOperations: ListOperations };

/** An operator sees answers to requests for information, which may be its own; everything else is a partner's. */
export const operationUses = (use: OperationUsesParts): OperationUses => ({
  listOperations: ({ principal, query }) => use.listOperations(listedPartner(principal, query.partnerId), query),
  getOperation: async ({ principal, params: { operationId } }) => {
    const decision = await use.getDecision(rfiReaderOf(principal), operationId);
    return decision instanceof AppError ? use.getOperation(actingPartner(principal).id, operationId) : decision;
  },
});
