/** Pure: an attempt as its partner sees it. */
import type { AttemptView } from './deliveries-contract.ts';
import { stateOf } from './event-state.ts';
import type { Attempt, LogEvent, LogHead } from './model.ts';
import type { DeliverySettings } from './schedule.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text of a stranger, made harmless for a page or a terminal that shows it. */
export const escapeAnswer = (text: string): string =>
  text
    .replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? '')
    // eslint-disable-next-line no-control-regex -- these are what is meant
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (char) => {
      const hex = char.charCodeAt(0).toString(16);
      return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
    });

const WORDS: Readonly<Record<string, string>> = {
  timeout: 'No answer within the time.',
  dns: 'The name of the host could not be looked up.',
  refused: 'The host refused the connection.',
  unreachable: 'The host could not be reached.',
  blocked: 'The host has an address that webhooks may not go to.',
  tls: 'The TLS connection failed: an expired, unknown or wrong certificate, or an old protocol.',
  reset: 'The connection broke off.',
  protocol: 'The answer was not HTTP.',
  unknown: 'The request failed.',
};

const REDIRECTS = { from: 300, to: 399 };

const whyOf = ({ delivered, status, failure }: Attempt): string | undefined => {
  if (delivered) return undefined;
  if (failure !== undefined) return WORDS[failure];
  if (status !== undefined && status >= REDIRECTS.from && status <= REDIRECTS.to) return `Answered ${status}; redirects are not followed.`;
  return `Answered ${status ?? 'nothing'}; a status of 200 to 299 is success.`;
};

/** `rowState` is what the event's own row says of it (see `event-state.ts`). */
export const toAttemptView = (
  attempt: Attempt,
  { head, settings, rowState }: { head: LogHead; settings: DeliverySettings; rowState: LogEvent['state'] },
): AttemptView => {
  const { sequence, eventId, type, startedAt, durationMs, delivered, status, failure, answer, answerTruncated, nextTryAt } = attempt;
  const why = whyOf(attempt);
  const open = head.open.find((event) => event.sequence === sequence);
  const next = open && open.attempts > 0 ? new Date(open.nextAtMs).toISOString() : undefined;
  return {
    deliveryId: String(sequence),
    ...{ sequence, eventId, type, attempt: attempt.attempt, startedAt, durationMs },
    outcome: delivered ? 'delivered' : 'failed',
    ...(status === undefined ? {} : { status }),
    ...(failure === undefined ? {} : { failure }),
    ...(answer === undefined || answer === '' ? {} : { answer: escapeAnswer(answer), answerTruncated: answerTruncated ?? false }),
    ...(why === undefined ? {} : { why }),
    ...(nextTryAt === undefined || !open ? {} : { nextTryAt: next ?? nextTryAt }),
    state: stateOf({ event: { sequence, ...(rowState === undefined ? {} : { state: rowState }) }, head, settings }),
  };
};
