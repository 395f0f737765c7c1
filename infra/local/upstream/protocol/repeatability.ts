/** Repeatable requests (OASIS): a pair of id and first-sent time stands for one execution, whose answer is replayed. */
import type { IncomingHttpHeaders } from 'node:http';
import { badRequest, errorAnswer, type Answer } from '../http/answer.ts';
import type { Settings } from '../settings.ts';

/** What was executed under an id, and how it was answered. `fingerprint` tells another request under the same id. */
export type RepeatedAnswer = { firstSent: string; fingerprint: string; atMs: number; answer: Answer };

export type RepeatabilityMemory = {
  find: (id: string) => RepeatedAnswer | undefined;
  keep: (id: string, entry: RepeatedAnswer) => void;
};

export type Repeatability = { kind: 'none' } | { kind: 'execute'; id: string; firstSent: string } | { kind: 'answer'; answer: Answer };

/** Clocks of callers may run ahead of ours by this much. */
const MAX_AHEAD_MS = 300_000;

const rejected = (message: string): Repeatability => ({
  kind: 'answer',
  answer: errorAnswer(412, { code: 'RepeatabilityRejected', message }, { 'Repeatability-Result': 'rejected' }),
});

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value);

export type RepeatabilityInput = {
  headers: IncomingHttpHeaders;
  fingerprint: string;
  memory: RepeatabilityMemory;
  nowMs: number;
  settings: Pick<Settings, 'repeatability' | 'repeatabilityWindowMs'>;
};

/** Says whether to execute, to replay, or to refuse. One header without the other is 400 (OASIS Repeatable Requests 1.0). */
export const checkRepeatability = ({ headers, fingerprint, memory, nowMs, settings }: RepeatabilityInput): Repeatability => {
  if (settings.repeatability === 'ignored') return { kind: 'none' };
  const id = one(headers['repeatability-request-id']);
  const firstSent = one(headers['repeatability-first-sent']);
  if (id === undefined && firstSent === undefined) return { kind: 'none' };
  if (!id || !firstSent) {
    return { kind: 'answer', answer: badRequest('Repeatability-Request-ID and Repeatability-First-Sent go together.').answer };
  }
  const firstSentMs = Date.parse(firstSent);
  if (Number.isNaN(firstSentMs)) return { kind: 'answer', answer: badRequest('Repeatability-First-Sent is not a date.').answer };
  if (settings.repeatability === 'rejected') return rejected('Repeatable requests are rejected.');
  if (nowMs - firstSentMs > settings.repeatabilityWindowMs || firstSentMs - nowMs > MAX_AHEAD_MS) {
    return rejected('Repeatability-First-Sent is outside the window that the service remembers.');
  }
  const before = memory.find(id);
  if (!before) return { kind: 'execute', id, firstSent };
  if (before.firstSent !== firstSent || before.fingerprint !== fingerprint) {
    return rejected('This Repeatability-Request-ID was used for another request.');
  }
  return { kind: 'answer', answer: before.answer };
};

/** Only executions are remembered: a refused request changed nothing and may be sent again under the same pair. */
export const isExecution = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;
