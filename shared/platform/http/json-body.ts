/** The body of a request -> JSON of bounded size and depth, without keys that reach prototypes; or the text of another media type. */
import type { HttpRequest } from '@azure/functions';
import { AppError } from '../errors/app-error.ts';
import { shareAlike } from '../values/alike.ts';
import { digestOf, digestOfText, type Watch } from './fingerprint.ts';

export const DEFAULT_MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const JSON_TYPE = /^application\/(json|merge-patch\+json)$/;

/** A body, and its digest, by which a repeat is known; without one there was no body. */
export type Sent = { value: unknown; digest?: string };
export const NOTHING_SENT: Sent = { value: undefined };

const readBytes = async (request: HttpRequest, maxBytes: number): Promise<ArrayBuffer> => {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  return bytes;
};

/**
 * The parsed body, what is alike in its lists being one object, or undefined when there is none and none is needed. The host hands a chunked body over as an empty one, so an
 * empty body is never taken for an empty object. `otherType`: what the route takes beside JSON.
 * Throws AppError InvalidJson, PayloadTooLarge or UnsupportedMediaType.
 */
export const readJson = async (request: HttpRequest, isNeeded: boolean, maxBytes: number, otherType?: string): Promise<Sent> => {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.byteLength === 0 && !isNeeded) return NOTHING_SENT;
  if (bytes.byteLength === 0)
    throw new AppError('InvalidJson', { message: 'A JSON body with a Content-Length is required.', target: 'body' });
  checkMediaType(request, JSON_TYPE, `application/json${otherType === undefined ? '' : ` or ${otherType}`}`);
  const value = parse(bytes);
  shareAlike(value);
  return { value, digest: digestOf(value, WATCH) };
};

const CSV_TYPE = /^text\/csv$/;

/** Whether the request says that its body is CSV. */
export const isCsv = (request: HttpRequest): boolean => CSV_TYPE.test(typeOf(request));

/** The body as text, a byte order mark included. Throws AppError InvalidCsv, PayloadTooLarge or UnsupportedMediaType. */
export const readCsv = async (request: HttpRequest, maxBytes: number): Promise<Sent> => {
  const bytes = await readBytes(request, maxBytes);
  checkMediaType(request, CSV_TYPE, 'application/json or text/csv');
  try {
    const value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { value, digest: digestOfText(value) };
  } catch {
    throw new AppError('InvalidCsv', { message: 'The body is not CSV in UTF-8.', target: 'body' });
  }
};

const typeOf = (request: HttpRequest): string => (request.headers.get('content-type') ?? '').toLowerCase().split(';')[0]?.trim() ?? '';

const tooLarge = (maxBytes: number): AppError =>
  new AppError('PayloadTooLarge', { message: `The body may have ${maxBytes} bytes at most.` });

const invalid = (message: string): AppError => new AppError('InvalidJson', { message, target: 'body' });

const checkMediaType = (request: HttpRequest, wanted: RegExp, named: string): void => {
  const [, ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => !/^\s*charset\s*=/.test(parameter) || /=\s*"?utf-?8"?\s*$/.test(parameter));
  const isPlain = ['', 'identity'].includes(request.headers.get('content-encoding')?.trim().toLowerCase() ?? '');
  if (!wanted.test(typeOf(request)) || !isUtf8 || !isPlain)
    throw new AppError('UnsupportedMediaType', { message: `The body must be ${named} in UTF-8, not compressed.`, target: 'Content-Type' });
};

const parse = (bytes: ArrayBuffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body, which may hold personal data.
    throw invalid('The body is not JSON in UTF-8.');
  }
};

/** What no body may hold, wherever it stands. */
const WATCH: Watch = {
  depth: (depth) => {
    if (depth > MAX_DEPTH) throw invalid(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  },
  names: (names) => {
    for (const name of names) if (FORBIDDEN_KEYS.has(name)) throw invalid(`The body holds the forbidden key ${name}.`);
  },
};
