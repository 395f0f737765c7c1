/** Changes the head of a log on top of whatever others make of it. */
import { logPartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { AppError } from '../platform/errors/app-error.ts';
import { emptyHead } from './log-append.ts';
import { headWrites, withDue, type RoundRules } from './log-plan.ts';
import { readHead } from './log-read.ts';
import type { LogHead, Subscription } from './model.ts';

const MAX_TRIES = 40;
const BACKOFF_STEP_MS = 5;
const MAX_BACKOFF_MS = 100;

export type HeadEffects = { state: RowStore; clock: Clock };

/** `change` is pure and may run several times; its due row is put where the plan wants it. Throws AppError ServiceBusy when others win each time. */
export const updateHead = async (
  { state, clock }: HeadEffects,
  { id, partnerId }: Pick<Subscription, 'id' | 'partnerId'>,
  rules: RoundRules,
  change: (head: LogHead) => LogHead,
): Promise<LogHead> => {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const row = await readHead(state, id);
    const nowMs = clock.now();
    const after = withDue(change(row?.value ?? emptyHead(id, partnerId, nowMs)), nowMs, rules);
    const { outcome } = await state.commit(logPartition(id), headWrites(row, after));
    if (outcome === 'committed') return after;
    await clock.sleep(Math.min(tries * BACKOFF_STEP_MS, MAX_BACKOFF_MS));
  }
  throw new AppError('ServiceBusy');
};
