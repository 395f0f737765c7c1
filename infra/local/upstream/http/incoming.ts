/** One request as the pipeline sees it, and what is to be done with its connection. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';

export type Incoming = {
  method: string;
  /** As received, still percent-encoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Scheme and authority that the caller used. */
  origin: string;
  body: Buffer;
};

export type Delivery = { kind: 'answer'; answer: Answer; delayMs: number } | { kind: 'drop' } | { kind: 'hang' };

export const deliver = (answer: Answer, delayMs = 0): Delivery => ({ kind: 'answer', answer, delayMs });
