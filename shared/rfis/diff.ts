/** Pure: what a scan of upstream has changed about one RFI, and the lane and event that say so. */
import { withEvent, type Lane } from '../platform/lanes/lane.ts';
import { dueNoLater } from '../platform/tables/due.ts';
import type { RowWrite } from '../platform/tables/row-store.ts';
import type { Assignment } from './assignment.ts';
import { keptSince } from './contacts.ts';
import {
  fingerprint,
  isRemoved,
  openDecisions,
  rfiLaneOf,
  sameContent,
  showsRelationship,
  UNASSIGNED,
  type RfiContent,
  type RfiLane,
  type StoredRfi,
} from './model.ts';

export type SeenRfi = {
  tenantId: string;
  content: RfiContent;
  assignment: Assignment;
  /** When the page was asked for that shows it. */
  askedAtMs: number;
  /** Upstream lists the one that is stored no longer: another RFI of the same tenant may take its place. */
  mayReplace: boolean;
};

export type RfiChange =
  /** Heard of for the first time, or again after its removal. */
  | 'received'
  /** Given to another partner than before. */
  | 'assigned'
  | 'updated'
  | 'removed'
  /** Changed in what nobody is told of. */
  | 'refreshed'
  | 'same'
  /** Another RFI of a tenant whose stored one is listed still, as far as is known. */
  | 'sibling'
  /** Goes to another partner as soon as everything said to the present one is on its way. */
  | 'later';

/** The event schema's own limit. */
const MAX_COUNTRIES = 300;

/** A decision of ours has made, or may have made, all that is new of it: its own event tells. */
const isOwnDoing = ({ writing, rfi }: RfiLane, seen: RfiContent): boolean => {
  if (!writing || !showsRelationship(seen, writing)) return false;
  const { relationship, lastModifiedOn } = seen;
  return fingerprint({ ...rfi.content, relationship, lastModifiedOn }) === fingerprint(seen);
};

/** Nothing said to the present partner is on its way, and nothing that it decided. */
export const isFree = (lane: RfiLane): boolean => lane.events === lane.published && openDecisions(lane) === 0;

const diffOpen = (lane: RfiLane, seen: SeenRfi): RfiChange => {
  const { content } = lane.rfi;
  if (content.id !== seen.content.id && !seen.mayReplace) return 'sibling';
  if (isRemoved(seen.content)) return 'removed';
  if (lane.partner !== seen.assignment.partner) return isFree(lane) ? 'assigned' : 'later';
  if (fingerprint(content) !== fingerprint(seen.content)) return isOwnDoing(lane, seen.content) ? 'refreshed' : 'updated';
  return sameContent(content, seen.content) && lane.customerId === seen.assignment.customerId ? 'same' : 'refreshed';
};

/** What `seen` says that `lane` does not. */
export const diff = (lane: RfiLane | undefined, seen: SeenRfi): RfiChange => {
  if (!lane) return 'received';
  if (lane.rfi.seenAtMs > seen.askedAtMs) return 'same';
  if (lane.rfi.open) return diffOpen(lane, seen);
  if (isRemoved(seen.content)) return sameContent(lane.rfi.content, seen.content) ? 'same' : 'refreshed';
  return lane.partner === seen.assignment.partner || isFree(lane) ? 'received' : 'later';
};

/** Whether a complete scan, begun at `beganMs`, that did not show this RFI means that it is gone. */
export const isGone = ({ open, seenAtMs }: Pick<StoredRfi, 'open' | 'seenAtMs'>, beganMs: number): boolean => open && seenAtMs < beganMs;

/** The lane after a change, and what else its transaction writes. */
export type Recorded = { lane: RfiLane; writes: RowWrite[] };

const EVENT_TYPES = { received: 'rfi.received', assigned: 'rfi.assigned', updated: 'rfi.updated', removed: 'rfi.removed' } as const;

/** What an event says of an RFI. Ids, states and times alone: contacts and comments leave by no webhook. */
export const eventData = ({ customerId, partner, rfi: { tenantId, open, content } }: RfiLane): Record<string, unknown> => ({
  tenantId,
  rfiId: content.id,
  customerId,
  status: open ? content.status : 'removed',
  relationshipStatus: content.relationship?.status,
  consentedCountries: content.consentedCountries.slice(0, MAX_COUNTRIES),
  assignedPartnerId: partner === UNASSIGNED ? undefined : partner,
  updatedAt: content.lastModifiedOn,
});

const record = (lane: RfiLane, change: RfiChange, nowMs: number): Recorded => {
  const listed: RfiLane = { ...lane, due: dueNoLater(lane.due, 'index', nowMs) };
  const type = change in EVENT_TYPES ? EVENT_TYPES[change as keyof typeof EVENT_TYPES] : undefined;
  if (type === undefined) return { lane: listed, writes: [] };
  const told = withEvent(listed, { type, data: eventData(listed) }, nowMs);
  return { lane: told.lane, writes: [told.write] };
};

const newLane = (tenantId: string, partner: string): Lane => ({
  v: 1,
  lane: rfiLaneOf(tenantId),
  partner,
  events: 0,
  published: 0,
  due: {},
});

const without = <T>(items: readonly T[], item: T): T[] => items.filter((i) => i !== item);

/** Partners that had it, when `partner` has it now. */
const formerlyOf = (before: RfiLane | undefined, partner: string): string[] => {
  const had = before ? [...before.rfi.formerly, before.partner] : [];
  return without(without([...new Set(had)], partner), UNASSIGNED);
};

/** `before` in other hands, or by another customer's name. */
export const recordAssigned = (before: RfiLane, { partner, customerId }: Assignment, nowMs: number): Recorded => {
  const { customerId: _former, ...base } = before;
  const rfi: StoredRfi = { ...before.rfi, rev: before.rfi.rev + 1, formerly: formerlyOf(before, partner) };
  const lane = { ...base, partner, ...(customerId === undefined ? {} : { customerId }), rfi };
  return record(lane, partner === before.partner ? 'refreshed' : 'assigned', nowMs);
};

/** `before` as `seen` and `change` make it. Only for changes that are written. */
export const recordSeen = (before: RfiLane | undefined, seen: SeenRfi, change: RfiChange, nowMs: number): Recorded => {
  const { tenantId, content, assignment, askedAtMs } = seen;
  const { customerId: _former, ...base } = before ?? newLane(tenantId, assignment.partner);
  // Whoever had it hears of its end; a closed one moves no more.
  const { partner, customerId } = before && (change === 'removed' || isRemoved(content)) ? before : assignment;
  const { contactsSinceMs: _since, ...had } = before?.rfi ?? {};
  const rfi: StoredRfi = {
    ...had,
    ...keptSince(content, before?.rfi, nowMs),
    tenantId,
    rev: (before?.rfi.rev ?? 0) + 1,
    open: !isRemoved(content),
    seenAtMs: askedAtMs,
    content,
    formerly: formerlyOf(before, partner),
  };
  return record({ ...base, partner, ...(customerId === undefined ? {} : { customerId }), rfi }, change, nowMs);
};

/** `before` once a complete scan, begun at `beganMs`, did not show it: pages that left before then say nothing any more. */
export const recordGone = (before: RfiLane, beganMs: number, nowMs: number): Recorded =>
  record({ ...before, rfi: { ...before.rfi, rev: before.rfi.rev + 1, open: false, seenAtMs: beganMs } }, 'removed', nowMs);
