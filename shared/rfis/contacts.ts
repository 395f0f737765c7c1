/** Pure: how long the contacts of a Request for Information are kept, and what is left of it without them. They are personal data. */
import { canonicalJson } from '../platform/values/canonical-json.ts';
import { dueNoLater } from '../platform/tables/due.ts';
import type { RfiContent, RfiLane, StoredRfi } from './model.ts';

/** Upstream goes on showing them: of the RFI whose contacts were erased none are taken in again. */
export const withoutErased = (content: RfiContent, before: Pick<StoredRfi, 'erased'> | undefined): RfiContent =>
  before?.erased && before.erased.rfiId === content.id ? { ...content, contacts: [] } : content;

/** Since when contacts have been kept, for `content` stored after `before`; other contacts begin anew. */
export const keptSince = (content: RfiContent, before: StoredRfi | undefined, nowMs: number): Pick<StoredRfi, 'contactsSinceMs'> => {
  if (content.contacts.length === 0) return {};
  const isSame = before !== undefined && canonicalJson(before.content.contacts) === canonicalJson(content.contacts);
  return { contactsSinceMs: isSame ? (before.contactsSinceMs ?? nowMs) : nowMs };
};

/** Whether there are contacts that have been kept for `keepMs` since they arrived. */
export const isOverdue = (
  { content, contactsSinceMs, seenAtMs }: Pick<StoredRfi, 'content' | 'contactsSinceMs' | 'seenAtMs'>,
  keepMs: number,
  nowMs: number,
): boolean => content.contacts.length > 0 && (contactsSinceMs ?? seenAtMs) + keepMs <= nowMs;

/** Nobody is told: the event would be about what is to be forgotten. */
export const erased = (lane: RfiLane, nowMs: number): RfiLane => {
  const { contactsSinceMs: _since, ...rfi } = lane.rfi;
  const { id } = rfi.content;
  return {
    ...lane,
    rfi: {
      ...rfi,
      rev: rfi.rev + 1,
      content: { ...rfi.content, contacts: [] },
      erased: { atMs: nowMs, ...(id === undefined ? {} : { rfiId: id }) },
    },
    due: dueNoLater(lane.due, 'index', nowMs),
  };
};
