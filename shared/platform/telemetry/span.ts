/** Pure: spans as plain values, and how they are named in headers: a trace is known before anything of OpenTelemetry is loaded. */
import { createHash } from 'node:crypto';
import type { Attributes } from './metrics.ts';

export type SpanKind = 'server' | 'client' | 'consumer' | 'producer' | 'internal';

/** Hexadecimal, as in W3C trace context: 32 and 16 digits. */
export type SpanContext = { traceId: string; spanId: string };

export type Span = SpanContext & {
  parentId?: string;
  name: string;
  kind: SpanKind;
  startMs: number;
  endMs: number;
  failed: boolean;
  attributes: Attributes;
  /** Spans of other traces that it has to do with. */
  links: readonly SpanContext[];
};

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** W3C Trace Context, always sampled. */
export const toTraceParent = ({ traceId, spanId }: SpanContext): string => `00-${traceId}-${spanId}-01`;

/** Undefined for what is none. */
export const fromTraceParent = (text: string | undefined): SpanContext | undefined => {
  const [, traceId, spanId] = TRACE_PARENT.exec(text ?? '') ?? [];
  return traceId === undefined || spanId === undefined || /^0+$/.test(traceId) ? undefined : { traceId, spanId };
};

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;

/**
 * The root of an operation's own trace. It follows from the id, so that whoever works on the operation, in whichever process and however much
 * later, finds the trace without anything stored for it.
 */
export const traceOfOperation = (operationId: string): SpanContext => {
  const hex = createHash('sha256').update(`operation ${operationId}`).digest('hex');
  return { traceId: hex.slice(0, TRACE_DIGITS), spanId: hex.slice(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS) };
};
