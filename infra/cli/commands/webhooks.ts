/** Webhook subscriptions: who is told what, and how that goes. */
import { EXIT } from '../exit-code.ts';
import type { Command, Given } from '../command.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';
import { EVENT_FLAGS, wantedEvents } from './wanted-events.ts';

/** For operators: whose subscription. */
const PARTNER_FLAG = { partner: { what: 'for operators: whose', value: 'ID' } } as const;
const whose = (given: Given): { partnerId?: string } => {
  const partnerId = given.text('partner');
  return partnerId === undefined ? {} : { partnerId };
};

const idOf = (given: Given): { subscriptionId: string } => ({ subscriptionId: given.args['subscriptionId'] ?? '' });

export const webhookCommands: readonly Command[] = [
  {
    words: 'webhooks list',
    flags: PARTNER_FLAG,
    what: 'your subscriptions',
    examples: ['webhooks list', 'webhooks list --partner acme'],
    run: async ({ client, given }) => ({
      body: (await client.listSubscriptions({ query: whose(given) })).body.value,
      columns: ['id', 'state', 'url', 'eventTypes', 'delivery.waiting', 'delivery.retrying', 'delivery.failingSince'],
    }),
  },
  {
    words: 'webhooks create',
    args: ['url'],
    flags: EVENT_FLAGS,
    what: 'be told; the secret is shown this once',
    examples: [
      "webhooks create https://bss.example.com/hooks --events 'number_order.*' --events 'rfi.*'",
      'webhooks create https://bss.example.com/hooks --numbers',
    ],
    run: async ({ client, given, io }) => {
      const body = { url: given.args['url'] ?? '', ...wantedEvents(given) };
      return { body: (await client.createSubscription({ body, idempotencyKey: io.newKey() })).body };
    },
  },
  {
    words: 'webhooks get',
    args: ['subscriptionId'],
    flags: PARTNER_FLAG,
    what: 'one subscription, and how its deliveries go',
    examples: ['webhooks get sub_1'],
    run: async ({ client, given }) => ({ body: (await client.getSubscription({ params: idOf(given), query: whose(given) })).body }),
  },
  {
    words: 'webhooks deliveries',
    args: ['subscriptionId'],
    flags: { ...LIMIT_FLAG, ...PARTNER_FLAG, failed: { what: 'only what failed' } },
    what: 'attempts: status, time, the receiver’s answer, the next try',
    examples: ['webhooks deliveries sub_1 --failed'],
    run: async ({ client, given }) => {
      const outcome = given.has('failed') ? 'failed' : undefined;
      const body = await firstOf(
        (page) => client.listDeliveries({ params: idOf(given), query: { outcome, ...whose(given), ...page } }),
        given.text('limit'),
      );
      return { body, columns: ['sequence', 'type', 'attempt', 'outcome', 'status', 'failure', 'durationMs', 'nextTryAt', 'why'] };
    },
  },
  {
    words: 'webhooks replay',
    args: ['subscriptionId'],
    flags: {
      since: { what: 'only from then on', value: 'TIME' },
      all: { what: 'also what was delivered' },
      'dry-run': { what: 'count only' },
      ...PARTNER_FLAG,
    },
    what: 'send what failed once more',
    examples: ['webhooks replay sub_1 --dry-run', 'webhooks replay sub_1 --since 2026-11-22T08:00:00Z'],
    run: async ({ client, given, io }) => {
      const since = given.text('since');
      const only = given.has('all') ? ('all' as const) : ('failed' as const);
      const body = { only, ...(since === undefined ? {} : { since }), ...(given.has('dry-run') ? { dryRun: true } : {}) };
      return { body: (await client.replayEvents({ params: idOf(given), query: whose(given), body, idempotencyKey: io.newKey() })).body };
    },
  },
  {
    words: 'webhooks resume',
    args: ['subscriptionId'],
    flags: PARTNER_FLAG,
    what: 'deliver again after a pause, or after it was disabled',
    examples: ['webhooks resume sub_1'],
    run: async ({ client, given }) => ({
      body: (await client.patchSubscription({ params: idOf(given), query: whose(given), body: { state: 'active' } })).body,
    }),
  },
  {
    words: 'webhooks test',
    args: ['subscriptionId'],
    flags: PARTNER_FLAG,
    what: 'send a signed test event',
    examples: ['webhooks test sub_1'],
    run: async ({ client, given, io }) => ({
      body: (await client.testSubscription({ params: idOf(given), query: whose(given), idempotencyKey: io.newKey() })).body,
    }),
  },
  {
    words: 'webhooks doctor',
    args: ['subscriptionId'],
    flags: PARTNER_FLAG,
    what: 'try the endpoint out: name, address, certificate, answer, clock',
    examples: ['webhooks doctor sub_1'],
    run: async ({ client, given, io }) => {
      const { body } = await client.examineEndpoint({ params: idOf(given), query: whose(given), idempotencyKey: io.newKey() });
      return { body, exit: body.ok ? EXIT.done : EXIT.notAllWell };
    },
  },
  {
    words: 'webhooks delete',
    args: ['subscriptionId'],
    what: 'be told no more',
    examples: ['webhooks delete sub_1'],
    run: async ({ client, given }) => {
      await client.deleteSubscription({ params: idOf(given) });
      return { note: 'Gone.' };
    },
  },
];
