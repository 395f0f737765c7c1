/** /webhook-subscriptions/{id}/deliveries and replay: what was tried, and trying again. */
import { z } from 'zod';
import { ownerAsked } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { attemptPage, DELIVERY_ID, redelivery, replayCount, replayRequest } from '../../shared/webhooks/deliveries-contract.ts';
import { diagnosis } from '../../shared/webhooks/diagnosis.ts';
import type { Examine } from '../../shared/webhooks/doctor.ts';
import type { ListDeliveries } from '../../shared/webhooks/list-deliveries.ts';
import { TYPE_PATTERN } from '../../shared/webhooks/match.ts';
import type { Replaying } from '../../shared/webhooks/replay.ts';
import { deliveriesLink, SUBSCRIPTION_PATH, subscriptionParams, wholeNumber, whose, whoseQuery } from './webhook-paths.ts';
import { ATTEMPT, DIAGNOSIS, REPLAY } from './webhook-examples.ts';

export const listDeliveries = defineRoute({
  name: 'listDeliveries',
  method: 'GET',
  path: `${SUBSCRIPTION_PATH}/deliveries`,
  role: 'Partner.Read',
  summary: 'The attempts of a subscription, newest first',
  params: subscriptionParams,
  query: z.strictObject({
    outcome: z.enum(['delivered', 'failed']).optional(),
    sequence: wholeNumber.optional(),
    eventId: z.string().max(100).optional(),
    type: z.string().max(100).regex(TYPE_PATTERN).optional(),
    since: z.iso.datetime({ offset: true }).optional(),
    ...pagingQuery,
    ...whose,
  }),
  errors: ['InvalidContinuationToken'],
  examples: { query: { outcome: 'delivered' }, answer: { value: [ATTEMPT] } },
  success: { 200: attemptPage },
});

export const redeliverEvent = defineRoute({
  name: 'redeliverEvent',
  method: 'POST',
  path: `${SUBSCRIPTION_PATH}/deliveries/{deliveryId}/redeliver`,
  role: 'Partner.Write',
  summary: 'Send one event once more',
  description: 'With the same id, sequence and body, signed anew, whatever became of it before.',
  params: subscriptionParams.extend({ deliveryId: z.string().regex(DELIVERY_ID) }),
  query: whoseQuery,
  examples: { answer: { deliveryId: '42', sequence: 42, eventId: ATTEMPT.eventId, state: 'waiting' } },
  success: { 202: redelivery },
});

export const replayEvents = defineRoute({
  name: 'replayEvents',
  method: 'POST',
  path: `${SUBSCRIPTION_PATH}/replay`,
  role: 'Partner.Write',
  summary: 'Send what failed since a time or a sequence once more',
  description:
    'With `dryRun` it is only counted. A replay goes on by itself, at the rate of the subscription, whatever is restarted meanwhile.',
  params: subscriptionParams,
  body: replayRequest,
  errors: ['ReplayInProgress'],
  query: whoseQuery,
  examples: { body: { only: 'failed', afterSequence: 0, dryRun: true }, answer: REPLAY },
  success: { 200: replayCount, 202: replayCount },
});

export const examineEndpoint = defineRoute({
  name: 'examineEndpoint',
  method: 'POST',
  audit: false,
  path: `${SUBSCRIPTION_PATH}/doctor`,
  role: 'Partner.Write',
  summary: 'Examine the endpoint of a subscription',
  description:
    'Looks up the name, checks its addresses and its certificate, and sends two probes of type `webhook_subscription.test` with sequence 0: one signed as deliveries are, one with a wrong signature, which a receiver must refuse.',
  params: subscriptionParams,
  query: whoseQuery,
  examples: { answer: DIAGNOSIS },
  success: { 200: diagnosis },
});

export type DeliveryUses = {
  examineEndpoint: UseCase<typeof examineEndpoint, Principal>;
  listDeliveries: UseCase<typeof listDeliveries, Principal>;
  redeliverEvent: UseCase<typeof redeliverEvent, Principal>;
  replayEvents: UseCase<typeof replayEvents, Principal>;
};

type Uses = { examine: Examine; list: ListDeliveries; replaying: Replaying; publicBaseUrl: string };

export const deliveryUses = ({ examine, list, replaying, publicBaseUrl }: Uses): DeliveryUses => ({
  examineEndpoint: async ({ principal, params, query: { partnerId } }) => ({
    body: await examine(ownerAsked(principal, partnerId), params.subscriptionId),
  }),
  listDeliveries: async ({ principal, params, query }) => ({
    body: await list(ownerAsked(principal, query.partnerId), params.subscriptionId, query),
  }),
  redeliverEvent: async ({ principal, params: { subscriptionId, deliveryId }, query: { partnerId } }) => {
    const body = await replaying.redeliver(ownerAsked(principal, partnerId), subscriptionId, Number(deliveryId));
    return { status: 202, body, headers: deliveriesLink(publicBaseUrl, subscriptionId, { sequence: deliveryId, partnerId }) };
  },
  replayEvents: async ({ principal, params: { subscriptionId }, query: { partnerId }, body: asked }) => {
    const body = await replaying.replay(ownerAsked(principal, partnerId), subscriptionId, asked);
    if (body.dryRun) return { status: 200, body };
    return { status: 202, body, headers: deliveriesLink(publicBaseUrl, subscriptionId, { partnerId }) };
  },
});
