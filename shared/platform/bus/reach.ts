/** Asks a queue whether it can be reached, without sending anything. */
import type { BusClient } from './client.ts';

/** Opens a sender's link, which needs the right to send, and ends it. Rejects when the queue cannot be reached. */
export const reachQueue = async (client: BusClient, queue: string): Promise<void> => {
  const sender = client.createSender(queue);
  try {
    // The size limit of a batch stands in the link's answer: the cheapest question that goes over the wire.
    await sender.createMessageBatch();
  } finally {
    await sender.close();
  }
};
