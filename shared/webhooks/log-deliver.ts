/** Pure: what a round of attempts makes of a log: head, events, attempts and due row, in one transaction. */
import type { PostResult } from '../platform/outbound/post-call.ts';
import { attemptKey, logEventKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { bySequence, headWrites, withDue, type RoundRules } from './log-plan.ts';
import type { Attempt, LogEvent, LogHead, OpenEvent } from './model.ts';
import { cappedRetryAfterMs, holdMs, isUndelivered, retryDelayMs, shouldDisable, type DeliverySettings, type Random } from './schedule.ts';
import { judge, type Verdict } from './verdict.ts';

/** One event of a plan. Without a result its row was gone (expired), so that there was nothing to send. */
export type Tried = { sequence: number; startedAtMs: number; result?: PostResult };
export type EventRows = ReadonlyMap<number, Row<LogEvent>>;

type Outcome = Tried & { result: PostResult; row: Row<LogEvent>; verdict: Verdict; attempts: number; nextAtMs: number };

/** When it is decided, by which chance and by which rules. */
export type RoundContext = RoundRules & { nowMs: number; random: Random };

const outcomeOf = (tried: Tried, rows: EventRows, { nowMs, random, settings }: RoundContext): Outcome[] => {
  const { result, sequence } = tried;
  const row = rows.get(sequence);
  if (!row || !result) return [];
  const verdict = judge(result, nowMs);
  const attempts = row.value.attempts + 1;
  const nextAtMs = nowMs + retryDelayMs(attempts, verdict.retryAfterMs, random, settings);
  return [{ ...tried, result, row, verdict, attempts, nextAtMs }];
};

/** Success is final: whoever else tried the same event at the same time cannot take it back. */
const eventAfter = ({ row, verdict, attempts }: Outcome, nowMs: number, settings: DeliverySettings): LogEvent => {
  if (row.value.state === 'delivered') return { ...row.value, attempts };
  if (verdict.delivered) return { ...row.value, attempts, state: 'delivered', deliveredAtMs: nowMs };
  return { ...row.value, attempts, state: isUndelivered(attempts, settings) ? 'undelivered' : 'pending' };
};

const attemptOf = ({ row, result, verdict, attempts, startedAtMs, nextAtMs, sequence }: Outcome): Attempt => ({
  v: 1,
  sequence,
  eventId: row.value.eventId,
  attempt: attempts,
  startedAt: new Date(startedAtMs).toISOString(),
  durationMs: result.durationMs,
  delivered: verdict.delivered,
  ...(result.outcome === 'answered'
    ? { status: result.status, answer: result.body, answerTruncated: result.bodyTruncated }
    : { failure: result.failure }),
  ...(verdict.delivered ? {} : { nextTryAt: new Date(nextAtMs).toISOString() }),
});

/** Failed events keep their own schedule; the oldest undelivered ones leave it when there is no room for new events. */
const openAfter = (head: LogHead, tried: readonly Tried[], outcomes: readonly Outcome[], settings: DeliverySettings): OpenEvent[] => {
  const open = new Map(head.open.map((event) => [event.sequence, event]));
  const judged = new Set(outcomes.map((outcome) => outcome.sequence));
  for (const { sequence } of tried) if (!judged.has(sequence)) open.delete(sequence);
  for (const { sequence, row, verdict, attempts, nextAtMs } of outcomes) {
    if (verdict.delivered || row.value.state === 'delivered') open.delete(sequence);
    else if (open.has(sequence) || sequence > head.reached) {
      open.set(sequence, { sequence, attempts, nextAtMs, endpointFault: verdict.endpointFault });
    }
  }
  const kept = [...open.values()].sort(bySequence);
  const surplus = Math.max(0, kept.length - settings.maxOpen + 1);
  const dropped = new Set(kept.filter((event) => isUndelivered(event.attempts, settings)).slice(0, surplus));
  return kept.filter((event) => !dropped.has(event));
};

type Health = Pick<LogHead, 'deadRounds' | 'holdUntilMs' | 'failingSinceMs' | 'failedRounds'>;

const healthAfter = (head: LogHead, outcomes: readonly Outcome[], { nowMs, random, settings }: RoundContext): Health => {
  if (outcomes.length === 0) return head;
  const faults = outcomes.filter((outcome) => outcome.verdict.endpointFault);
  const askedMs = cappedRetryAfterMs(Math.max(0, ...faults.map((outcome) => outcome.verdict.retryAfterMs ?? 0)));
  const asked = askedMs > 0 ? { holdUntilMs: nowMs + askedMs } : {};
  if (outcomes.some((outcome) => outcome.verdict.delivered)) return { deadRounds: 0, failedRounds: 0, ...asked };
  const failing = { failingSinceMs: head.failingSinceMs ?? nowMs, failedRounds: head.failedRounds + 1 };
  if (faults.length < outcomes.length) return { ...failing, deadRounds: 0, ...asked };
  const deadRounds = head.deadRounds + 1;
  return { ...failing, deadRounds, holdUntilMs: nowMs + holdMs(deadRounds, askedMs, random, settings) };
};

/** What an endpoint's silence delayed is due at once when it answers again. */
const afterRecovery = (open: readonly OpenEvent[], nowMs: number): OpenEvent[] =>
  open.map((event) => (event.endpointFault ? { ...event, nextAtMs: Math.min(event.nextAtMs, nowMs) } : event));

const disabledBy = (health: Health, outcomes: readonly Outcome[], nowMs: number, settings: DeliverySettings): LogHead['disabledReason'] => {
  const asked = outcomes.find((outcome) => outcome.verdict.disable !== undefined);
  if (asked) return asked.verdict.disable;
  const { failingSinceMs, failedRounds } = health;
  return failingSinceMs !== undefined && shouldDisable(failingSinceMs, failedRounds, nowMs, settings) ? 'failing' : undefined;
};

const headAfter = (head: LogHead, tried: readonly Tried[], outcomes: readonly Outcome[], context: RoundContext): LogHead => {
  const { nowMs, settings } = context;
  const health = healthAfter(head, outcomes, context);
  const open = openAfter(head, tried, outcomes, settings);
  const recovered = head.deadRounds > 0 && health.deadRounds === 0;
  const disabledReason = disabledBy(health, outcomes, nowMs, settings);
  const { deadRounds, failedRounds, holdUntilMs, failingSinceMs } = health;
  const { holdUntilMs: _held, failingSinceMs: _failing, ...rest } = head;
  const after: LogHead = {
    ...rest,
    deadRounds,
    failedRounds,
    ...(holdUntilMs === undefined ? {} : { holdUntilMs }),
    ...(failingSinceMs === undefined ? {} : { failingSinceMs }),
    ...(disabledReason === undefined ? {} : { state: 'disabled', disabledReason }),
    open: recovered ? afterRecovery(open, nowMs) : open,
    reached: Math.max(head.reached, ...tried.map((one) => one.sequence)),
  };
  return withDue(after, nowMs, context);
};

/**
 * `delivered` counts the successes among the attempts. `proof` is one of the rows: where it stands, everything was committed,
 * whatever the answer to the commit was.
 */
export type Recorded = { writes: RowWrite[]; head: LogHead; delivered: number; proof?: { key: string; attempt: Attempt } };

/**
 * The one transaction that records a round, decided on fresh rows: `rows` holds what is stored now of each tried event;
 * `tried` follows the plan from its beginning without holes. It conflicts when the head or an event changed since;
 * then read both again and decide again, the attempts are made.
 */
export const recordRound = (head: Row<LogHead>, rows: EventRows, tried: readonly Tried[], context: RoundContext): Recorded => {
  const { subscriptionId } = head.value;
  const outcomes = tried.flatMap((one) => outcomeOf(one, rows, context));
  const after = headAfter(head.value, tried, outcomes, context);
  const events = outcomes.map((outcome): RowWrite => {
    const value = eventAfter(outcome, context.nowMs, context.settings);
    return { kind: 'replace', key: logEventKey(subscriptionId, outcome.sequence), value, etag: outcome.row.etag };
  });
  const attempts = outcomes.map((outcome) => ({
    key: attemptKey(subscriptionId, outcome.sequence, outcome.attempts),
    attempt: attemptOf(outcome),
  }));
  const [proof] = attempts;
  return {
    writes: [
      ...headWrites(head, after),
      ...events,
      ...attempts.map(({ key, attempt }): RowWrite => ({ kind: 'insert', key, value: attempt })),
    ],
    head: after,
    delivered: outcomes.filter((one) => one.verdict.delivered).length,
    ...(proof ? { proof } : {}),
  };
};

/** True when `found`, read where the proof of a recording belongs, is the row that this recording wrote. */
export const isProof = (recorded: Recorded, found: Attempt | undefined): boolean =>
  found !== undefined && found.startedAt === recorded.proof?.attempt.startedAt && found.durationMs === recorded.proof.attempt.durationMs;
