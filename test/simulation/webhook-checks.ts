/** Judges logs and receivers at rest: each event once in each log that wants it, numbered without a gap, and delivered at least once. */
import type { LaneEvent } from '../../shared/platform/lanes/lane.ts';
import { headKey, logPartition } from '../../shared/platform/tables/keys.ts';
import { builtInId } from '../../shared/webhooks/built-in.ts';
import type { LogEvent, LogHead } from '../../shared/webhooks/model.ts';
import type { MemoryRowStore } from '../fakes/memory-row-store.ts';
import { OPERATOR, PARTNERS } from './names.ts';
import { isOfNumber, isOfNumbers, needlessNotes, numberViolations, type NumberEnd } from './number-checks.ts';
import type { Arrival } from './receiver-model.ts';
import type { Target } from './subscriptions.ts';

type LogRows = { head: LogHead | undefined; events: LogEvent[]; ids: number; due: string[] };
type Body = { id: string; sequence: number; data: Record<string, unknown> };

const bodyOf = ({ body }: { body: string }): Body => JSON.parse(body) as Body;

export const headAt = (state: MemoryRowStore, id: string): LogHead | undefined =>
  state.all(logPartition(id)).find((row) => row.key === headKey(id))?.value as LogHead | undefined;

const readLog = (state: MemoryRowStore, id: string): LogRows => {
  const rows = state.all(logPartition(id));
  return {
    head: headAt(state, id),
    events: rows.filter((row) => row.key.startsWith(`ev|${id}|`)).map((row) => row.value as LogEvent),
    ids: rows.filter((row) => row.key.startsWith(`eid|${id}|`)).length,
    due: rows.map((row) => row.key).filter((key) => key.startsWith('due|deliver|') && key.endsWith(`|${id}`)),
  };
};

/** What each partner was told, by event id: the data of each event in its own log, with its type. */
export const toldTo = (state: MemoryRowStore, partner: string): Map<string, Body['data']> =>
  new Map(readLog(state, builtInId(partner)).events.map((event) => [event.eventId, { ...bodyOf(event).data, type: event.type }]));

const numberingViolations = (id: string, { head, events, ids }: LogRows): string[] => {
  const gaps = events.filter((event, n) => event.sequence !== n + 1).map(({ sequence }) => `log ${id} has a gap before ${sequence}`);
  const eventIds = events.map(({ eventId }) => eventId);
  const twice = eventIds.filter((eventId, n) => eventIds.indexOf(eventId) !== n).map((eventId) => `log ${id} has ${eventId} twice`);
  const count = (head?.lastSequence ?? 0) === events.length ? [] : [`log ${id} counts ${head?.lastSequence ?? 0} of ${events.length}`];
  const wrong = events.filter((event) => bodyOf(event).id !== event.eventId || bodyOf(event).sequence !== event.sequence);
  const bodies = wrong.map(({ sequence }) => `log ${id} has another event's body at ${sequence}`);
  return [...gaps, ...twice, ...count, ...bodies, ...(ids === events.length ? [] : [`log ${id} has ${ids} ids of ${events.length}`])];
};

const contentViolations = (id: string, { events }: LogRows, wanted: readonly LaneEvent[]): string[] => {
  const [logged, expected] = [new Set(events.map(({ eventId }) => eventId)), new Set(wanted.map((event) => event.id))];
  return [
    ...[...expected].filter((eventId) => !logged.has(eventId)).map((eventId) => `log ${id} misses ${eventId}`),
    ...[...logged].filter((eventId) => !expected.has(eventId)).map((eventId) => `log ${id} has ${eventId}, which it does not want`),
  ];
};

const deliveryViolations = ({ id, url, ordered }: Target, { events, head, due }: LogRows, all: readonly Arrival[]): string[] => {
  const arrivals = all.filter((arrival) => arrival.url === url);
  const of = (event: LogEvent): Arrival[] => arrivals.filter((arrival) => arrival.id === event.eventId);
  const okAtMs = (event: LogEvent): number => Math.min(...of(event).map((arrival) => arrival.okAtMs ?? Number.POSITIVE_INFINITY));
  const missed = events.filter((event) => okAtMs(event) === Number.POSITIVE_INFINITY);
  const bodies = new Map(events.map((event) => [event.eventId, event.body]));
  const changed = arrivals.filter((arrival) => bodies.get(arrival.id) !== arrival.body);
  const early = events.filter((event, n) => {
    const before = events[n - 1];
    return ordered && before && of(event).some(({ atMs }) => atMs < okAtMs(before));
  });
  const open = head ? head.open.length + head.lastSequence - head.reached : 0;
  return [
    ...missed.map(({ eventId }) => `${id} never got ${eventId}`),
    ...changed.map((arrival) => `${id} got ${arrival.id} with another body`),
    ...early.map(({ sequence }) => `${id} got ${sequence} before the one before it`),
    ...(open === 0 ? [] : [`log ${id} has ${open} undelivered`]),
    ...due.map((key) => `left over: ${key}`),
  ];
};

const wants = ({ eventTypes, customerIds }: Target, event: LaneEvent): boolean =>
  (eventTypes.includes('*') || eventTypes.includes(event.type)) &&
  (customerIds.length === 0 || customerIds.includes(event.customerId ?? ''));

/** Judged by what ended, not by how the lanes note it. */
const withoutNumbers = (rows: LogRows): LogRows => ({ ...rows, events: rows.events.filter((event) => !isOfNumber(event)) });

export type WebhookEvidence = { state: MemoryRowStore; targets: readonly Target[]; arrivals: readonly Arrival[] };

/** `said`: all that the lanes have said; `ends`: every number that has succeeded or failed. */
export const webhookViolations = (
  { state, targets, arrivals }: WebhookEvidence,
  said: readonly LaneEvent[],
  ends: readonly NumberEnd[],
): string[] => {
  const events = said.filter((event) => !isOfNumbers(event));
  return [
    ...needlessNotes(targets, said),
    ...[...PARTNERS, OPERATOR].flatMap((partner) => {
      const [id, mine] = [builtInId(partner), events.filter((event) => event.partner === partner)];
      const rows = readLog(state, id);
      return [
        ...numberingViolations(id, rows),
        ...contentViolations(id, withoutNumbers(rows), mine),
        ...numberViolations(id, undefined, rows.events, ends),
      ];
    }),
    ...targets.flatMap((target) => {
      const rows = readLog(state, target.id);
      const wanted = events.filter((event) => event.partner === target.partnerId && wants(target, event));
      return [
        ...numberingViolations(target.id, rows),
        ...contentViolations(target.id, withoutNumbers(rows), wanted),
        ...numberViolations(target.id, target, rows.events, ends),
        ...deliveryViolations(target, rows, arrivals),
      ];
    }),
  ];
};
