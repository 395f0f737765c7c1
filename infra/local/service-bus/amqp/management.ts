/** The management node of a queue: everything that is no plain send, receive or settle. */
import { notImplemented } from './conditions.ts';
import { cancelScheduled, peekMessages, scheduleMessages } from './management-queue.ts';
import { receiveDeferred, renewLocks, updateDisposition } from './management-locks.ts';
import type { ManagementContext, ManagementOperation } from './management-operation.ts';
import { getSessionState, renewSessionLock, setSessionState } from './management-sessions.ts';
import type { Request, Response } from './requests.ts';
import type { AmqpError } from './rhea.ts';

const OPERATIONS: ReadonlyMap<unknown, ManagementOperation> = new Map([
  ['com.microsoft:schedule-message', scheduleMessages],
  ['com.microsoft:cancel-scheduled-message', cancelScheduled],
  ['com.microsoft:peek-message', peekMessages],
  ['com.microsoft:renew-lock', renewLocks],
  ['com.microsoft:receive-by-sequence-number', receiveDeferred],
  ['com.microsoft:update-disposition', updateDisposition],
  ['com.microsoft:renew-session-lock', renewSessionLock],
  ['com.microsoft:get-session-state', getSessionState],
  ['com.microsoft:set-session-state', setSessionState],
]);

/** Status codes of the answers by what went wrong; anything else is the client's fault. */
const STATUS: Readonly<Record<string, number>> = {
  'amqp:not-implemented': 501,
  'amqp:not-found': 404,
  'com.microsoft:message-not-found': 404,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:server-busy': 503,
};

/** Answers one request; what it does not know is refused as not implemented. */
export const manage = (request: Request, context: ManagementContext): Response => {
  const operation = OPERATIONS.get(request.properties['operation']);
  if (!operation) return toFailure(notImplemented(`The operation '${String(request.properties['operation'])}' is not supported.`));
  const result = operation((request.body ?? {}) as Record<string, unknown>, context);
  if (result.kind === 'failed') return toFailure(result.error);
  if (result.kind === 'empty') return { properties: { statusCode: 204, statusDescription: 'NoContent' } };
  return { properties: { statusCode: 200, statusDescription: 'OK' }, ...(result.body ? { body: result.body } : {}) };
};

export const toFailure = ({ condition, description }: AmqpError): Response => ({
  properties: { statusCode: STATUS[condition] ?? 400, statusDescription: description, errorCondition: condition },
});
