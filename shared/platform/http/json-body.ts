/** The body of a request -> JSON of bounded size and depth, without keys that reach prototypes. */
import type { HttpRequest } from '@azure/functions';
import { AppError } from '../errors/app-error.ts';

export const DEFAULT_MAX_BODY_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const JSON_TYPE = /^application\/(json|merge-patch\+json)$/;

/**
 * The parsed body, or undefined when there is none and none is needed. The host hands a chunked body over as an empty one, so an
 * empty body is never taken for an empty object. Throws AppError InvalidJson, PayloadTooLarge or UnsupportedMediaType.
 */
export const readJson = async (request: HttpRequest, isNeeded: boolean, maxBytes: number): Promise<unknown> => {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength === 0 && !isNeeded) return undefined;
  if (bytes.byteLength === 0)
    throw new AppError('InvalidJson', { message: 'A JSON body with a Content-Length is required.', target: 'body' });
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  checkMediaType(request);
  const value = parse(bytes);
  checkShape(value, 0);
  return value;
};

const tooLarge = (maxBytes: number): AppError =>
  new AppError('PayloadTooLarge', { message: `The body may have ${maxBytes} bytes at most.` });

const invalid = (message: string): AppError => new AppError('InvalidJson', { message, target: 'body' });

const checkMediaType = (request: HttpRequest): void => {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const isUtf8 = parameters.every((parameter) => !/^\s*charset\s*=/.test(parameter) || /=\s*"?utf-?8"?\s*$/.test(parameter));
  const isPlain = ['', 'identity'].includes(request.headers.get('content-encoding')?.trim().toLowerCase() ?? '');
  if (!JSON_TYPE.test(type.trim()) || !isUtf8 || !isPlain)
    throw new AppError('UnsupportedMediaType', {
      message: 'The body must be application/json in UTF-8, not compressed.',
      target: 'Content-Type',
    });
};

const parse = (bytes: ArrayBuffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body, which may hold personal data.
    throw invalid('The body is not JSON in UTF-8.');
  }
};

const checkShape = (value: unknown, depth: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw invalid(`The body is nested more than ${MAX_DEPTH} levels deep.`);
  if (Array.isArray(value)) {
    for (const item of value) checkShape(item, depth + 1);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw invalid(`The body holds the forbidden key ${key}.`);
    checkShape(member, depth + 1);
  }
};
