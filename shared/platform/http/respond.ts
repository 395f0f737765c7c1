/** Answers as the Functions library takes them, with the headers that every answer of this API carries. */
import type { HttpResponseInit } from '@azure/functions';
import type { AppError, ErrorDetail } from '../errors/app-error.ts';
import { API_VERSIONS } from './api-version.ts';

/** How a request is known to both sides. */
export type RequestIds = { requestId: string; clientRequestId: string | undefined };

export type ErrorBody = {
  error: { code: string; message: string; target?: string; details?: readonly ErrorDetail[]; detailsTruncated?: true };
};

const commonHeaders = ({ requestId, clientRequestId }: RequestIds): Record<string, string> => ({
  'x-ms-request-id': requestId,
  ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': clientRequestId }),
  'api-supported-versions': API_VERSIONS.join(', '),
  'Cache-Control': 'no-store',
});

export type Answer = {
  status: number;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  /** Sent as it is, instead of a body in JSON. */
  text?: { type: string; content: string } | undefined;
};

export type Response = Omit<HttpResponseInit, 'headers'> & { headers: Record<string, string> };

/** `text` is sent as it is; without it and without a body the answer is empty. */
export const toResponse = (ids: RequestIds, { status, headers = {}, body, text }: Answer): Response => {
  const all = { ...commonHeaders(ids), ...headers };
  if (text !== undefined) return { status, headers: { ...all, 'Content-Type': `${text.type}; charset=utf-8` }, body: text.content };
  if (body === undefined) return { status, headers: all };
  return { status, headers: { ...all, 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
};

/** The error body of the Azure REST guidelines; the same code in a header. */
export const toErrorBody = ({ code, message, facts }: AppError): ErrorBody => ({
  error: {
    code,
    message,
    ...(facts.target === undefined ? {} : { target: facts.target }),
    ...(facts.details === undefined ? {} : { details: facts.details }),
    ...(facts.detailsTruncated === true ? { detailsTruncated: true } : {}),
  },
});

/** The code stands in `x-ms-error-code` too, which an answer to HEAD keeps. */
export const toErrorResponse = (ids: RequestIds, error: AppError): Response =>
  toResponse(ids, {
    status: error.httpStatus,
    headers: {
      'x-ms-error-code': error.code,
      ...(error.retryAfterS === undefined ? {} : { 'Retry-After': String(error.retryAfterS) }),
      ...error.facts.headers,
    },
    body: toErrorBody(error),
  });
