/** POST /operator/operations/{operationId}/close: an operator ends what no longer moves. */
import { z } from 'zod';
import { closedBody, closeRequest, type CloseByHand } from '../../shared/operations/close-by-hand.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';

export const closeOperation = defineRoute({
  name: 'closeOperation',
  method: 'POST',
  path: 'operator/operations/{operationId}/close',
  role: 'Operator.Admin',
  params: z.strictObject({ operationId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) }),
  body: closeRequest,
  success: { 200: closedBody },
});

export type ClosingUses = { closeOperation: UseCase<typeof closeOperation, Principal> };

export const closingUses = (use: { closeByHand: CloseByHand }): ClosingUses => ({
  closeOperation: ({ params: { operationId }, body: { reason } }) => use.closeByHand(operationId, reason),
});
