/** GET /operations/{operationId}: the monitor of changes that are no orders. */
import { z } from 'zod';
import { operationBody, type GetOperation } from '../../shared/operations/read-operation.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { monitorOf } from './customer-examples.ts';

export const getOperation = defineRoute({
  name: 'getOperation',
  method: 'GET',
  path: 'operations/{operationId}',
  role: 'Partner.Read',
  summary: 'Where a change stands that is no order',
  conditional: true,
  params: z.strictObject({ operationId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) }),
  examples: { answer: monitorOf('customer.put') },
  success: { 200: operationBody },
});

export type OperationUses = { getOperation: UseCase<typeof getOperation, Principal> };

export const operationUses = (use: { getOperation: GetOperation }): OperationUses => ({
  getOperation: ({ principal, params: { operationId } }) => use.getOperation(actingPartner(principal).id, operationId),
});
