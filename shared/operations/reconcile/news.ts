/** What a run that has seen everything found for the first time, as events tell it; and the end of what it no longer found. */
import type { DriftKind } from './drift-row.ts';
import type { DriftStore } from './drift-store.ts';
import type { Run } from './run.ts';

/** One for each kind and customer; beyond that they are told without the customer. */
const MAX_EVENTS = 20;

const WORDS: Readonly<Record<DriftKind, string>> = {
  accountMissing: 'accountMissingUpstream',
  accountDifferent: 'accountDifferent',
  numberMissing: 'numberMissingUpstream',
  numberExtra: 'numberExtraUpstream',
  numberDifferent: 'numberDifferent',
};

export type News = { kind: string; customerId?: string; count: number };

/** What this run found first, by kind and customer; what it no longer found goes, but where it could not look. */
export const tidy = async ({ drift }: { drift: DriftStore }, run: Run): Promise<News[]> => {
  const unsettled = new Set(run.unsettled);
  const news = new Map<string, News>();
  for await (const rows of drift.pages()) {
    await drift.remove(rows.filter((row) => row.lastRun !== run.id && !unsettled.has(row.lane)).map(({ id }) => id));
    for (const { kind, customerId, lane } of rows.filter((row) => row.firstRun === run.id)) {
      const key = `${kind}|${lane}`;
      news.set(key, { kind: WORDS[kind], customerId, count: (news.get(key)?.count ?? 0) + 1 });
    }
  }
  const all = [...news.values()];
  if (all.length <= MAX_EVENTS) return all;
  return [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, some]) => ({ kind, count: some.reduce((sum, one) => sum + one.count, 0) }));
};
