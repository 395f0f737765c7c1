/** Judges logs and receivers at rest: each event once in each log that wants it, numbered without a gap, and delivered at least once. */
import type { LaneEvent } from '../../shared/platform/lanes/lane.ts';
import { headKey, logPartition } from '../../shared/platform/tables/keys.ts';
import { builtInId } from '../../shared/webhooks/built-in.ts';
import type { LogEvent, LogHead } from '../../shared/webhooks/model.ts';
import type { DeliverySettings } from '../../shared/webhooks/schedule.ts';
import type { MemoryRowStore } from '../fakes/memory-row-store.ts';
import { lifeViolations } from './life-checks.ts';
import type { LogHistory, LogWatch } from './log-watch.ts';
import { OPERATOR, PARTNERS } from './names.ts';
import { isOfNumber, isOfNumbers, needlessNotes, numberViolations, type NumberEnd } from './number-checks.ts';
import { MAX_SKEW_MS } from './process.ts';
import type { Arrival } from './receiver-model.ts';
import type { LifeNotes } from './subscription-life.ts';
import type { Target } from './subscriptions.ts';

type Body = { id: string; sequence: number; data: Record<string, unknown> };
/** What a log may be told of; a lane's event, or a notice about a subscription. */
type Telling = { id: string; type: string; customerId?: string; about?: string };

const bodyOf = ({ body }: { body: string }): Body => JSON.parse(body) as Body;

export const headAt = (state: MemoryRowStore, id: string): LogHead | undefined =>
  state.all(logPartition(id)).find((row) => row.key === headKey(id))?.value as LogHead | undefined;

/** What each partner was told, by event id: the data of each event in its own log, with its type. */
export const toldTo = ({ historyOf }: LogWatch, partner: string): Map<string, Body['data']> =>
  new Map(historyOf(builtInId(partner)).appended.map((event) => [event.eventId, { ...bodyOf(event).data, type: event.type }]));

const numberingViolations = (id: string, { head, appended: events }: LogHistory): string[] => {
  const gaps = events.filter((event, n) => event.sequence !== n + 1).map(({ sequence }) => `log ${id} has a gap before ${sequence}`);
  const eventIds = events.map(({ eventId }) => eventId);
  const twice = eventIds.filter((eventId, n) => eventIds.indexOf(eventId) !== n).map((eventId) => `log ${id} has ${eventId} twice`);
  const count = (head?.lastSequence ?? 0) === events.length ? [] : [`log ${id} counts ${head?.lastSequence ?? 0} of ${events.length}`];
  const wrong = events.filter((event) => bodyOf(event).id !== event.eventId || bodyOf(event).sequence !== event.sequence);
  const bodies = wrong.map(({ sequence }) => `log ${id} has another event's body at ${sequence}`);
  return [...gaps, ...twice, ...count, ...bodies];
};

type Wanted = { must: readonly Telling[]; may: readonly Telling[] };

const contentViolations = (id: string, { appended }: LogHistory, { must, may }: Wanted): string[] => {
  // What is told of numbers is judged by what ended, not by how the lanes note it.
  const logged = new Set(appended.filter((event) => !isOfNumber(event)).map(({ eventId }) => eventId));
  const expected = new Set([...must, ...may].map((event) => event.id));
  return [
    ...must.filter((event) => !logged.has(event.id)).map((event) => `log ${id} misses ${event.id}`),
    ...[...logged].filter((eventId) => !expected.has(eventId)).map((eventId) => `log ${id} has ${eventId}, which it does not want`),
  ];
};

const NEVER = Number.POSITIVE_INFINITY;

const deliveryViolations = ({ id, ordered }: Target, { appended: events, head }: LogHistory, arrivals: readonly Arrival[]): string[] => {
  const of = (event: LogEvent): Arrival[] => arrivals.filter((arrival) => arrival.id === event.eventId);
  const okAtMs = (event: LogEvent): number => Math.min(...of(event).map((arrival) => arrival.okAtMs ?? NEVER));
  /** Taken, or not wanted: either way the next one may come. */
  const overAtMs = (event: LogEvent): number => Math.min(okAtMs(event), ...of(event).map((arrival) => arrival.abortedAtMs ?? NEVER));
  const missed = events.filter((event) => okAtMs(event) === NEVER);
  const early = events.filter((event, n) => {
    const before = events[n - 1];
    return ordered && before && of(event).some(({ atMs }) => atMs < overAtMs(before));
  });
  const open = head ? head.open.length + head.lastSequence - head.reached : 0;
  return [
    ...missed.map(({ eventId }) => `${id} never got ${eventId}`),
    ...early.map(({ sequence }) => `${id} got ${sequence} before the one before it`),
    ...(open === 0 ? [] : [`log ${id} has ${open} undelivered`]),
  ];
};

const changedViolations = (id: string, { appended }: LogHistory, arrivals: readonly Arrival[]): string[] => {
  const bodies = new Map(appended.map((event) => [event.eventId, event.body]));
  return arrivals
    .filter((arrival) => bodies.get(arrival.id) !== arrival.body)
    .map((arrival) => `${id} got ${arrival.id} with another body`);
};

