/** What the pages of a run have shown of the gateway, kept row by row until the run is over. */
import { below, lanePartition } from '../../platform/tables/keys.ts';
import type { RowStore } from '../../platform/tables/row-store.ts';
import type { ListKnownNumbers } from '../known-numbers.ts';
import type { AccountLane } from '../model.ts';
import { RECONCILE_LANE, type Run, type SeenPage } from './run.ts';

const KNOWN_A_READ = 1_000;
const ROWS_A_READ = 50;

/** By account name; numbers as integers of their digits. */
export type Seen = { accounts: Set<string>; numbers: Map<string, Set<number>>; suspects: Map<string, string[]> };

/** Eight bytes a number, and a little more. */
export const readSeen = async (state: RowStore, run: Run): Promise<Seen> => {
  const seen: Seen = { accounts: new Set(), numbers: new Map(), suspects: new Map() };
  const { from, to } = below('seen', RECONCILE_LANE, run.id);
  for (let next: string | undefined = from; next !== undefined;) {
    const rows = await state.range(lanePartition(RECONCILE_LANE), next, to, ROWS_A_READ);
    for (const { value } of rows) {
      const { accounts = [], numbers = {}, suspects } = value as SeenPage;
      for (const name of accounts) seen.accounts.add(name);
      for (const [name, digits] of Object.entries(numbers)) {
        const held = seen.numbers.get(name) ?? new Set<number>();
        for (const one of digits) held.add(Number(one));
        seen.numbers.set(name, held);
      }
      for (const [name, digits] of Object.entries(suspects)) seen.suspects.set(name, [...(seen.suspects.get(name) ?? []), ...digits]);
    }
    const last = rows.at(-1);
    next = last && rows.length === ROWS_A_READ ? `${last.key}\u0000` : undefined;
  }
  return seen;
};

/** What the pages showed strangely of this customer, and what they did not show. */
export const suspectsOf = async (
  { listKnown }: { listKnown: ListKnownNumbers },
  { lane, accountName }: AccountLane,
  seen: Seen,
): Promise<string[]> => {
  const suspects = new Set(seen.suspects.get(accountName));
  if (!seen.accounts.has(accountName)) suspects.add('');
  const shown = seen.numbers.get(accountName) ?? new Set<number>();
  for (let after: string | undefined; ;) {
    const known = await listKnown(lane, KNOWN_A_READ, after);
    for (const { digits } of known) if (!shown.has(Number(digits))) suspects.add(digits);
    if (known.length < KNOWN_A_READ) return [...suspects];
    after = known.at(-1)?.digits;
  }
};

/** What was kept of the pages of a run that is over. */
export const removeSeen = async (state: RowStore, run: Run): Promise<void> => {
  const { from, to } = below('seen', RECONCILE_LANE, run.id);
  for (;;) {
    const rows = await state.range(lanePartition(RECONCILE_LANE), from, to, ROWS_A_READ);
    if (rows.length === 0) return;
    await state.commit(
      lanePartition(RECONCILE_LANE),
      rows.map(({ key }) => ({ kind: 'delete', key })),
    );
  }
};
