/** The part of the route table that is about webhooks and events. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { listEvents, listEventTypes, listSubscriptionEvents, type EventUses } from './events.ts';
import { examineEndpoint, listDeliveries, redeliverEvent, replayEvents, type DeliveryUses } from './webhook-deliveries.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  patchSubscription,
  rotateSecret,
  testSubscription,
  type SubscriptionUses,
} from './webhook-subscriptions.ts';

export type WebhookUses = SubscriptionUses & DeliveryUses & EventUses;

export const webhookRoutes = (route: Endpoint<Principal, Role>, use: WebhookUses): Route[] => [
  route(listSubscriptions, use.listSubscriptions),
  route(createSubscription, use.createSubscription),
  route(getSubscription, use.getSubscription),
  route(patchSubscription, use.patchSubscription),
  route(deleteSubscription, use.deleteSubscription),
  route(testSubscription, use.testSubscription),
  route(rotateSecret, use.rotateSecret),
  route(examineEndpoint, use.examineEndpoint),
  route(listDeliveries, use.listDeliveries),
  route(redeliverEvent, use.redeliverEvent),
  route(replayEvents, use.replayEvents),
  route(listSubscriptionEvents, use.listSubscriptionEvents),
  route(listEvents, use.listEvents),
  route(listEventTypes, use.listEventTypes),
];
