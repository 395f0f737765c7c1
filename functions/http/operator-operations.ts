/** POST /operator/operations/{operationId}/close: an operator ends what no longer moves. */
import { z } from 'zod';
import { closedBody, closeRequest, type CloseByHand } from '../../shared/operations/close-by-hand.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { GIVEN_ID } from '../../shared/platform/ids/id-patterns.ts';

export const closeOperation = defineRoute({
  name: 'closeOperation',
  method: 'POST',
  path: 'operator/operations/{operationId}/close',
  role: 'Operator.Admin',
  summary: 'End what of an operation no longer moves',
  params: z.strictObject({ operationId: z.string().regex(GIVEN_ID) }),
  body: closeRequest,
  examples: {
    body: { reason: 'The gateway never confirmed it' },
    answer: { id: '01jd8m3q5v2x7r9t4w6y8z0a1b', status: 'Failed', inFlight: 0 },
  },
  success: { 200: closedBody },
});

export type ClosingUses = { closeOperation: UseCase<typeof closeOperation, Principal> };

export const closingUses = (use: { closeByHand: CloseByHand }): ClosingUses => ({
  closeOperation: ({ params: { operationId }, body: { reason } }) => use.closeByHand(operationId, reason),
});
