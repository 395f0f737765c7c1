/** /webhook-subscriptions: where a partner wants to hear of its events. */
import { z } from 'zod';
import { ownerAsked } from '../../shared/partners/admit.ts';
import { ownerOf, type Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import type { ManageSubscriptions } from '../../shared/webhooks/manage-subscriptions.ts';
import type { Subscribe } from '../../shared/webhooks/subscribe.ts';
import {
  createdSubscription,
  createSubscriptionRequest,
  patchSubscriptionRequest,
  rotateSecretRequest,
  subscriptionList,
  subscriptionView,
} from '../../shared/webhooks/subscription-contract.ts';
import { targetProblem } from '../../shared/webhooks/target-policy.ts';
import { deliveriesLink, SUBSCRIPTION_PATH, subscriptionParams, testAccepted, whoseQuery } from './webhook-paths.ts';
import { CREATED_SUBSCRIPTION, SUBSCRIPTION } from './webhook-examples.ts';

export const listSubscriptions = defineRoute({
  name: 'listSubscriptions',
  method: 'GET',
  path: 'webhook-subscriptions',
  role: 'Partner.Read',
  summary: 'Your webhook subscriptions, the built-in log among them',
  query: whoseQuery,
  examples: { answer: { value: [SUBSCRIPTION] } },
  success: { 200: subscriptionList },
});

export const createSubscription = defineRoute({
  name: 'createSubscription',
  method: 'POST',
  secrets: ['secret'],
  path: 'webhook-subscriptions',
  role: 'Partner.Write',
  summary: 'Subscribe to events',
  description: 'The secret is shown in this answer and never again. Deliveries follow Standard Webhooks 1.0.',
  body: createSubscriptionRequest,
  errors: ['LimitReached'],
  examples: { body: { url: SUBSCRIPTION.url, eventTypes: SUBSCRIPTION.eventTypes }, answer: CREATED_SUBSCRIPTION },
  success: { 201: createdSubscription },
});

export const getSubscription = defineRoute({
  name: 'getSubscription',
  method: 'GET',
  path: SUBSCRIPTION_PATH,
  role: 'Partner.Read',
  summary: 'One subscription, and how its deliveries go',
  description: 'The ETag covers what can be changed, not the counters below `delivery`.',
  conditional: true,
  params: subscriptionParams,
  query: whoseQuery,
  examples: { answer: SUBSCRIPTION },
  success: { 200: subscriptionView },
});

export const patchSubscription = defineRoute({
  name: 'patchSubscription',
  method: 'PATCH',
  path: SUBSCRIPTION_PATH,
  role: 'Partner.Write',
  summary: 'Change, pause or resume a subscription',
  description: 'A paused or disabled subscription goes on keeping its events and sends them when it is active again.',
  params: subscriptionParams,
  body: patchSubscriptionRequest,
  errors: ['PreconditionFailed'],
  query: whoseQuery,
  examples: { body: { state: 'paused' }, answer: { ...SUBSCRIPTION, state: 'paused' } },
  success: { 200: subscriptionView },
});

export const deleteSubscription = defineRoute({
  name: 'deleteSubscription',
  method: 'DELETE',
  path: SUBSCRIPTION_PATH,
  role: 'Partner.Write',
  summary: 'Remove a subscription and its log',
  description: 'Also answers 204 when there is none.',
  params: subscriptionParams,
  examples: {},
  success: { 204: z.undefined() },
});

export const testSubscription = defineRoute({
  name: 'testSubscription',
  method: 'POST',
  path: `${SUBSCRIPTION_PATH}/test`,
  role: 'Partner.Write',
  summary: 'Send a test event',
  description: 'It takes its place in the sequence, behind whatever still waits.',
  params: subscriptionParams,
  query: whoseQuery,
  examples: { answer: { eventId: 'evt_0123456789abcdefghjkmnpqrs', subscriptionId: SUBSCRIPTION.id } },
  success: { 202: testAccepted },
});

export const rotateSecret = defineRoute({
  name: 'rotateSecret',
  method: 'POST',
  secrets: ['secret'],
  path: `${SUBSCRIPTION_PATH}/rotate-secret`,
  role: 'Partner.Write',
  summary: 'Give a subscription another secret',
  description: 'For the overlap both sign each delivery, so that receivers can change over without a gap. The new one is shown once.',
  params: subscriptionParams,
  body: rotateSecretRequest,
  examples: { body: { overlapHours: 24 }, answer: CREATED_SUBSCRIPTION },
  success: { 200: createdSubscription },
});

export type SubscriptionUses = {
  listSubscriptions: UseCase<typeof listSubscriptions, Principal>;
  createSubscription: UseCase<typeof createSubscription, Principal>;
  getSubscription: UseCase<typeof getSubscription, Principal>;
  patchSubscription: UseCase<typeof patchSubscription, Principal>;
  deleteSubscription: UseCase<typeof deleteSubscription, Principal>;
  testSubscription: UseCase<typeof testSubscription, Principal>;
  rotateSecret: UseCase<typeof rotateSecret, Principal>;
};

type Uses = { subscribe: Subscribe; manage: ManageSubscriptions; publicBaseUrl: string };

const limitReached = (limit: number): AppError => new AppError('LimitReached', { message: `There are ${limit} subscriptions at most.` });

const ignoringMissing = (error: unknown): void => {
  if (!(error instanceof AppError) || error.code !== 'ResourceNotFound') throw error;
};

export const subscriptionUses = ({ subscribe, manage, publicBaseUrl }: Uses): SubscriptionUses => ({
  listSubscriptions: async ({ principal, query }) => ({ body: await manage.list(ownerAsked(principal, query.partnerId)) }),
  createSubscription: async ({ principal, body }) => {
    const made = await subscribe(ownerOf(principal), body);
    if (made.outcome === 'urlRefused') return targetProblem(made.reason);
    return made.outcome === 'created' ? { status: 201, body: made.body, etag: made.body.etag } : limitReached(made.limit);
  },
  getSubscription: async ({ principal, params, query }) => {
    const body = await manage.get(ownerAsked(principal, query.partnerId), params.subscriptionId);
    return { body, etag: body.etag };
  },
  patchSubscription: async ({ principal, params, query, body, ifMatch }) => {
    const changed = await manage.patch(ownerAsked(principal, query.partnerId), params.subscriptionId, body, ifMatch);
    return { body: changed, etag: changed.etag };
  },
  deleteSubscription: async ({ principal, params }) => {
    await manage.remove(ownerOf(principal), params.subscriptionId).catch(ignoringMissing);
    return { status: 204 };
  },
  testSubscription: async ({ principal, params: { subscriptionId }, query: { partnerId } }) => {
    const sent = await manage.test(ownerAsked(principal, partnerId), subscriptionId);
    return { status: 202, body: sent, headers: deliveriesLink(publicBaseUrl, subscriptionId, { eventId: sent.eventId, partnerId }) };
  },
  rotateSecret: async ({ principal, params, body }) => ({ body: await manage.rotate(ownerOf(principal), params.subscriptionId, body) }),
});
