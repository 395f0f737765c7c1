/** Pure: the request headers that every route treats alike. */
import { AppError } from '../errors/app-error.ts';

const MAX_KEY_CHARS = 128;
/** 1 to 128 visible ASCII characters. */
const VISIBLE = /^[\x21-\x7e]{1,128}$/;

/** The two names of one thing: Idempotency-Key, and the pair of OASIS Repeatable Requests 1.0. */
export type KeyHeaders = { idempotencyKey: string | null; repeatabilityId: string | null; repeatabilityFirstSent: string | null };

const KEY = 'Idempotency-Key';
const keyProblem = (message: string, target = KEY): AppError => new AppError('InvalidIdempotencyKey', { message, target });
const unquoted = (header: string): string => header.trim().replace(/^"(.*)"$/, '$1');

const checkFirstSent = ({ repeatabilityId, repeatabilityFirstSent }: KeyHeaders): void => {
  if (repeatabilityId === null) return;
  if (repeatabilityFirstSent === null || Number.isNaN(Date.parse(repeatabilityFirstSent)))
    throw keyProblem('Repeatability-Request-ID comes with Repeatability-First-Sent, an HTTP date.', 'Repeatability-First-Sent');
};

/** The key under either name, outer quotes stripped. Throws AppError InvalidIdempotencyKey. */
export const readIdempotencyKey = (headers: KeyHeaders, rule: 'optional' | 'required' | undefined): string | undefined => {
  if (rule === undefined) return undefined;
  const keys = [headers.idempotencyKey, headers.repeatabilityId].filter((header) => header !== null).map(unquoted);
  const [key] = keys;
  if (key === undefined && rule === 'optional') return undefined;
  if (key === undefined) throw keyProblem('The Idempotency-Key header is required.');
  if (keys.some((other) => other !== key)) throw keyProblem('Idempotency-Key and Repeatability-Request-ID name different keys.');
  checkFirstSent(headers);
  if (VISIBLE.test(key)) return key;
  throw keyProblem(`The key must be 1 to ${MAX_KEY_CHARS} visible ASCII characters.`);
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
