/** Pure: puts events of the past up for sending once more, a few at a time. */
import type { Row } from '../platform/tables/row-store.ts';
import { stateOf } from './event-state.ts';
import { bySequence, withDue, type RoundRules } from './log-plan.ts';
import type { LogEvent, LogHead, OpenEvent, Replay } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

/** Events looked at in one step. */
export const MAX_REPLAYED = 100;

export type Failed = { event: Pick<LogEvent, 'sequence' | 'state'>; head: LogHead; settings: DeliverySettings };

/** Whether a replay sends an event again; what was never tried comes by itself. */
export const isReplayed = (only: Replay['only'], facts: Failed): boolean => {
  const state = stateOf(facts);
  if (state === 'waiting') return false;
  return only === 'all' || state !== 'delivered';
};

/** A person asks for a try, so the endpoint gets one now; how long it has failed is not forgotten. */
export const withoutHold = (head: LogHead): LogHead => {
  const { holdUntilMs: _held, ...rest } = head;
  return rest;
};

/** The head with `sequence` up for sending at once, its ladder begun anew. */
export const withRedelivery = (head: LogHead, sequence: number, nowMs: number): LogHead => {
  if (sequence > head.reached) return head;
  const again: OpenEvent = { sequence, attempts: 0, nextAtMs: nowMs, endpointFault: false };
  return { ...head, open: [...head.open.filter((open) => open.sequence !== sequence), again].sort(bySequence) };
};

export type ReplayStep = { head: LogHead; rows: readonly Row<LogEvent>[]; isLast: boolean; rules: RoundRules; nowMs: number };

/** `rows` are the next ones after the replay's cursor; `isLast` when there are no more up to its end. */
export const replayWrites = ({ head, rows, isLast, rules, nowMs }: ReplayStep): { head: LogHead; queued: number } => {
  const { replay, ...rest } = head;
  if (!replay) return { head, queued: 0 };
  const chosen = rows.filter((row) => isReplayed(replay.only, { event: row.value, head, settings: rules.settings }));
  const queued = replay.queued + chosen.length;
  const cursor = isLast ? replay.through : (rows.at(-1)?.value.sequence ?? replay.through);
  const moved: LogHead = cursor >= replay.through ? rest : { ...rest, replay: { ...replay, cursor, queued } };
  const after = chosen.reduce((current, row) => withRedelivery(current, row.value.sequence, nowMs), moved);
  return { head: withDue(after, nowMs, rules), queued };
};
