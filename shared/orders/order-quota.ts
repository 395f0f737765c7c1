/** Takes orders in within their partner's quota of numbers a day: what is taken is counted before, and given back when nothing was stored. */
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { AcceptOrder, OrderAccepted, OrderDraft } from './ports.ts';

export type QuotaEffects = { usage: RowStore; accept: AcceptOrder; now: () => number };

/** Row `numbers` of partition `quota|<partner>`: what its orders have asked for on the last day that they did. */
type UsedRow = { v: 1; day: string; used: number };

const KEY = 'numbers';
const MAX_TRIES = 10;
const DATE_CHARS = 10;

const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, DATE_CHARS);
const partitionOf = (partner: string): string => `quota|${partner}`;

/** What is provisioned counts; what is released, or failed when it was accepted, does not. */
const countOf = ({ sentAs, numbers, refused }: OrderDraft): number =>
  sentAs === 'release' ? 0 : numbers.length - Object.keys(refused).length;

/** Changes what was used on `day` by `by`, unless that would be more than `limit`. */
const change = async (usage: RowStore, partner: string, day: string, by: number, limit: number): Promise<OrderAccepted | 'changed'> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const row = (await usage.get(partitionOf(partner), KEY)) as Row<UsedRow> | undefined;
    const used = row?.value.day === day ? row.value.used : 0;
    // A day that is over has nothing to give back to.
    if (by < 0 && row?.value.day !== day) return 'changed';
    if (by > 0 && used + by > limit) return { kind: 'overQuota', limit, left: Math.max(0, limit - used) };
    const value: UsedRow = { v: 1, day, used: Math.max(0, used + by) };
    const write = row ? ({ kind: 'replace', key: KEY, value, etag: row.etag } as const) : ({ kind: 'insert', key: KEY, value } as const);
    if ((await usage.commit(partitionOf(partner), [write])).outcome === 'committed') return 'changed';
  }
  return { kind: 'busy' };
};

/** A process that dies between counting and accepting leaves the partner that many numbers short until midnight (UTC). */
export const makeQuotaAccept =
  ({ usage, accept, now }: QuotaEffects): AcceptOrder =>
  async ({ numbersPerDay: limit, ...draft }, scope) => {
    const count = countOf(draft);
    if (limit === undefined || count === 0) return accept(draft, scope);
    const day = dayOf(now());
    const taken = await change(usage, draft.partner, day, count, limit);
    if (taken !== 'changed') return taken;
    const accepted = await accept(draft, scope);
    if (accepted.kind !== 'accepted' || accepted.replayed) await change(usage, draft.partner, day, -count, limit);
    return accepted;
  };
