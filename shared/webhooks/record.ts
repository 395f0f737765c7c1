/** Records what was tried on top of whatever the log has become meanwhile. */
import { logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { isTriedSince, recordTried, type Recorded, type Tried } from './log-record.ts';
import { readEvent, readHead, readRecord } from './log-read.ts';
import type { LogHead } from './model.ts';
import type { DeliverySettings, Random } from './schedule.ts';

/** After this many lost races a recording is given up: its events are sent again, as after a crash. */
const MAX_TRIES = 30;
const BACKOFF_STEP_MS = 3;

export type RecordEffects = { state: RowStore; clock: Clock; random: Random; settings: DeliverySettings };
export type ToRecord = { tried: readonly Tried[]; ordered: boolean; paceAtMs?: number };
export type RecordResult = { head: Row<LogHead>; recorded: Recorded };

/** A commit whose answer was lost shows as a conflict with itself: then its mark is there. */
const wasCommitted = async (state: RowStore, subscriptionId: string, { record }: Recorded, mark: string): Promise<boolean> =>
  record !== undefined && (await readRecord(state, subscriptionId, record))?.mark === mark;

const isSuccess = ({ result }: Tried): boolean => result?.outcome === 'answered' && result.status >= 200 && result.status < 300;

/** Whether recording it on this head may write its row, and that may have changed since it was read. */
const mayBeStale = (one: Tried, head: LogHead, isFirst: boolean): boolean =>
  isTriedSince(head, one) || (!isFirst && !(isSuccess(one) && one.row?.value.state === undefined));

/** The same with the rows that a recording may have to write as they stand now; one that expired meanwhile is left out. */
const refreshed = (state: RowStore, head: LogHead, tried: readonly Tried[], isFirst: boolean): Promise<Tried[]> =>
  Promise.all(
    tried.map(async (one) => {
      const { row, ...rest } = one;
      if (!row || !mayBeStale(one, head, isFirst)) return one;
      const fresh = await readEvent(state, head.subscriptionId, one.sequence);
      return fresh ? { ...rest, row: fresh } : rest;
    }),
  );

/** The head with the attempts in it, or undefined when others won each time or the log is gone. */
export const record = async (effects: RecordEffects, before: Row<LogHead>, what: ToRecord): Promise<RecordResult | undefined> => {
  const { state, clock, random, settings } = effects;
  const { subscriptionId } = before.value;
  const mark = `${random().toString(36)}${random().toString(36)}`;
  let head: Row<LogHead> | undefined = before;
  for (let tries = 1; head && tries <= MAX_TRIES; tries++) {
    const pace = what.paceAtMs === undefined ? {} : { paceAtMs: what.paceAtMs };
    const tried = await refreshed(state, head.value, what.tried, tries === 1);
    const recorded = recordTried(head, tried, { ordered: what.ordered, settings, random, nowMs: clock.now(), mark, ...pace });
    const result = await state.commit(logPartition(subscriptionId), recorded.writes);
    if (result.outcome === 'committed')
      return { head: { key: head.key, value: recorded.head, etag: result.etags.get(head.key) ?? '' }, recorded };
    const committed = await wasCommitted(state, subscriptionId, recorded, mark);
    head = await readHead(state, subscriptionId);
    if (committed) return head && { head, recorded };
    if (tries > 2) await clock.sleep(tries * BACKOFF_STEP_MS);
  }
  return undefined;
};
