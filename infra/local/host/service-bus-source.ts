/** The message source over the real `@azure/service-bus` SDK. */
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver, ServiceBusSessionReceiver } from '@azure/service-bus';
import { closeInTime } from './bounded-close.ts';
import type { BusMessage, MessageLink, MessageSource, Settler } from './message-source.ts';

/** Accept calls that end with these found no session; they are no failure. */
const NO_SESSION_CODES = new Set(['ServiceTimeout', 'OperationTimeoutError']);

/** A queue (`orders`) or its dead letters (`orders/$DeadLetterQueue`) as a message source. */
export const createServiceBusSource = (client: ServiceBusClient, queue: string, maxAutoLockRenewalDurationMs: number): MessageSource => {
  // Bodies stay bytes: the worker's library, not the SDK, decides what is JSON.
  const options = { skipParsingBodyAsJson: true, maxAutoLockRenewalDurationInMs: maxAutoLockRenewalDurationMs };
  const openReceiver = (): ServiceBusReceiver => client.createReceiver(queue, options);
  return {
    acceptSession: (signal) => acceptSession(client, queue, options, signal),
    openQueue: async () => toLink(openReceiver()),
    subscribe: ({ concurrency, handle, onError }) => {
      const receiver = openReceiver();
      const settler: Settler = toLink(receiver);
      const subscription = receiver.subscribe(
        { processMessage: (message) => handle(toBusMessage(message), settler), processError: async ({ error }) => onError(error) },
        { autoCompleteMessages: false, maxConcurrentCalls: concurrency },
      );
      return { close: () => closeInTime(() => subscription.close()) };
    },
  };
};

type ReceiverOptions = { skipParsingBodyAsJson: boolean; maxAutoLockRenewalDurationInMs: number };

/** The SDK does not hear the abort signal while the broker holds the answer: a session that comes too late is given back. */
const acceptSession = (
  client: ServiceBusClient,
  queue: string,
  options: ReceiverOptions,
  signal: AbortSignal,
): Promise<MessageLink | undefined> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(undefined);
    signal.addEventListener('abort', giveUp, { once: true });
    client.acceptNextSession(queue, { ...options, abortSignal: signal }).then(
      (receiver) => {
        signal.removeEventListener('abort', giveUp);
        if (!signal.aborted) return resolve(toLink(receiver));
        void closeInTime(() => receiver.close());
        resolve(undefined);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', giveUp);
        if (signal.aborted || NO_SESSION_CODES.has(codeOf(error))) resolve(undefined);
        else reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code);

const toLink = (receiver: ServiceBusReceiver | ServiceBusSessionReceiver): MessageLink => ({
  sessionId: 'sessionId' in receiver ? receiver.sessionId : undefined,
  receive: async (max, waitMs, signal) => {
    try {
      const messages = await receiver.receiveMessages(max, { maxWaitTimeInMs: waitMs, abortSignal: signal });
      return messages.map(toBusMessage);
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  },
  complete: ({ handle }) => receiver.completeMessage(handle as ServiceBusReceivedMessage),
  abandon: ({ handle }) => receiver.abandonMessage(handle as ServiceBusReceivedMessage),
  close: () => closeInTime(() => receiver.close()),
});

const toBusMessage = (raw: ServiceBusReceivedMessage): BusMessage => ({
  handle: raw,
  body: toBody(raw.body),
  messageId: asText(raw.messageId),
  sessionId: raw.sessionId,
  priorDeliveries: raw.deliveryCount ?? 0,
  sequenceNumber: Number(raw.sequenceNumber ?? 0),
  lockToken: raw.lockToken,
  enqueuedAt: raw.enqueuedTimeUtc,
  expiresAt: raw.expiresAtUtc,
  contentType: raw.contentType,
  correlationId: asText(raw.correlationId),
  subject: raw.subject,
  to: raw.to,
  replyTo: raw.replyTo,
  replyToSessionId: raw.replyToSessionId,
  partitionKey: raw.partitionKey,
  deadLetterSource: raw.deadLetterSource,
  applicationProperties: raw.applicationProperties ?? {},
});

/** Data sections arrive as bytes; an AMQP value or sequence section is what the extension would print. */
const toBody = (body: unknown): Uint8Array | string => {
  if (body instanceof Uint8Array) return body;
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
};

const asText = (id: string | number | Buffer | undefined): string | undefined => (id === undefined ? undefined : String(id));
