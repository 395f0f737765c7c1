/** Reads the beginning of an HTTP answer and lets go of the rest. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Enough to see what a receiver complained about. */
export const MAX_ANSWER_BYTES = 4 * 1024;
const MAX_HEADER_CHARS = 1024;
/** The headers that mean something to whoever posted. */
const KEPT_HEADERS = ['content-type', 'date', 'retry-after', 'webhook-delivery'];

export type AnswerBody = { body: string; bodyTruncated: boolean };

/** Those that say something about an answer, each cut to a bound. */
export const keptHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, MAX_HEADER_CHARS)]] : [];
    }),
  );

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');

/**
 * At most MAX_ANSWER_BYTES; a longer answer costs its connection. A connection that breaks or is aborted while
 * the body comes in counts as truncated: the status is known and decides.
 */
export const readAnswer = (response: IncomingMessage): Promise<AnswerBody> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const truncated = (): void => resolve({ body: textOf(chunks), bodyTruncated: true });
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= MAX_ANSWER_BYTES) return;
      truncated();
      response.destroy();
    });
    response.on('end', () => resolve({ body: textOf(chunks), bodyTruncated: false }));
    response.on('error', truncated);
    response.on('close', truncated);
  });
