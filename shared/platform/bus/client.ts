/** The bus as this app uses it. The library is loaded when something is sent for the first time: a start does not wait for it. */
import type { ServiceBusClient, ServiceBusSender } from '@azure/service-bus';
import { once } from '../values/once.ts';
import type { BusSettings } from './bus-settings.ts';

/** What is needed of the library's sender and client; a real client is one too. */
export type BusSender = Pick<ServiceBusSender, 'sendMessages' | 'createMessageBatch' | 'close'>;
export type BusClient = { createSender: (queue: string) => BusSender; close: () => Promise<void> };

/** Opens no connection until something is sent. */
export const busClient = (settings: BusSettings): BusClient => {
  let isOpen = false;
  const client = once(async (): Promise<ServiceBusClient> => {
    isOpen = true;
    return (await import('./azure-bus.ts')).azureBus(settings);
  });
  return {
    createSender: (queue) => lazySender(async () => (await client()).createSender(queue)),
    close: async () => {
      if (isOpen) await (await client()).close();
    },
  };
};

const lazySender = (open: () => Promise<ServiceBusSender>): BusSender => {
  let isOpen = false;
  const sender = once(() => {
    isOpen = true;
    return open();
  });
  return {
    sendMessages: async (...asked) => (await sender()).sendMessages(...asked),
    createMessageBatch: async (...asked) => (await sender()).createMessageBatch(...asked),
    close: async () => {
      if (isOpen) await (await sender()).close();
    },
  };
};