/** Nothing goes before its time, and what nobody has taken stays longer. */
const retentionViolations = (
  id: string,
  { removed }: LogHistory,
  arrivals: readonly Arrival[] | undefined,
  { keepDeliveredMs, keepUndeliveredMs }: DeliverySettings,
): string[] =>
  removed
    .filter(({ event, atMs }) => {
      const ageMs = atMs - event.appendedAtMs + 2 * MAX_SKEW_MS;
      const isTaken =
        arrivals === undefined || arrivals.some((arrival) => arrival.id === event.eventId && (arrival.okAtMs ?? NEVER) < atMs);
      return ageMs < (isTaken ? keepDeliveredMs : keepUndeliveredMs);
    })
    .map(({ event }) => `log ${id} has lost ${event.sequence} before its time`);

const leftViolations = (state: MemoryRowStore, id: string, isGone: boolean): string[] =>
  state
    .all(logPartition(id))
    .map((row) => row.key)
    .filter((key) => key.split('|').includes(id) && (isGone || key.startsWith('due|deliver|')))
    .map((key) => `left over: ${key}`);

const wants = ({ id, eventTypes, customerIds }: Target, event: Telling): boolean =>
  (eventTypes.includes('*') || eventTypes.includes(event.type)) &&
  event.about !== id &&
  (customerIds.length === 0 || customerIds.includes(event.customerId ?? ''));

export type WebhookEvidence = {
  state: MemoryRowStore;
  logs: LogWatch;
  delivery: DeliverySettings;
  targets: readonly Target[];
  arrivals: readonly Arrival[];
  notes: LifeNotes;
};

/** What has happened to the subscriptions of a partner; of one that was removed perhaps nobody was told any more. */
const noticesOf = ({ logs, notes, targets }: WebhookEvidence, partner: string): Wanted => {
  const of = (these: readonly Target[]): Telling[] =>
    these.flatMap(({ id }) => [...logs.historyOf(id).notices.values()].map((notice) => ({ id: notice.id, type: notice.type, about: id })));
  const isGone = ({ id }: Target): boolean => notes.removed.some((one) => one.id === id);
  const mine = targets.filter(({ partnerId }) => partnerId === partner || partner === OPERATOR);
  return { must: of(mine.filter((target) => !isGone(target))), may: of(mine.filter(isGone)) };
};

/** Tests that a partner heard of; of one that it asked for twice it has heard of one. */
const testsOf = ({ logs, notes }: WebhookEvidence, id: string): Wanted => {
  const all = logs.historyOf(id).appended.filter(({ type }) => type === 'webhook_subscription.test');
  const heard = notes.tests.filter((test) => test.id === id).map(({ eventId }) => ({ id: eventId, type: '' }));
  return { must: heard, may: all.map(({ eventId, type }) => ({ id: eventId, type })) };
};

const targetViolations = (evidence: WebhookEvidence, target: Target, told: Wanted, ends: readonly NumberEnd[]): string[] => {
  const { state, logs, delivery, notes } = evidence;
  const { id } = target;
  const history = logs.historyOf(id);
  const arrivals = evidence.arrivals.filter(({ url }) => url.startsWith(target.url));
  const tests = testsOf(evidence, id);
  const wanted = (all: readonly Telling[]): Telling[] => all.filter((event) => wants(target, event));
  const isGone = notes.removed.some((one) => one.id === id);
  const must = [...wanted(told.must), ...tests.must];
  const may = [...wanted(told.may), ...tests.may];
  return [
    ...numberingViolations(id, history),
    ...contentViolations(id, history, isGone ? { must: [], may: [...must, ...may] } : { must, may }),
    ...changedViolations(id, history, arrivals),
    ...(isGone ? [] : deliveryViolations(target, history, arrivals)),
    ...(isGone ? [] : retentionViolations(id, history, arrivals, delivery)),
    ...leftViolations(state, id, isGone),
    ...lifeViolations(target, history, arrivals, notes),
    ...(isGone ? [] : numberViolations(id, target, history.appended, ends)),
  ];
};

/** `said`: all that the lanes have said; `ends`: every number that has succeeded or failed. */
export const webhookViolations = (evidence: WebhookEvidence, said: readonly LaneEvent[], ends: readonly NumberEnd[]): string[] => {
  const { targets, logs, delivery } = evidence;
  const events = said.filter((event) => !isOfNumbers(event));
  const each = [...PARTNERS, OPERATOR].flatMap((partner) => {
    const id = builtInId(partner);
    const history = logs.historyOf(id);
    const notices = noticesOf(evidence, partner);
    const told = { must: [...events.filter((event) => event.partner === partner), ...notices.must], may: notices.may };
    return [
      ...numberingViolations(id, history),
      ...contentViolations(id, history, told),
      ...retentionViolations(id, history, undefined, delivery),
      ...numberViolations(id, undefined, history.appended, ends),
      ...targets.filter(({ partnerId }) => partnerId === partner).flatMap((target) => targetViolations(evidence, target, told, ends)),
    ];
  });
  return [...needlessNotes(targets, said), ...each];
};
