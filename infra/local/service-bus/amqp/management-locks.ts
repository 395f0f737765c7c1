/** Message locks through the management node: renew, settle without a link, receive what was deferred. */
import type { Lock } from '../engine/locks.ts';
import type { Lease } from '../engine/sessions.ts';
import { toDelivered } from './codec.ts';
import { invalidField, messageLockLost, messageNotFound, notAllowed, sessionLockLost } from './conditions.ts';
import { fromUuidBytes, toUuidBytes } from './lock-token.ts';
import type { ManagementContext, ManagementOperation, ManagementResult } from './management-operation.ts';
import { fromLongs } from './management-queue.ts';
import { fromDispositionStatus } from './outcomes.ts';
import { types, type AmqpError } from './rhea.ts';

const TIMESTAMP_CODE = 0x83;

const failed = (error: AmqpError): ManagementResult => ({ kind: 'failed', error });

const readTokens = (values: unknown): string[] => (Array.isArray(values) ? (values as Buffer[]).map(fromUuidBytes) : []);

export const renewLocks: ManagementOperation = (body, { queue }) => {
  const expirations = readTokens(body['lock-tokens']).map((token) => queue.locks.renew(token));
  if (expirations.length === 0 || expirations.includes(undefined)) return failed(messageLockLost);
  return { kind: 'done', body: { expirations: types.wrap_array(expirations, TIMESTAMP_CODE, undefined) } };
};

/** Settles all tokens or, when one lock is lost, says so after the others. */
export const updateDisposition: ManagementOperation = (body, context) => {
  const outcome = fromDispositionStatus(body['disposition-status'], body);
  if (!outcome) return failed(invalidField(`disposition-status '${String(body['disposition-status'])}' is not known.`));
  const session = findSession(body, context);
  if (session.kind === 'lost') return failed(session.error);
  const results = readTokens(body['lock-tokens']).map((token) => context.queue.settle(token, outcome));
  if (results.includes('lock-lost')) return failed(messageLockLost);
  if (results.includes('not-allowed')) return failed(notAllowed('A message of a dead-letter queue cannot be dead-lettered.'));
  return { kind: 'done' };
};

/** Mode 0 takes the messages for good, mode 1 locks them. */
export const receiveDeferred: ManagementOperation = (body, context) => {
  const session = findSession(body, context);
  if (session.kind === 'lost') return failed(session.error);
  const found = context.queue.findDeferred(fromLongs(body['sequence-numbers']), session.lease);
  if (!found) return failed(messageNotFound);
  const messages = found.map((message) => {
    if (body['receiver-settle-mode'] === 0) {
      context.queue.takeDeferred(message);
      return { message: toDelivered(message, undefined) };
    }
    return toLockedEntry(context.queue.locks.add(message, session.lease));
  });
  return { kind: 'done', body: { messages } };
};

const toLockedEntry = (lock: Lock): { message: Buffer; 'lock-token': unknown } => ({
  message: toDelivered(lock.message, lock.lockedUntilMs),
  'lock-token': types.wrap_uuid(toUuidBytes(lock.token)),
});

type FoundSession = { kind: 'found'; lease: Lease | undefined } | { kind: 'lost'; error: AmqpError };

/** In a queue with sessions only the holder of the session gets at its messages. */
const findSession = (body: Record<string, unknown>, { queue, findLease }: ManagementContext): FoundSession => {
  if (!queue.settings.requiresSession) return { kind: 'found', lease: undefined };
  const sessionId = typeof body['session-id'] === 'string' ? body['session-id'] : '';
  const lease = findLease(sessionId);
  return lease ? { kind: 'found', lease } : { kind: 'lost', error: sessionLockLost(sessionId) };
};
