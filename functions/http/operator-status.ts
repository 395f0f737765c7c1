/** GET /operator/status and /operator/dead-letters: how the service stands, and what the bus has given up on. */
import { z } from 'zod';
import { DEAD_LETTER_ID, deadLetterBody, deadLetterPage, type DeadLetters } from '../../shared/operator/dead-letters.ts';
import { statusBody, type GetStatus } from '../../shared/operator/status.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { DEAD_LETTER, STATUS } from './operator-examples.ts';

const params = z.strictObject({ messageId: z.string().regex(DEAD_LETTER_ID) });

export const getStatus = defineRoute({
  name: 'getStatus',
  method: 'GET',
  path: 'operator/status',
  role: 'Operator.Read',
  summary: 'How the service stands',
  description:
    'The budget of requests to the gateway and who uses it, what is due and since when, when each timer last ran, orders that upstream has not ' +
    'confirmed for a day, subscriptions that were disabled, dead letters, and stops.',
  examples: { answer: STATUS },
  success: { 200: statusBody },
});

export const listDeadLetters = defineRoute({
  name: 'listDeadLetters',
  method: 'GET',
  path: 'operator/dead-letters',
  role: 'Operator.Read',
  summary: 'Wakes that the bus has buried, by message id',
  query: z.strictObject(pagingQuery),
  errors: ['InvalidContinuationToken'],
  examples: { answer: { value: [DEAD_LETTER] } },
  success: { 200: deadLetterPage },
});

export const getDeadLetter = defineRoute({
  name: 'getDeadLetter',
  method: 'GET',
  path: 'operator/dead-letters/{messageId}',
  role: 'Operator.Read',
  summary: 'One buried wake',
  params,
  examples: { answer: DEAD_LETTER },
  success: { 200: deadLetterBody },
});

export const replayDeadLetter = defineRoute({
  name: 'replayDeadLetter',
  method: 'POST',
  path: 'operator/dead-letters/{messageId}/replay',
  role: 'Operator.Admin',
  summary: 'Make due at once what a buried wake was about',
  description: 'A wake carries no work: what was to be done stands in tables and becomes due by itself, only later. May be said again.',
  params,
  errors: ['NothingToReplay'],
  examples: { answer: { ...DEAD_LETTER, replayedAt: '2026-11-22T02:10:00.000Z' } },
  success: { 202: deadLetterBody },
});

export type StatusUses = {
  getStatus: UseCase<typeof getStatus, Principal>;
  listDeadLetters: UseCase<typeof listDeadLetters, Principal>;
  getDeadLetter: UseCase<typeof getDeadLetter, Principal>;
  replayDeadLetter: UseCase<typeof replayDeadLetter, Principal>;
};

type Letters = Pick<DeadLetters, 'list' | 'get' | 'replay'>;

/** Seconds after which a lane that was made due has been looked at. */
const RETRY_AFTER_S = 10;

export const statusUses = (status: GetStatus, letters: Letters, publicBaseUrl: string): StatusUses => ({
  getStatus: () => status(),
  listDeadLetters: ({ query }) => letters.list(query),
  getDeadLetter: ({ params: { messageId } }) => letters.get(messageId),
  replayDeadLetter: async ({ params: { messageId } }) => {
    const replayed = await letters.replay(messageId);
    if (replayed instanceof AppError) return replayed;
    const location = `${publicBaseUrl}/api/operator/dead-letters/${messageId}?api-version=${DEFAULT_API_VERSION}`;
    return { status: 202, ...replayed, headers: { 'Operation-Location': location, 'Retry-After': String(RETRY_AFTER_S) } };
  },
});
