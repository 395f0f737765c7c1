/** Pure: when to try again, how long to spare an endpoint, and when to give it up. */

export type DeliverySettings = {
  /** Waits after the first, second ... failed attempt of one event. */
  retryDelaysMs: readonly number[];
  /** Wait between attempts once the list is used up and the event counts as undelivered. */
  probeMs: number;
  /** An endpoint that does not answer gets one attempt per this time at the most, whatever waits for it. */
  maxHoldMs: number;
  /** No success for this long disables the subscription. */
  disableAfterMs: number;
  /** Without success for this long, its partner is warned; one warning for each. */
  warnAfterMs: readonly number[];
  /** Faults in a row after which the endpoint is left alone for a while. */
  tripAfter: number;
  /** Attempts in flight to one endpoint. */
  parallel: number;
  /** Events with failed attempts kept on their own schedule; more than these hold back the events after them. */
  maxOpen: number;
  /** No attempt of one run starts later than this after the run began. */
  deadlineMs: number;
  /** Finished attempts that may wait to be recorded: what a crash makes us send again. */
  maxUnrecorded: number;
  /** How long events stay readable after they were appended: those delivered, and the others. */
  keepDeliveredMs: number;
  keepUndeliveredMs: number;
  /** Changed by the operator after storage went back to an earlier state (see `stream.ts`). */
  streamEpoch: string;
};

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_DELIVERY: DeliverySettings = {
  retryDelaysMs: [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS],
  probeMs: 10 * HOUR_MS,
  maxHoldMs: 5 * MINUTE_MS,
  disableAfterMs: 5 * DAY_MS,
  warnAfterMs: [2 * DAY_MS, 4 * DAY_MS],
  tripAfter: 5,
  parallel: 8,
  maxOpen: 500,
  deadlineMs: 4 * MINUTE_MS,
  maxUnrecorded: 160,
  keepDeliveredMs: 30 * DAY_MS,
  keepUndeliveredMs: 90 * DAY_MS,
  streamEpoch: '1',
};

const JITTER = 0.2;
/** A receiver may ask for a longer wait, but not for one that would look like the end. */
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** In [0, 1). */
export type Random = () => number;

const jittered = (ms: number, random: Random): number => Math.round(ms * (1 - JITTER + 2 * JITTER * random()));
/** Milliseconds to respect of what a receiver asked for. */
export const cappedRetryAfterMs = (askedMs = 0): number => Math.min(askedMs, MAX_RETRY_AFTER_MS);

/** True when the ladder is used up after `attempts` failed attempts. */
export const isUndelivered = (attempts: number, settings: DeliverySettings): boolean => attempts > settings.retryDelaysMs.length;

/** Milliseconds until the attempt after `attempts` (1 or more) failed ones. */
export const retryDelayMs = (attempts: number, retryAfterMs: number | undefined, random: Random, settings: DeliverySettings): number =>
  Math.max(jittered(settings.retryDelaysMs[attempts - 1] ?? settings.probeMs, random), cappedRetryAfterMs(retryAfterMs));

/** Milliseconds for which an endpoint is left alone after `rounds` (1 or more) rounds in a row without a sign of life. */
export const holdMs = (rounds: number, retryAfterMs: number | undefined, random: Random, settings: DeliverySettings): number => {
  const step = settings.retryDelaysMs[rounds - 1] ?? settings.maxHoldMs;
  return Math.max(jittered(Math.min(step, settings.maxHoldMs), random), cappedRetryAfterMs(retryAfterMs));
};

/** Failures count separately when they lie this far apart. */
export const failureSpacingMs = (settings: DeliverySettings): number => settings.disableAfterMs / SPACINGS;
const SPACINGS = 120;

/**
 * Whether to give up after `failedRounds` failures well apart from each other, without any success. The count guards against a long pause of
 * our own: a subscription that failed once before we were down for a week has not had its chance yet.
 */
export const shouldDisable = (failingSinceMs: number, failedRounds: number, nowMs: number, settings: DeliverySettings): boolean =>
  nowMs - failingSinceMs >= settings.disableAfterMs && failedRounds > settings.retryDelaysMs.length;
