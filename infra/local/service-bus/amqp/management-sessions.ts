/** Session locks and session state through the management node; only the holder of the session may ask. */
import type { Lease } from '../engine/sessions.ts';
import { sessionLockLost } from './conditions.ts';
import type { ManagementContext, ManagementOperation, ManagementResult } from './management-operation.ts';
import { types } from './rhea.ts';

const withLease = (
  body: Record<string, unknown>,
  context: ManagementContext,
  action: (lease: Lease) => ManagementResult,
): ManagementResult => {
  const sessionId = typeof body['session-id'] === 'string' ? body['session-id'] : '';
  const lease = context.findLease(sessionId);
  return lease ? action(lease) : { kind: 'failed', error: sessionLockLost(sessionId) };
};

export const renewSessionLock: ManagementOperation = (body, context) =>
  withLease(body, context, (lease) => ({
    kind: 'done',
    body: { expiration: types.wrap_timestamp(context.queue.sessions.renew(lease) ?? lease.lockedUntilMs) },
  }));

export const getSessionState: ManagementOperation = (body, context) =>
  withLease(body, context, (lease) => ({ kind: 'done', body: { 'session-state': lease.session.state ?? null } }));

/** An empty state clears it, so that a session without messages is forgotten. */
export const setSessionState: ManagementOperation = (body, context) =>
  withLease(body, context, (lease) => {
    const state = body['session-state'];
    lease.session.state = Buffer.isBuffer(state) ? state : undefined;
    return { kind: 'done' };
  });
