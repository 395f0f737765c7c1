/** Use case: what partners used, by partner and day, for whoever writes the invoices. */
import { z } from 'zod';
import { nextLinkTo, pageStart, pagingQuery } from '../platform/http/paging.ts';
import { CSV_TYPE, toCsv } from '../platform/http/csv.ts';
import { below } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { dayKey } from './count.ts';
import type { RequestsRow } from './count-requests.ts';
import { NOTHING, usageRow, type Counted, type UsageRow } from './model.ts';

export const USAGE_TYPE = CSV_TYPE;
/** A page holds whole partners, as many as fit; one partner has a row for each day at most. */
const DEFAULT_ROWS = 1_000;
const DAY_MS = 86_400_000;
export const MAX_DAYS = 366;

const day = z.iso.date();
export const usageQuery = z.strictObject({
  /** The first day, UTC; without it the first of the month. */
  from: day.optional(),
  /** The last day, itself among them; without it today. */
  to: day.optional(),
  ...pagingQuery,
});
export type UsageQuery = z.output<typeof usageQuery>;

export const usagePage = z.strictObject({ value: z.array(usageRow), nextLink: z.url().optional() }).meta({ id: 'DailyUsagePage' });
export type UsagePage = z.infer<typeof usagePage>;

const HEADINGS = [
  'partnerId',
  'day',
  'orders',
  'numbersConfirmed',
  'numbersReleased',
  'numbersFailed',
  'customersDeleted',
  'events',
  'webhooksDelivered',
  'requests',
  'incomplete',
] as const;

/** With a line of headings; no cell is taken for a formula. */
export const toUsageCsv = (rows: readonly UsageRow[]): string => toCsv(HEADINGS, rows);

export type Days = { from: string; to: string };

/** Undefined when it ends before it begins or is longer than MAX_DAYS. */
export const daysOf = ({ from, to }: UsageQuery, nowMs: number): Days | undefined => {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const days = { from: from ?? `${today.slice(0, 8)}01`, to: to ?? today };
  const count = (Date.parse(days.to) - Date.parse(days.from)) / DAY_MS + 1;
  return count >= 1 && count <= MAX_DAYS ? days : undefined;
};

/** Of these partners, sorted by id. Throws AppError InvalidContinuationToken. */
export type ListUsage = (
  partnerIds: readonly string[],
  days: Days,
  query: UsageQuery & { partnerId?: string | undefined },
) => Promise<UsagePage>;

const readPartner = async (usage: RowStore, partnerId: string, { from, to }: Days): Promise<UsageRow[]> => {
  const [counted, requests] = await Promise.all([
    usage.range(partnerId, dayKey(from), `${dayKey(to)}~`),
    usage.range(partnerId, below('req', from).from, below('req', to).to),
  ]);
  const days = new Map<string, Counted>();
  for (const { key, value } of counted) {
    const { v: _, ...counts } = value as Counted & { v: 1 };
    days.set(key.slice(dayKey('').length), counts);
  }
  const asked = new Map<string, number>();
  for (const { key, value } of requests) {
    const [, on = ''] = key.split('|');
    asked.set(on, (asked.get(on) ?? 0) + (value as RequestsRow).requests);
  }
  const all = [...new Set([...days.keys(), ...asked.keys()])].sort();
  return all.map((on) => ({ partnerId, day: on, ...(days.get(on) ?? NOTHING), requests: asked.get(on) ?? 0 }));
};

export const makeListUsage =
  ({ usage, publicBaseUrl }: { usage: RowStore; publicBaseUrl: string }): ListUsage =>
  async (partnerIds, days, query) => {
    const { after = '' } = pageStart(query.continuationToken);
    const { maxpagesize = DEFAULT_ROWS } = query;
    const ids = partnerIds.filter((id) => id > after).sort();
    const value: UsageRow[] = [];
    for (const [n, id] of ids.entries()) {
      value.push(...(await readPartner(usage, id, days)));
      // Whole partners only: a page may hold some rows more than were asked for.
      if (value.length < maxpagesize || n + 1 === ids.length) continue;
      return { value, nextLink: nextLinkTo(publicBaseUrl, 'operator/usage', { ...query, ...days }, id) };
    }
    return { value };
  };
