/** Pure: what the proven absence of an account says of everything in its lane that still waits. */
import type { Row } from '../platform/tables/row-store.ts';
import type { Batch, Verdict } from './model.ts';
import type { Change } from './verdict.ts';

const GONE: Verdict = { to: 'succeeded', executed: true };
const OVERWRITTEN: Verdict = { to: 'superseded', executed: true };

/**
 * Numbers leave with their account: their releases have come true, and whatever else was wanted of them or of the account is overwritten.
 * They end before the removal does, so that any prefix that was committed leaves the rest to be found again.
 */
export const sweptAway = (removal: Batch, batches: readonly Row<Batch>[]): Change[] =>
  batches
    .filter(({ value }) => value.n < removal.n)
    .flatMap(({ value: { n, kind, waiting, members } }) =>
      waiting.flatMap((index): Change[] => {
        const member = members[index];
        return member ? [{ n, index, member, verdict: kind === 'release' ? GONE : OVERWRITTEN }] : [];
      }),
    );

/** Whether this is the news that the account of its batch is gone. */
export const provesRemoval = ({ kind }: Batch, { to }: Verdict): boolean => kind === 'accountDelete' && to === 'succeeded';
