/** Pure: what a partner that waits for the gateway's word is told when there is none. */
import { AppError } from '../errors/app-error.ts';

/** `busy`: no permit came soon; `unavailable`: upstream asks for a pause, fails or cannot be reached; `rejected`: it will not answer this. */
export type Unanswered = { kind: 'busy' } | { kind: 'unavailable'; retryAfterMs?: number } | { kind: 'timeout' } | { kind: 'rejected' };

/** A permit comes free within seconds unless others are at work. */
const BUSY_RETRY_S = 5;
const MS_PER_S = 1_000;

/** TooManyRequests, UpstreamUnavailable, UpstreamTimeout or UpstreamRejected. */
export const toUnansweredError = (unanswered: Unanswered): AppError => {
  switch (unanswered.kind) {
    case 'busy':
      return new AppError('TooManyRequests', { retryAfterS: BUSY_RETRY_S });
    case 'unavailable':
      return unanswered.retryAfterMs === undefined
        ? new AppError('UpstreamUnavailable')
        : new AppError('UpstreamUnavailable', { retryAfterS: Math.max(1, Math.ceil(unanswered.retryAfterMs / MS_PER_S)) });
    case 'timeout':
      return new AppError('UpstreamTimeout');
    case 'rejected':
      return new AppError('UpstreamRejected');
  }
};
