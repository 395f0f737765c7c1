/** Takes the messages of a queue without sessions, up to a number at a time, each settled in its turn. */
import type { BusMessage, MessageSource, MessageStream, Settler } from './message-source.ts';
import type { Outage } from './outage.ts';
import type { Pump } from './session-pump.ts';
import { settleInTurn } from './settle.ts';

export type QueuePumpOptions = {
  source: MessageSource;
  handle: (messages: BusMessage[], link: Settler) => Promise<void>;
  concurrency: number;
  outage: Outage;
};

export const createQueuePump = (options: QueuePumpOptions): Pump => {
  const running = new Set<Promise<void>>();
  let stream: MessageStream | undefined;
  let turn: Settler | undefined;
  const handle = (message: BusMessage, link: Settler): Promise<void> => {
    options.outage.worked();
    turn ??= settleInTurn(link);
    const work = options.handle([message], turn).finally(() => running.delete(work));
    running.add(work);
    return work;
  };
  return {
    start: () => {
      stream = options.source.subscribe({ concurrency: options.concurrency, handle, onError: options.outage.failed });
    },
    stop: async () => {
      const closed = stream?.close();
      await Promise.all(running);
      await closed;
    },
  };
};
