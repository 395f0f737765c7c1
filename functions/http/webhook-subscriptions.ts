/** POST /webhook-subscriptions: where a partner wants to hear of its events. */
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { createdSubscription, createSubscriptionRequest } from '../../shared/webhooks/subscription-contract.ts';
import type { Subscribe } from '../../shared/webhooks/subscribe.ts';

export const createSubscription = defineRoute({
  name: 'createSubscription',
  method: 'POST',
  path: 'webhook-subscriptions',
  role: 'Partner.Write',
  body: createSubscriptionRequest,
  success: { 201: createdSubscription },
});

export type SubscriptionUses = { createSubscription: UseCase<typeof createSubscription, Principal> };

export const subscriptionUses = (subscribe: Subscribe): SubscriptionUses => ({
  createSubscription: async ({ principal, body }) => {
    const made = await subscribe(actingPartner(principal).id, body);
    switch (made.outcome) {
      case 'created':
        return { status: 201, body: made.body };
      case 'limitReached':
        return new AppError('LimitReached', { message: `A partner has ${made.limit} subscriptions at most.` });
      case 'urlRefused': {
        const detail = { code: 'UrlNotAllowed', message: `The URL is refused: ${made.reason}.`, target: '/url' };
        return new AppError('InvalidRequest', { message: '1 problem in the request.', target: 'body', details: [detail] });
      }
    }
  },
});
