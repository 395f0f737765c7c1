/** Pure: what a receiver's answer means for the event and for the endpoint. */
import type { PostResult } from '../platform/outbound/post-call.ts';
import type { DisableReason } from './model.ts';

export type Verdict = {
  delivered: boolean;
  /** The failure says more about the endpoint than about this one event. */
  endpointFault: boolean;
  /** Nothing more for now: the endpoint was silent (each further event might cost a time-out), or asks for a pause or for the end. */
  endsRound: boolean;
  /** No answer in the whole time that one may take. */
  silent?: boolean;
  retryAfterMs?: number;
  disable?: DisableReason;
  /** The receiver does not want to be sent this one again. */
  abort?: boolean;
};

const GONE = 410;
/** Answers that a working receiver gives because of what is in the event; another event may well pass. */
const EVENT_FAULTS = new Set([400, 409, 413, 415, 422]);

/** Milliseconds asked for by a Retry-After header (seconds or an HTTP date), undefined when it says nothing usable. */
export const retryAfterMs = (header: string | undefined, nowMs: number): number | undefined => {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
};

type Headers = Readonly<Record<string, string>>;

/** `disable` and `abort-message` are what a receiver may ask for. */
const askedOf = (headers: Headers): string | undefined => headers['webhook-delivery']?.trim().toLowerCase();

const disableOf = (status: number, headers: Headers): DisableReason | undefined => {
  if (status === GONE) return 'gone';
  return askedOf(headers) === 'disable' ? 'receiverAsked' : undefined;
};

export const judge = (result: PostResult, nowMs: number): Verdict => {
  if (result.outcome === 'failed') {
    const silent = result.failure === 'timeout';
    return { delivered: false, endpointFault: true, endsRound: silent, silent };
  }
  const { status, headers } = result;
  const delivered = status >= 200 && status < 300;
  const abort = !delivered && askedOf(headers) === 'abort-message';
  const endpointFault = !delivered && !abort && !EVENT_FAULTS.has(status);
  const waitMs = delivered ? undefined : retryAfterMs(headers['retry-after'], nowMs);
  const disable = disableOf(status, headers);
  return {
    delivered,
    endpointFault,
    endsRound: disable !== undefined || (endpointFault && waitMs !== undefined),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(disable === undefined ? {} : { disable }),
    ...(abort ? { abort } : {}),
  };
};
