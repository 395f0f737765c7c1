/** What a log needs beside deliveries: its partner told of failures, old rows removed, a replay moved on, a deleted log cleared away. */
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import { attemptsKey, below, headKey, logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { moveDue } from '../platform/tables/due.ts';
import type { AppendEvents } from './append.ts';
import type { DeliveryReport } from './deliver-report.ts';
import { expireWrites, MAX_EXPIRED_EVENTS, MAX_EXPIRED_RECORDS } from './log-expire.ts';
import { headWrites, replayRoom, withDue, type RoundRules } from './log-plan.ts';
import { readEventRange } from './log-read.ts';
import { MAX_REPLAYED, replayWrites } from './log-replay.ts';
import type { AttemptsRow, LogHead, Notice, PublishedEvent, Subscription } from './model.ts';
import type { SubscriptionStore } from './subscription-store.ts';

const MAX_REMOVED_ROWS = 80;

export type ChoreEffects = {
  state: RowStore;
  subscriptions: Pick<SubscriptionStore, 'get' | 'remove'>;
  publish: AppendEvents;
  report: (report: DeliveryReport) => void;
};

/** One step of a chore: the log has changed, or somebody else was at it; either way look again. */
type Chore = (effects: ChoreEffects, head: Row<LogHead>, rules: RoundRules, nowMs: number) => Promise<void>;

const eventOf = (head: LogHead, notice: Notice, subscription: Subscription | undefined): PublishedEvent => ({
  id: notice.id,
  type: notice.type,
  occurredAt: new Date(notice.atMs).toISOString(),
  data: {
    subscriptionId: head.subscriptionId,
    ...(subscription?.description === undefined ? {} : { description: subscription.description }),
    ...(notice.reason === undefined ? {} : { reason: notice.reason }),
    ...(head.failingSinceMs === undefined ? {} : { failingSince: new Date(head.failingSinceMs).toISOString() }),
    waiting: head.lastSequence - head.reached + head.open.length,
  },
});

/** Tells the partner and the operator; ids are fixed, so that telling again after a crash changes nothing. */
export const publishNotices: Chore = async ({ state, subscriptions, publish, report }, head, rules, nowMs) => {
  const { subscriptionId, partnerId, notices } = head.value;
  const subscription = await subscriptions.get(partnerId, subscriptionId);
  const events = notices.map((notice) => eventOf(head.value, notice, subscription));
  for (const audience of [partnerId, OPERATOR_ID]) await publish(audience, events);
  if (notices.some((notice) => notice.type === 'webhook_subscription.failing')) report({ kind: 'failing', subscriptionId });
  const told = (await state.get(logPartition(subscriptionId), headKey(subscriptionId))) as Row<LogHead> | undefined;
  if (!told) return;
  const left = told.value.notices.filter((notice) => !notices.some((one) => one.id === notice.id));
  await state.commit(logPartition(subscriptionId), headWrites(told, withDue({ ...told.value, notices: left }, nowMs, rules)));
};

/** Removes what has been kept long enough, a transaction at a time. */
export const expireSome =
  (readOnly: boolean): Chore =>
  async ({ state, report }, head, rules, nowMs) => {
    const { subscriptionId, firstSequence, lastSequence, firstRecord } = head.value;
    const partition = logPartition(subscriptionId);
    const oldest = attemptsKey(subscriptionId, firstRecord + MAX_EXPIRED_RECORDS - 1, 0);
    const [kept, leftover, records] = await Promise.all([
      readEventRange(state, subscriptionId, firstSequence, lastSequence + 1, MAX_EXPIRED_EVENTS),
      readEventRange(state, subscriptionId, 0, firstSequence, MAX_EXPIRED_EVENTS),
      state.range(partition, oldest, below('try', subscriptionId).to) as Promise<Row<AttemptsRow>[]>,
    ]);
    const { writes, count } = expireWrites({ head, kept, leftover, records, readOnly, rules, nowMs });
    const { outcome } = await state.commit(partition, writes);
    if (outcome === 'committed' && count > 0) report({ kind: 'expired', subscriptionId, count });
  };

/** True when a replay waits and there is room for some of it. */
export const mayReplay = (head: LogHead, { settings }: RoundRules): boolean => head.replay !== undefined && replayRoom(head, settings) > 0;

/** Puts the next events of a replay up for sending; cursor and events move in one transaction. */
export const replaySome: Chore = async ({ state, report }, head, rules, nowMs) => {
  const { subscriptionId, replay } = head.value;
  if (!replay) return;
  const limit = Math.min(MAX_REPLAYED, replayRoom(head.value, rules.settings));
  const rows = await readEventRange(state, subscriptionId, replay.cursor + 1, replay.through + 1, limit);
  const after = replayWrites({ head: head.value, rows, isLast: rows.length < limit, rules, nowMs });
  const { outcome } = await state.commit(logPartition(subscriptionId), headWrites(head, after.head));
  if (outcome === 'committed' && after.head.replay === undefined) report({ kind: 'replayed', subscriptionId, count: after.queued });
};

/** Clears a deleted log away: its rows, then its subscription, last its head, so that whatever is killed is found again. */
export const removeSome: Chore = async ({ state, subscriptions, report }, head) => {
  const { subscriptionId, partnerId, due } = head.value;
  const partition = logPartition(subscriptionId);
  await subscriptions.remove(partnerId, subscriptionId);
  for (const prefix of ['ev', 'eid', 'try']) {
    const { from, to } = below(prefix, subscriptionId);
    const rows = await state.range(partition, from, to, MAX_REMOVED_ROWS);
    if (rows.length === 0) continue;
    await state.commit(
      partition,
      rows.map((row): RowWrite => ({ kind: 'delete', key: row.key })),
    );
    return;
  }
  const { outcome } = await state.commit(partition, [{ kind: 'delete', key: head.key }, ...moveDue(subscriptionId, due, {})]);
  if (outcome === 'committed') report({ kind: 'removed', subscriptionId, count: head.value.lastSequence });
};
