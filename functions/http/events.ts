/** GET /events, GET /webhook-subscriptions/{id}/events and GET /event-types: events in order, and what events there are. */
import { z } from 'zod';
import { ownerOf, type Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { builtInId } from '../../shared/webhooks/built-in.ts';
import { eventPage, eventTypeList, eventTypes } from '../../shared/webhooks/events-contract.ts';
import { TYPE_PATTERN } from '../../shared/webhooks/match.ts';
import type { ReadEvents } from '../../shared/webhooks/read-events.ts';
import { SUBSCRIPTION_PATH, subscriptionParams, wholeNumber } from './webhook-paths.ts';
import { EVENT_PAGE, EVENT_TYPE } from './webhook-examples.ts';

const query = z.strictObject({
  /** The last sequence that was taken; without it the page begins with the oldest event that is kept. */
  afterSequence: wholeNumber.optional(),
  /** The id of the last event that was taken. */
  after: z.string().max(100).optional(),
  type: z.string().max(100).regex(TYPE_PATTERN).optional(),
  maxpagesize: pagingQuery.maxpagesize,
});

const CATCH_UP = 'Numbers have no gap: after sequence n comes n + 1. 410 SequenceExpired names the first sequence that is still kept.';

export const listEvents = defineRoute({
  name: 'listEvents',
  method: 'GET',
  path: 'events',
  role: 'Partner.Read',
  summary: 'All your events in order, from your built-in log',
  description: `${CATCH_UP} The numbers of an order do not stand here: a subscription with detail "number" has a log with them.`,
  query,
  errors: ['SequenceExpired'],
  examples: { query: { type: 'number_order.*' }, answer: EVENT_PAGE },
  success: { 200: eventPage },
});

export const listSubscriptionEvents = defineRoute({
  name: 'listSubscriptionEvents',
  method: 'GET',
  path: `${SUBSCRIPTION_PATH}/events`,
  role: 'Partner.Read',
  summary: "A subscription's events in order, to fetch what a receiver missed",
  description: CATCH_UP,
  params: subscriptionParams,
  query,
  errors: ['SequenceExpired'],
  examples: { query: { afterSequence: '41' }, answer: EVENT_PAGE },
  success: { 200: eventPage },
});

export const listEventTypes = defineRoute({
  name: 'listEventTypes',
  method: 'GET',
  path: 'event-types',
  role: 'any',
  summary: 'The catalogue of events, each with its schema and an example',
  examples: { answer: { value: [EVENT_TYPE] } },
  success: { 200: eventTypeList },
});

export type EventUses = {
  listEvents: UseCase<typeof listEvents, Principal>;
  listSubscriptionEvents: UseCase<typeof listSubscriptionEvents, Principal>;
  listEventTypes: UseCase<typeof listEventTypes, Principal>;
};

export const eventUses = (read: ReadEvents): EventUses => ({
  listEvents: async ({ principal, query: asked }) => {
    const owner = ownerOf(principal);
    return { body: await read(owner, builtInId(owner), asked, 'events') };
  },
  listSubscriptionEvents: async ({ principal, params: { subscriptionId }, query: asked }) => ({
    body: await read(ownerOf(principal), subscriptionId, asked, `webhook-subscriptions/${subscriptionId}/events`),
  }),
  listEventTypes: () => ({ body: eventTypes() }),
});
