/** Pure: how an endpoint is doing: when it is left alone for a while, when its partner is warned, and when it is given up. */
import { createHash } from 'node:crypto';
import { spellId } from '../platform/ids/spell-id.ts';
import type { DisableReason, LogHead, Notice } from './model.ts';
import { cappedRetryAfterMs, failureSpacingMs, holdMs, shouldDisable, type DeliverySettings, type Random } from './schedule.ts';
import type { Verdict } from './verdict.ts';

export type HealthContext = { nowMs: number; random: Random; settings: DeliverySettings };

type Failing = Pick<LogHead, 'failingSinceMs' | 'failedRounds' | 'countedFailureMs' | 'warnings'>;
type Circuit = Pick<LogHead, 'faults' | 'deadRounds' | 'holdUntilMs'>;

const failingAfter = (head: LogHead, verdicts: readonly Verdict[], { nowMs, settings }: HealthContext): Failing => {
  if (verdicts.some((verdict) => verdict.delivered)) return { failedRounds: 0, warnings: 0 };
  const { failingSinceMs = nowMs, failedRounds, countedFailureMs, warnings } = head;
  const counts = countedFailureMs === undefined || nowMs - countedFailureMs >= failureSpacingMs(settings);
  return { failingSinceMs, warnings, failedRounds: failedRounds + (counts ? 1 : 0), countedFailureMs: counts ? nowMs : countedFailureMs };
};

/** Faults in a row open it, so does silence without any success beside it; while it is open, one attempt at a time may close it. */
const circuitAfter = (head: LogHead, verdicts: readonly Verdict[], { nowMs, random, settings }: HealthContext): Circuit => {
  const lastGood = verdicts.findLastIndex((verdict) => !verdict.endpointFault);
  const faults = verdicts.length - 1 - lastGood + (lastGood === -1 ? head.faults : 0);
  const askedMs = cappedRetryAfterMs(Math.max(0, ...verdicts.map((verdict) => (verdict.endpointFault ? (verdict.retryAfterMs ?? 0) : 0))));
  const asked = askedMs > 0 ? { holdUntilMs: nowMs + askedMs } : {};
  const isOpen = head.deadRounds > 0;
  const { holdUntilMs = 0 } = head;
  // What was on its way when the circuit opened says nothing new.
  if (lastGood === -1 && isOpen && holdUntilMs > nowMs)
    return { faults, deadRounds: head.deadRounds, holdUntilMs: Math.max(holdUntilMs, nowMs + askedMs) };
  const isSilent = verdicts.some((verdict) => verdict.silent);
  if (lastGood !== -1 && faults < settings.tripAfter) return { faults, deadRounds: 0, ...asked };
  if (lastGood === -1 && !isOpen && !isSilent && faults < settings.tripAfter) return { faults, deadRounds: 0, ...asked };
  const deadRounds = (lastGood === -1 ? head.deadRounds : 0) + 1;
  return { faults, deadRounds, holdUntilMs: nowMs + holdMs(deadRounds, askedMs, random, settings) };
};

const noticeIdOf = (head: LogHead, what: string): string =>
  `evt_${spellId(createHash('sha256').update(`${head.subscriptionId}|${what}`).digest())}`;

const disabling = (verdicts: readonly Verdict[], failing: Failing, { nowMs, settings }: HealthContext): DisableReason | undefined => {
  const asked = verdicts.find((verdict) => verdict.disable !== undefined)?.disable;
  if (asked) return asked;
  const { failingSinceMs, failedRounds } = failing;
  return failingSinceMs !== undefined && shouldDisable(failingSinceMs, failedRounds, nowMs, settings) ? 'failing' : undefined;
};

/** A warning for each time that has passed; several at once, after a pause of our own, make one. */
const warningsDue = ({ failingSinceMs }: Failing, { nowMs, settings }: HealthContext): number =>
  failingSinceMs === undefined ? 0 : settings.warnAfterMs.filter((afterMs) => nowMs - failingSinceMs >= afterMs).length;

/** The head after these verdicts, at least one, in the order in which the attempts ended. */
export const withHealth = (head: LogHead, verdicts: readonly Verdict[], context: HealthContext): LogHead => {
  const { nowMs } = context;
  const { holdUntilMs: _held, failingSinceMs: _since, countedFailureMs: _counted, ...rest } = head;
  const failing = failingAfter(head, verdicts, context);
  const after: LogHead = { ...rest, ...failing, ...circuitAfter(head, verdicts, context) };
  const reason = disabling(verdicts, failing, context);
  if (reason !== undefined) {
    const id = noticeIdOf(head, `disabled|${nowMs}|${head.records}`);
    const notice: Notice = { id, type: 'webhook_subscription.disabled', atMs: nowMs, reason };
    return { ...after, state: 'disabled', disabledReason: reason, changedAtMs: nowMs, notices: [...head.notices, notice] };
  }
  const warnings = Math.max(after.warnings, warningsDue(failing, context));
  if (warnings === after.warnings) return after;
  const id = noticeIdOf(head, `failing|${failing.failingSinceMs ?? 0}|${warnings}`);
  return { ...after, warnings, notices: [...head.notices, { id, type: 'webhook_subscription.failing', atMs: nowMs }] };
};

/** As if the endpoint had never failed: a person says that it is back. What failed is due at once, its ladder begun anew. */
export const withCleanHealth = (head: LogHead, nowMs: number): LogHead => {
  const { holdUntilMs: _held, failingSinceMs: _since, countedFailureMs: _counted, ...rest } = head;
  const open = head.open.map(({ sequence }) => ({ sequence, attempts: 0, nextAtMs: nowMs, endpointFault: false }));
  return { ...rest, open, faults: 0, deadRounds: 0, failedRounds: 0, warnings: 0 };
};
