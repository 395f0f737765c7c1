/** The error conditions by which the Azure SDKs recognise what went wrong, with texts in Azure's manner. */
import type { AmqpError } from './rhea.ts';

const make =
  (condition: string) =>
  (description: string): AmqpError => ({ condition, description });

export const notAllowed = make('amqp:not-allowed');
export const notImplemented = make('amqp:not-implemented');
export const invalidField = make('amqp:invalid-field');
export const unauthorized = make('amqp:unauthorized-access');

/** The SDK takes an entity for missing only if the text says so in these words. */
export const notFound = (address: string): AmqpError => ({
  condition: 'amqp:not-found',
  description: `The messaging entity '${address}' could not be found.`,
});

export const messageLockLost: AmqpError = {
  condition: 'com.microsoft:message-lock-lost',
  description: 'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
};

export const sessionLockLost = (sessionId: string): AmqpError => ({
  condition: 'com.microsoft:session-lock-lost',
  description: `The session lock was lost for session '${sessionId}'. Request a new session receiver.`,
});

export const sessionCannotBeLocked = (sessionId: string): AmqpError => ({
  condition: 'com.microsoft:session-cannot-be-locked',
  description: `The requested session '${sessionId}' cannot be accepted. It may be locked by another receiver.`,
});

export const noSessionInTime: AmqpError = {
  condition: 'com.microsoft:timeout',
  description: 'No session with messages became free within the time allotted.',
};

export const messageNotFound: AmqpError = {
  condition: 'com.microsoft:message-not-found',
  description: 'A message of the requested sequence number could not be found.',
};

export const messageTooLarge = (sizeBytes: number, limitBytes: number): AmqpError => ({
  condition: 'amqp:link:message-size-exceeded',
  description: `The received message (size: ${sizeBytes} bytes) exceeds the limit (${limitBytes} bytes) currently allowed on the link.`,
});

export const sessionIdMissing = notAllowed(
  'The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.',
);

export const busy: AmqpError = {
  condition: 'com.microsoft:server-busy',
  description: 'The request was terminated because the entity is being throttled. Error code: 50009. Please wait 2 seconds and try again.',
};
