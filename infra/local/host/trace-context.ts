/** W3C trace context of an invocation: a child of what came in, or a new trace. */
import type { TraceContext } from './rpc.ts';

/** Makes that many random bytes in hexadecimal. */
export type RandomHex = (bytes: number) => string;

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context for one invocation. A malformed parent starts a new trace, as W3C asks; its state is dropped with it. */
export const traceContextFor = (randomHex: RandomHex, parent?: string, state?: string): TraceContext => {
  const match = parent === undefined ? null : TRACE_PARENT.exec(parent);
  const [, traceId = randomHex(16), , flags = '00'] = match ?? [];
  return { traceParent: `00-${traceId}-${randomHex(8)}-${flags}`, traceState: match ? (state ?? '') : '', attributes: {} };
};
