/** Pure: a subscription as its partner sees it: what was asked for, its state, and how deliveries go. */
import { etagOf } from '../platform/http/etag.ts';
import { isBuiltIn } from './built-in.ts';
import { emptyHead } from './log-append.ts';
import { planRound } from './log-plan.ts';
import { FIRST_PAYLOAD_VERSION, type LogEvent, type LogHead, type Subscription } from './model.ts';
import { viewOfObjectives } from './objectives.ts';
import type { DeliverySettings } from './schedule.ts';
import { streamOf } from './stream.ts';
import type { SubscriptionView } from './subscription-contract.ts';

export type ViewInput = { subscription: Subscription; head: LogHead | undefined; settings: DeliverySettings; nowMs: number };
/** The oldest event that has not been delivered, where there is one. */
export type DeliveryInput = ViewInput & { oldest: Pick<LogEvent, 'sequence' | 'appendedAtMs'> | undefined };

const iso = (ms: number): string => new Date(ms).toISOString();

const secretsOf = ({ secrets }: Subscription, nowMs: number): SubscriptionView['secrets'] =>
  secrets
    .filter(({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > nowMs)
    .map(({ createdAt, expiresAtMs }) => ({ createdAt, ...(expiresAtMs === undefined ? {} : { expiresAt: iso(expiresAtMs) }) }));

const stateOfHead = (head: LogHead | undefined): Pick<SubscriptionView, 'state' | 'disabledReason'> => {
  if (head?.state === 'paused') return { state: 'paused' };
  if (head?.state !== 'disabled') return { state: 'active' };
  return { state: 'disabled', ...(head.disabledReason === undefined ? {} : { disabledReason: head.disabledReason }) };
};

/** Everything but `delivery`: the ETag covers what a partner can change, and not counters that move with each event. */
export const viewOf = ({ subscription, head, settings, nowMs }: ViewInput): SubscriptionView => {
  const { payloadVersion = FIRST_PAYLOAD_VERSION } = subscription;
  const { id, url, description, eventTypes, customerIds, detail, ordered, maxPerSecond, maxInFlight, headerNames } = subscription;
  const optional = { url, description, maxPerSecond, maxInFlight, headerNames, updatedAt: subscription.updatedAt };
  const shown = {
    id,
    builtIn: isBuiltIn(id),
    ...{ eventTypes, customerIds, detail, payloadVersion, ordered },
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...stateOfHead(head),
    secrets: secretsOf(subscription, nowMs),
    stream: streamOf(id, settings.streamEpoch),
    createdAt: subscription.createdAt,
  };
  return { ...shown, etag: etagOf(shown) };
};

/** Sequence from which on to look for the oldest event that is not delivered; undefined when there is none. */
export const oldestUndelivered = ({ open, reached, lastSequence }: LogHead): number | undefined => {
  const waiting = reached < lastSequence ? [reached + 1] : [];
  const all = [...open.map((event) => event.sequence), ...waiting];
  return all.length === 0 ? undefined : Math.min(...all);
};

export const deliveryOf = ({ subscription, head, settings, nowMs, oldest }: DeliveryInput): SubscriptionView['delivery'] => {
  const log = head ?? emptyHead(subscription.id, subscription.partnerId, nowMs);
  const { firstSequence, lastSequence, reached, open, failingSinceMs, replay } = log;
  const sends = subscription.url !== undefined;
  const plan = planRound(log, nowMs, { ordered: subscription.ordered, settings });
  return {
    firstSequence,
    lastSequence,
    waiting: sends ? lastSequence - reached + open.length : 0,
    retrying: open.filter((event) => event.attempts > 0).length,
    ...(oldest === undefined || !sends ? {} : { oldestUndelivered: { sequence: oldest.sequence, appendedAt: iso(oldest.appendedAtMs) } }),
    ...(plan.kind === 'wait' && sends ? { nextAttemptAt: iso(plan.untilMs) } : {}),
    ...(failingSinceMs === undefined ? {} : { failingSince: iso(failingSinceMs) }),
    ...(replay ? { replay: { id: replay.id, only: replay.only, remaining: replay.through - replay.cursor, queued: replay.queued } } : {}),
    objectives: viewOfObjectives(log.objectives, nowMs),
  };
};
