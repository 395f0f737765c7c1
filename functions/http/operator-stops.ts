/** /operator/stops: what of the writes to the gateway an operator has halted: all, one partner's, one customer's. */
import { z } from 'zod';
import { stopBody, stopList, stopRequest, type ManageStops } from '../../shared/operations/manage-stops.ts';
import { STOP_ID } from '../../shared/operations/stops.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { STOP } from './operator-examples.ts';

const params = z.strictObject({ stopId: z.string().regex(STOP_ID) });

export const listStops = defineRoute({
  name: 'listStops',
  method: 'GET',
  path: 'operator/stops',
  role: 'Operator.Read',
  summary: 'What is halted',
  examples: { answer: { value: [STOP] } },
  success: { 200: stopList },
});

export const putStop = defineRoute({
  name: 'putStop',
  method: 'PUT',
  path: 'operator/stops/{stopId}',
  role: 'Operator.Admin',
  summary: 'Halt writes to the gateway: all, of a partner, of a customer',
  params,
  body: stopRequest,
  examples: { body: { reason: STOP.reason }, answer: STOP },
  success: { 200: stopBody },
});

export const deleteStop = defineRoute({
  name: 'deleteStop',
  method: 'DELETE',
  path: 'operator/stops/{stopId}',
  role: 'Operator.Admin',
  summary: 'Let go on what was halted',
  params,
  examples: {},
  success: { 204: z.undefined() },
});

export type StopUses = {
  listStops: UseCase<typeof listStops, Principal>;
  putStop: UseCase<typeof putStop, Principal>;
  deleteStop: UseCase<typeof deleteStop, Principal>;
};

export const stopUses = (use: ManageStops): StopUses => ({
  listStops: () => use.list(),
  putStop: ({ params: { stopId }, body: { reason } }) => use.put(stopId, reason),
  deleteStop: ({ params: { stopId } }) => use.remove(stopId),
});
