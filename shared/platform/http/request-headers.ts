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

/** Throws AppError NotAcceptable when the Accept header excludes JSON and whatever else the route `produces`. */
export const checkAccept = (header: string | null, produces?: string): void => {
  if (header === null || header.trim() === '') return;
  const accepted = header
    .toLowerCase()
    .split(',')
    .map((item) => item.split(';').map((part) => part.trim()))
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)))
    .map(([type]) => type);
  const offered = ['application/json', ...(produces === undefined ? [] : [produces])];
  const fits = (type: string | undefined): boolean =>
    type === '*/*' || offered.some((offer) => type === offer || type === `${offer.split('/')[0] ?? ''}/*`);
  if (!accepted.some(fits)) throw new AppError('NotAcceptable', { message: `Answers are ${offered.join(' or ')}.`, target: 'Accept' });
};
