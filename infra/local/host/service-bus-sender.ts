/** Sends the messages of output bindings through the real SDK. */
import { randomUUID } from 'node:crypto';
import type { ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import type { OutgoingMessage, SendMessages } from './outputs.ts';
import type { BusClients } from './service-bus-connection.ts';

/** One sender for each entity and connection, made at first use; they end with their clients. */
export const createServiceBusSender = (clients: BusClients): SendMessages => {
  const senders = new Map<string, Promise<ServiceBusSender>>();
  const open = async (entity: string, connection: string): Promise<ServiceBusSender> =>
    (await clients.get(connection)).createSender(entity);
  return async (entity, connection, messages) => {
    const key = `${connection} ${entity}`;
    const sender = senders.get(key) ?? open(entity, connection);
    senders.set(key, sender);
    await (await sender).sendMessages(messages.map(toSdkMessage));
  };
};

/** The body is bytes already: the SDK would put text in quotes. Without an id the receiving SDK cannot settle. */
const toSdkMessage = ({ body, contentType }: OutgoingMessage): ServiceBusMessage => ({
  body: Buffer.from(body),
  contentType,
  messageId: randomUUID(),
});
