/** Pure: the request headers that every route treats alike. */
import { AppError } from '../errors/app-error.ts';

const MAX_KEY_CHARS = 128;
/** 1 to 128 visible ASCII characters. */
const VISIBLE = /^[\x21-\x7e]{1,128}$/;

/** The Idempotency-Key, outer quotes stripped. Throws AppError InvalidIdempotencyKey. */
export const readIdempotencyKey = (header: string | null, rule: 'optional' | 'required' | undefined): string | undefined => {
  if (rule === undefined) return undefined;
  const target = 'Idempotency-Key';
  if (header === null && rule === 'optional') return undefined;
  if (header === null) throw new AppError('InvalidIdempotencyKey', { message: 'The Idempotency-Key header is required.', target });
  const key = header.trim().replace(/^"(.*)"$/, '$1');
  if (VISIBLE.test(key)) return key;
  throw new AppError('InvalidIdempotencyKey', { message: `The key must be 1 to ${MAX_KEY_CHARS} visible ASCII characters.`, target });
};

/** What of x-ms-client-request-id can be echoed: undefined when it is missing or not fit for a header or a log. */
export const readClientRequestId = (header: string | null): string | undefined =>
  header !== null && VISIBLE.test(header) ? header : undefined;

type Accepted = { type: string; weight: number };

/** The media types of an Accept header, those with weight 0 too. */
const readAccept = (header: string): Accepted[] =>
  header
    .toLowerCase()
    .split(',')
    .map((item) => {
      const [type = '', ...parameters] = item.split(';').map((part) => part.trim());
      const weight = parameters.map((parameter) => /^q=([\d.]+)$/.exec(parameter)?.[1]).find((text) => text !== undefined);
      return { type, weight: weight === undefined ? 1 : Number(weight) };
    });

/** What the header thinks of `offer`: its most exact entry counts (RFC 9110, 12.5.1); 0 means not acceptable. */
const weightOf = (accepted: readonly Accepted[], offer: string): number => {
  for (const type of [offer, `${offer.split('/')[0] ?? ''}/*`, '*/*']) {
    const entry = accepted.find((candidate) => candidate.type === type);
    if (entry) return entry.weight;
  }
  return 0;
};

/**
 * Whether the caller prefers what the route `produces` beside JSON. Throws AppError NotAcceptable when the Accept header excludes both.
 */
export const prefersText = (header: string | null, produces?: string): boolean => {
  if (header === null || header.trim() === '') return false;
  const accepted = readAccept(header);
  const json = weightOf(accepted, 'application/json');
  const text = produces === undefined ? 0 : weightOf(accepted, produces);
  if (json > 0 || text > 0) return text > json;
  const offered = ['application/json', ...(produces === undefined ? [] : [produces])];
  throw new AppError('NotAcceptable', { message: `Answers are ${offered.join(' or ')}.`, target: 'Accept' });
};
