/** What a call over the limit gets; nobody published it, so all plausible ways can be chosen. */
import { errorAnswer } from '../http/answer.ts';
import { deliver, type Delivery } from '../http/incoming.ts';
import type { Settings } from '../settings.ts';

export const overLimit = (mode: Settings['limitAnswer'], retryAfterS: number): Delivery => {
  const error = { code: 'TooManyRequests', message: 'More requests than allowed in 60 s.' };
  const retryAfter = { 'Retry-After': String(retryAfterS) };
  switch (mode) {
    case '429':
      return deliver(errorAnswer(429, error, retryAfter));
    case '429WithoutRetryAfter':
      return deliver(errorAnswer(429, error));
    case '503':
      return deliver(errorAnswer(503, { code: 'ServiceUnavailable', message: 'The service is busy.' }, retryAfter));
    case 'hang':
      return { kind: 'hang' };
  }
};
