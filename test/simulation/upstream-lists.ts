/** Lists of numbers as one seed's upstream answers them: what is documented for none is decided by the seed. */
import type { UpstreamAnswer } from '../../shared/platform/upstream/call.ts';
import type { Random } from './scheduler.ts';

export type ListHabits = {
  /** `rotated`: each listing begins somewhere else, and only its links are reliable. */
  order: 'stable' | 'rotated';
  skip: 'honoured' | 'ignored';
  range: 'supported' | 'refused' | 'ignored';
  /** Where upstream tells how many records there are: on every page, on the one that a listing begins with, or nowhere. */
  counts: 'always' | 'first' | 'never';
  /** Whether there is a list of all accounts' numbers. */
  all: boolean;
  cap: number;
};

const COUNTS = ['always', 'always', 'always', 'always', 'always', 'first', 'first', 'never', 'never', 'never'] as const;

export const habitsOf = (random: Random): ListHabits => ({
  order: random.chance(0.5) ? 'stable' : 'rotated',
  skip: random.chance(0.7) ? 'honoured' : 'ignored',
  range: (['supported', 'refused', 'ignored'] as const)[random.below(3)] ?? 'refused',
  counts: COUNTS[random.below(COUNTS.length)] ?? 'always',
  all: random.chance(0.7),
  cap: [7, 40, 500][random.below(3)] ?? 40,
});

/** Keys are `account/+digits`; `shown` makes the record of one. */
export type Listing = { url: URL; keys: readonly string[]; shown: (key: string) => unknown; habits: ListHabits; random: Random };

const answer = (status: number, body: unknown): UpstreamAnswer => ({ kind: 'answer', status, body });
const numberOf = (key: string): string => key.split('/')[1] ?? '';
const RANGE = /^telephoneNumber ge '(\+\d+)' and telephoneNumber le '(\+\d+)'$/;

const chosen = ({ url, keys, habits }: Listing): string[] | undefined => {
  const filter = url.searchParams.get('filter');
  const sorted = [...keys].sort((a, b) => (numberOf(a) < numberOf(b) ? -1 : 1));
  if (filter === null || habits.range === 'ignored') return sorted;
  const [, from, to] = RANGE.exec(filter) ?? [];
  if (habits.range === 'refused' || from === undefined || to === undefined) return undefined;
  return sorted.filter((key) => numberOf(key) >= from && numberOf(key) <= to);
};

export const listPage = (listing: Listing): UpstreamAnswer => {
  const { url, shown, habits, random } = listing;
  const query = url.searchParams;
  const keys = chosen(listing);
  if (!keys) return answer(400, { error: { code: 'InvalidRequest', message: 'filter' } });
  const turn = Number(query.get('turn') ?? (habits.order === 'stable' || keys.length === 0 ? 0 : random.below(keys.length)));
  const inOrder = [...keys.slice(turn), ...keys.slice(0, turn)];
  const skip = habits.skip === 'honoured' ? Number(query.get('skip') ?? 0) : 0;
  const from = Number(query.get('from') ?? skip);
  const size = Math.min(Number(query.get('maxpagesize') ?? habits.cap), habits.cap);
  const next = new URL(url);
  for (const [name, value] of Object.entries({ turn, from: from + size })) next.searchParams.set(name, String(value));
  const more = from + size < inOrder.length ? { nextLink: next.href } : {};
  const isTold = habits.counts === 'always' || (habits.counts === 'first' && !query.has('from'));
  const counted = isTold && query.get('countRecords') === 'true' ? { recordCount: keys.length } : {};
  const page = answer(200, { value: inOrder.slice(from, from + size).map(shown), ...more });
  return { ...(page as UpstreamAnswer & { kind: 'answer' }), ...counted };
};
