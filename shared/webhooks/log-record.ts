/** Pure: what attempts make of a log: head, due row and the attempts themselves, in one transaction. */
import type { PostResult } from '../platform/outbound/post-call.ts';
import { attemptsKey, logEventKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import { withHealth } from './health.ts';
import { bySequence, headWrites, withDue, type RoundRules } from './log-plan.ts';
import type { Attempt, AttemptsRow, LogEvent, LogHead, OpenEvent } from './model.ts';
import { observe } from './objectives.ts';
import { isUndelivered, retryDelayMs, type DeliverySettings, type Random } from './schedule.ts';
import { judge, type Verdict } from './verdict.ts';

/** One row each at the most, beside head, due rows and attempts: within the transaction budget whatever a receiver answers. */
export const MAX_RECORDED = 80;
/** Answers of 4 KiB each, all escapes, still fit a row. */
const ATTEMPTS_A_ROW = 40;
/** Longer than an attempt may take: whoever finds an event on its way after this long finds that of a dead process. */
const ON_ITS_WAY_MS = 15_000;

/** One attempt that has ended. Without a row the event was gone (expired), so that there was nothing to send. */
export type Tried = {
  sequence: number;
  startedAtMs: number;
  row?: Row<LogEvent>;
  result?: PostResult;
  /** Failed attempts that the head counted when the row was read; absent: none. */
  attempts?: number;
};

type Outcome = Tried & {
  result: PostResult;
  row: Row<LogEvent>;
  verdict: Verdict;
  attempts: number;
  nextAtMs: number;
  isFinished: boolean;
};

/** When it is decided, by which chance and by which rules. `mark` belongs to this recording alone. */
export type RecordContext = RoundRules & { nowMs: number; random: Random; mark: string; paceAtMs?: number };

/** Failed attempts at it so far, since it was last put up for sending. */
export const attemptsBefore = (head: LogHead, sequence: number): number =>
  head.open.find((open) => open.sequence === sequence)?.attempts ?? 0;

/** Whether somebody else brought it to its end meanwhile; what was only on its way then has ended as well. */
const isFinishedIn = (head: LogHead, sequence: number): boolean =>
  sequence <= head.reached && !head.open.some((open) => open.sequence === sequence);

/** Whether somebody else has tried it since its row was read, so that the row may say more by now. */
export const isTriedSince = (head: LogHead, { sequence, attempts = 0 }: Tried): boolean =>
  isFinishedIn(head, sequence) || attemptsBefore(head, sequence) !== attempts;

const outcomeOf = (tried: Tried, head: LogHead, { nowMs, random, settings }: RecordContext): Outcome[] => {
  const { result, row, sequence } = tried;
  if (!row || !result) return [];
  const verdict = judge(result, nowMs);
  const attempts = attemptsBefore(head, sequence) + 1;
  const nextAtMs = nowMs + retryDelayMs(attempts, verdict.retryAfterMs, random, settings);
  return [{ ...tried, result, row, verdict, attempts, nextAtMs, isFinished: isFinishedIn(head, sequence) }];
};

const endsHere = ({ verdict, isFinished }: Outcome): boolean => verdict.delivered || verdict.abort === true || isFinished;

const attemptOf = (outcome: Outcome): Attempt => {
  const { row, result, verdict, attempts, startedAtMs, nextAtMs, sequence } = outcome;
  return {
    sequence,
    eventId: row.value.eventId,
    type: row.value.type,
    attempt: attempts,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: result.durationMs,
    delivered: verdict.delivered,
    ...(result.outcome === 'answered'
      ? { status: result.status, answer: result.body, answerTruncated: result.bodyTruncated }
      : { failure: result.failure }),
    ...(endsHere(outcome) ? {} : { nextTryAt: new Date(nextAtMs).toISOString() }),
  };
};

/** What the head will not tell of an event stands in its row; for nearly all events that is nothing. No attempt takes back a success. */
const rowStateOf = ({ row, verdict, attempts, isFinished }: Outcome, settings: DeliverySettings): LogEvent['state'] => {
  const { state } = row.value;
  if (verdict.delivered) return state === undefined ? undefined : 'delivered';
  if (isFinished) return state;
  if (verdict.abort === true) return 'aborted';
  return isUndelivered(attempts, settings) ? 'undelivered' : state;
};

const rowWrites = (outcome: Outcome, subscriptionId: string, settings: DeliverySettings): RowWrite[] => {
  const { row, sequence } = outcome;
  const state = rowStateOf(outcome, settings);
  if (state === undefined || state === row.value.state) return [];
  return [{ kind: 'replace', key: logEventKey(subscriptionId, sequence), value: { ...row.value, state }, etag: row.etag }];
};

const reachedAfter = (head: LogHead, tried: readonly Tried[]): number => Math.max(head.reached, ...tried.map((one) => one.sequence));

/** Failed events keep their own schedule; the oldest undelivered ones leave it when there is no room for new events. */
const openAfter = (head: LogHead, tried: readonly Tried[], outcomes: readonly Outcome[], context: RecordContext): OpenEvent[] => {
  const { settings, nowMs } = context;
  const open = new Map(head.open.map((event) => [event.sequence, event]));
  // Those in between are on their way: should this process die, they are tried again.
  for (let sequence = head.reached + 1; sequence <= reachedAfter(head, tried); sequence++)
    open.set(sequence, { sequence, attempts: 0, nextAtMs: nowMs + ON_ITS_WAY_MS, endpointFault: false });
  const judged = new Set(outcomes.map((outcome) => outcome.sequence));
  for (const { sequence } of tried) if (!judged.has(sequence)) open.delete(sequence);
  for (const outcome of outcomes) {
    const { sequence, verdict, attempts, nextAtMs } = outcome;
    if (endsHere(outcome)) open.delete(sequence);
    else open.set(sequence, { sequence, attempts, nextAtMs, endpointFault: verdict.endpointFault });
  }
  const kept = [...open.values()].sort(bySequence);
  const surplus = Math.max(0, kept.length - settings.maxOpen + 1);
  const dropped = new Set(kept.filter((event) => isUndelivered(event.attempts, settings)).slice(0, surplus));
  return kept.filter((event) => !dropped.has(event));
};

/** What an endpoint's silence delayed is due at once when it answers again. */
const afterRecovery = (open: readonly OpenEvent[], nowMs: number): OpenEvent[] =>
  open.map((event) => (event.endpointFault ? { ...event, nextAtMs: Math.min(event.nextAtMs, nowMs) } : event));

const lagsOf = (outcomes: readonly Outcome[], nowMs: number): number[] =>
  outcomes.filter((one) => one.verdict.delivered && !one.isFinished).map(({ row }) => Math.max(0, nowMs - row.value.appendedAtMs));

const observed = (head: LogHead, outcomes: readonly Outcome[], nowMs: number): LogHead['objectives'] => {
  const good = outcomes.filter((outcome) => outcome.verdict.delivered);
  const lagsMs = lagsOf(outcomes, nowMs);
  return observe(head.objectives, { attempts: outcomes.length, failures: outcomes.length - good.length, lagsMs }, nowMs);
};

const headAfter = (head: LogHead, tried: readonly Tried[], outcomes: readonly Outcome[], context: RecordContext): LogHead => {
  const { nowMs, paceAtMs } = context;
  const verdicts = outcomes.map((outcome) => outcome.verdict);
  const judged = verdicts.length === 0 ? head : withHealth(head, verdicts, context);
  const open = openAfter(head, tried, outcomes, context);
  const recovered = head.deadRounds > 0 && judged.deadRounds === 0;
  const after: LogHead = {
    ...judged,
    open: recovered ? afterRecovery(open, nowMs) : open,
    reached: reachedAfter(head, tried),
    records: head.records + (outcomes.length > 0 ? 1 : 0),
    objectives: observed(head, outcomes, nowMs),
    ...(paceAtMs === undefined ? {} : { paceAtMs }),
  };
  return withDue(after, nowMs, context);
};

const attemptWrites = (head: LogHead, outcomes: readonly Outcome[], { mark, nowMs }: RecordContext): RowWrite[] => {
  const writes: RowWrite[] = [];
  for (let at = 0, part = 0; at < outcomes.length; at += ATTEMPTS_A_ROW, part++) {
    const attempts = outcomes.slice(at, at + ATTEMPTS_A_ROW).map(attemptOf);
    const value: AttemptsRow = { v: 1, mark, atMs: nowMs, attempts };
    writes.push({ kind: 'insert', key: attemptsKey(head.subscriptionId, head.records, part), value });
  }
  return writes;
};

/** `delivered` counts the successes among the attempts; `record` is the number under which they are kept, if there were any. */
export type Recorded = { writes: RowWrite[]; head: LogHead; delivered: number; maxLagMs?: number; record?: number };

/**
 * The one transaction that records `tried` (at most MAX_RECORDED, in the order in which they ended), decided on a fresh head. It conflicts when
 * the head or an event changed since; then read both again and decide again, the attempts are made.
 */
export const recordTried = (head: Row<LogHead>, tried: readonly Tried[], context: RecordContext): Recorded => {
  const { subscriptionId } = head.value;
  const outcomes = tried.flatMap((one) => outcomeOf(one, head.value, context));
  const after = headAfter(head.value, tried, outcomes, context);
  const lagsMs = lagsOf(outcomes, context.nowMs);
  return {
    writes: [
      ...headWrites(head, after),
      ...outcomes.flatMap((outcome) => rowWrites(outcome, subscriptionId, context.settings)),
      ...attemptWrites(head.value, outcomes, context),
    ],
    head: after,
    delivered: outcomes.filter((one) => one.verdict.delivered).length,
    ...(lagsMs.length > 0 ? { maxLagMs: Math.max(...lagsMs) } : {}),
    ...(outcomes.length > 0 ? { record: head.value.records } : {}),
  };
};
