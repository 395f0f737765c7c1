/** Pure: what a partner that waits for the gateway's word is told when there is none. */
import { AppError } from '../platform/errors/app-error.ts';
import type { Unanswered } from './ports.ts';

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
