/** Pure: what every lane row holds, whatever it is the lane of: its counters, its due times, and how an event joins its history. */
import { createHash } from 'node:crypto';
import { spellId } from '../ids/spell-id.ts';
import { dueNoLater, type DueTimes } from '../tables/due.ts';
import { eventKey } from '../tables/keys.ts';
import type { RowWrite } from '../tables/row-store.ts';

export type Lane = {
  v: 1;
  lane: string;
  /** The partner that hears of this lane's events; `OPERATOR_ID` where no partner is concerned. */
  partner: string;
  customerId?: string;
  /** Events so far; the last one's number. */
  events: number;
  /** All events up to this number are in the logs of whoever wants them. */
  published: number;
  /** Of the event after that one, where it stands for several: as many of them are there too. */
  publishedPart?: number;
  due: DueTimes;
};

/** What a feature says when something happened; id, number and time are added where it is written. */
export type EventDraft = { type: string; data: Record<string, unknown> };

/** One row `evt|<lane>|<seq>`, immutable. */
export type LaneEvent = EventDraft & { v: 1; id: string; partner: string; customerId?: string; occurredAt: string };

/** Made of what names the event among all others. */
export const eventIdOf = (...name: readonly (string | number)[]): string =>
  `evt_${spellId(createHash('sha256').update(name.join('|')).digest())}`;

/** An event's id follows from its place, so whatever repeats it repeats the same id. */
export const eventIdAt = (lane: string, seq: number): string => eventIdOf(lane, seq);

/** The lane with one more event and the write that must commit together with it; publishing becomes due at once. */
export const withEvent = <L extends Lane>(lane: L, draft: EventDraft, nowMs: number): { lane: L; write: RowWrite } => {
  const seq = lane.events + 1;
  const event: LaneEvent = {
    v: 1,
    id: eventIdAt(lane.lane, seq),
    ...draft,
    partner: lane.partner,
    ...(lane.customerId === undefined ? {} : { customerId: lane.customerId }),
    occurredAt: new Date(nowMs).toISOString(),
  };
  return {
    lane: { ...lane, events: seq, due: dueNoLater(lane.due, 'publish', nowMs) },
    write: { kind: 'insert', key: eventKey(lane.lane, seq), value: event },
  };
};

/** The same for several, in their order. */
export const withEvents = <L extends Lane>(start: L, drafts: readonly EventDraft[], nowMs: number): { lane: L; writes: RowWrite[] } => {
  let lane = start;
  const writes: RowWrite[] = [];
  for (const draft of drafts) {
    const told = withEvent(lane, draft, nowMs);
    lane = told.lane;
    writes.push(told.write);
  }
  return { lane, writes };
};
