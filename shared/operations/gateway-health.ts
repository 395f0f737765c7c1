/** Pure: how the gateway is doing, from what requests led to, minute by minute: a trouble is told once it has lasted, its end once that has. */
import type { EventDraft, Lane } from '../platform/lanes/lane.ts';
import type { UpstreamOutcome } from '../platform/upstream/call.ts';

/** What requests that were noted in one minute led to. */
export type Minute = { startMs: number; good: number; bad: number; /** The first bad one. */ badSinceMs?: number };
/** The last thing that went wrong, in the words of an answer or of a failed connection. */
export type Trouble = { status?: number; reason?: string; pausedUntilMs?: number };

export type GatewayHealth = {
  /** In the order of time; a minute without requests is missing, and says nothing. */
  minutes: readonly Minute[];
  trouble?: Trouble;
  /** While a trouble counts as told: since when there is one. */
  degradedSinceMs?: number;
};

/** Its events are the operator's; the row holds what all instances have noted. */
export const GATEWAY_LANE = 'gateway.health';
export type GatewayLane = Lane & { health: GatewayHealth };

export const UNTROUBLED: GatewayHealth = { minutes: [] };

const MINUTE_MS = 60_000;
/** Long enough for three requests where somebody looks every ten minutes only. */
const KEEP_MS = 30 * MINUTE_MS;
/** A pause of a minute and its probe end within this: one refusal, or a restart of the gateway, is nobody's news. */
export const LASTING_TROUBLE_MS = 3 * MINUTE_MS;
/** Longer than the way from one pause to the next. */
export const LASTING_PEACE_MS = 2 * MINUTE_MS;
/** Whatever the time, fewer requests than these prove nothing. */
const ENOUGH_REQUESTS = 3;
/** One that fails beside so many that do not is no trouble. */
const GOOD_FOR_ONE_BAD = 4;

/** Refusals that no request deserves by what is in it: too many, or credentials that do not count. */
const REFUSED = new Set([401, 403, 429]);

/** Undefined for what says nothing about the gateway. */
export const signOf = (outcome: UpstreamOutcome): 'good' | 'bad' | undefined => {
  if (outcome.kind === 'answer') return outcome.status >= 500 || REFUSED.has(outcome.status) ? 'bad' : 'good';
  if (outcome.kind === 'ambiguous') return 'bad';
  return outcome.reason === 'connectFailed' ? 'bad' : undefined;
};

const troubleOf = (outcome: UpstreamOutcome, pausedUntilMs: number | undefined): Trouble => ({
  ...(outcome.kind === 'answer' ? { status: outcome.status } : { reason: outcome.reason }),
  ...(pausedUntilMs === undefined ? {} : { pausedUntilMs }),
});

const together = (a: Minute, b: Minute): Minute => {
  const badSinceMs = Math.min(a.badSinceMs ?? Infinity, b.badSinceMs ?? Infinity);
  return { startMs: a.startMs, good: a.good + b.good, bad: a.bad + b.bad, ...(Number.isFinite(badSinceMs) ? { badSinceMs } : {}) };
};

/** Both, without what is too old to count; times that have not come are some clock's error. */
export const joined = (a: GatewayHealth, b: GatewayHealth, nowMs: number): GatewayHealth => {
  const minutes = new Map<number, Minute>();
  for (const minute of [...a.minutes, ...b.minutes]) {
    const same = minutes.get(minute.startMs);
    minutes.set(minute.startMs, same ? together(same, minute) : minute);
  }
  const counts = ({ startMs }: Minute): boolean => startMs > nowMs - KEEP_MS && startMs <= nowMs + MINUTE_MS;
  return { ...a, ...b, minutes: [...minutes.values()].filter(counts).sort((one, other) => one.startMs - other.startMs) };
};

/** `health` with one more outcome; `pausedUntilMs` where it paused everybody. */
export const noted = (health: GatewayHealth, outcome: UpstreamOutcome, nowMs: number, pausedUntilMs?: number): GatewayHealth => {
  const sign = signOf(outcome);
  if (sign === undefined) return health;
  const startMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const isBad = sign === 'bad';
  const minute: Minute = isBad ? { startMs, good: 0, bad: 1, badSinceMs: nowMs } : { startMs, good: 1, bad: 0 };
  return joined(health, { minutes: [minute], ...(isBad ? { trouble: troubleOf(outcome, pausedUntilMs) } : {}) }, nowMs);
};

/** Most of it failed. */
const isBadMinute = ({ good, bad }: Minute): boolean => bad > good;
const isGoodMinute = ({ good, bad }: Minute): boolean => bad * GOOD_FOR_ONE_BAD <= good;

/** The last ones without another one between or after them. */
const lastInARow = (minutes: readonly Minute[], is: (minute: Minute) => boolean): readonly Minute[] =>
  minutes.slice(minutes.findLastIndex((minute) => !is(minute)) + 1);

/** Since when most requests fail, once that has lasted. */
const lastingTroubleMs = ({ minutes }: GatewayHealth, nowMs: number): number | undefined => {
  const row = lastInARow(minutes, isBadMinute);
  const sinceMs = row[0]?.badSinceMs ?? nowMs;
  const enough = row.reduce((sum, { bad }) => sum + bad, 0) >= ENOUGH_REQUESTS;
  return enough && nowMs - sinceMs >= LASTING_TROUBLE_MS ? sinceMs : undefined;
};

const isAtPeace = ({ minutes }: GatewayHealth, nowMs: number): boolean => {
  const row = lastInARow(minutes, isGoodMinute);
  const enough = row.reduce((sum, { good }) => sum + good, 0) >= ENOUGH_REQUESTS;
  return enough && nowMs - (row[0]?.startMs ?? nowMs) >= LASTING_PEACE_MS;
};

/** Whether good news matters, too: something has gone wrong and is not over. */
export const isTroubled = (health: GatewayHealth, nowMs: number): boolean =>
  health.degradedSinceMs !== undefined || (health.minutes.some(({ bad }) => bad > 0) && !isAtPeace(health, nowMs));

const iso = (ms: number): string => new Date(ms).toISOString();

const degraded = (sinceMs: number, { status, reason, pausedUntilMs }: Trouble, nowMs: number): EventDraft => ({
  type: 'upstream.degraded',
  data: {
    since: iso(sinceMs),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
    ...(pausedUntilMs !== undefined && pausedUntilMs > nowMs ? { pausedUntil: iso(pausedUntilMs) } : {}),
  },
});

/** What has to be told now, if anything, and the health after that. Between two of the same kind there is always one of the other. */
export const newsOf = (health: GatewayHealth, nowMs: number): { health: GatewayHealth; event?: EventDraft } => {
  const { degradedSinceMs, trouble = {}, ...rest } = health;
  if (degradedSinceMs === undefined) {
    const sinceMs = lastingTroubleMs(health, nowMs);
    return sinceMs === undefined
      ? { health }
      : { health: { ...health, degradedSinceMs: sinceMs }, event: degraded(sinceMs, trouble, nowMs) };
  }
  if (!isAtPeace(health, nowMs)) return { health };
  return { health: rest, event: { type: 'upstream.recovered', data: { since: iso(degradedSinceMs) } } };
};
