/** The client's settlement states as decisions of the queue. */
import { DEAD_LETTER_DESCRIPTION, DEAD_LETTER_REASON, type Outcome } from '../engine/queue.ts';
import type { OutcomeState } from './rhea.ts';

/** Settling so asks for the dead-letter queue; a plain rejection does too. */
export type OutcomeName = 'accepted' | 'released' | 'modified' | 'rejected';

/** Released is an abandon without changes. */
export const toOutcome = (name: OutcomeName, state: OutcomeState | undefined): Outcome => {
  switch (name) {
    case 'accepted':
      return { kind: 'complete' };
    case 'released':
      return { kind: 'abandon', changes: {} };
    case 'modified':
      return { kind: state?.undeliverable_here === true ? 'defer' : 'abandon', changes: state?.message_annotations ?? {} };
    case 'rejected':
      return { kind: 'dead-letter', changes: state?.error?.info ?? {} };
  }
};

/** The same decisions as the management node spells them. */
export const fromDispositionStatus = (status: unknown, body: Record<string, unknown>): Outcome | undefined => {
  const changes = (body['properties-to-modify'] ?? {}) as Record<string, unknown>;
  switch (status) {
    case 'completed':
      return { kind: 'complete' };
    case 'abandoned':
      return { kind: 'abandon', changes };
    case 'defered':
      return { kind: 'defer', changes };
    case 'suspended':
      return { kind: 'dead-letter', changes: { ...changes, ...deadLetterReason(body) } };
    default:
      return undefined;
  }
};

const deadLetterReason = (body: Record<string, unknown>): Record<string, unknown> => ({
  ...(body['deadletter-reason'] === undefined ? {} : { [DEAD_LETTER_REASON]: body['deadletter-reason'] }),
  ...(body['deadletter-description'] === undefined ? {} : { [DEAD_LETTER_DESCRIPTION]: body['deadletter-description'] }),
});
