/** Takes messages of a queue without sessions in batches, one batch at a time. */
import type { Clock } from '../lib/clock.ts';
import { inBackground } from './background.ts';
import type { BusMessage, MessageLink, MessageSource, Settler } from './message-source.ts';
import type { Outage } from './outage.ts';
import { pause } from './pause.ts';
import { RETRY_DELAY_MS } from './session-pump.ts';
import type { Pump } from './session-pump.ts';

export type BatchPumpOptions = {
  source: MessageSource;
  handle: (messages: BusMessage[], link: Settler) => Promise<void>;
  maxMessageBatchSize: number;
  minMessageBatchSize: number;
  maxBatchWaitTimeMs: number;
  clock: Clock;
  outage: Outage;
};

/** How long one call waits for a first message; the loop simply asks again. */
const RECEIVE_WAIT_MS = 60_000;

export const createBatchPump = (options: BatchPumpOptions): Pump =>
  inBackground(async (signal) => {
    while (!signal.aborted) {
      try {
        await pumpLink(options, signal);
      } catch (error) {
        options.outage.failed(error);
        await pause(options.clock, RETRY_DELAY_MS, signal);
      }
    }
  });

const pumpLink = async (options: BatchPumpOptions, signal: AbortSignal): Promise<void> => {
  const link = await options.source.openQueue();
  try {
    while (!signal.aborted) {
      const messages = await collect(options, link, signal);
      options.outage.worked();
      if (messages.length > 0) await options.handle(messages, link);
    }
  } finally {
    await link.close().catch(() => undefined);
  }
};

/** Waits for the least number of messages, but not longer than the batch wait after the first. */
const collect = async (options: BatchPumpOptions, link: MessageLink, signal: AbortSignal): Promise<BusMessage[]> => {
  const batch = await link.receive(options.maxMessageBatchSize, RECEIVE_WAIT_MS, signal);
  const endMs = options.clock.now() + options.maxBatchWaitTimeMs;
  while (batch.length > 0 && batch.length < options.minMessageBatchSize && options.clock.now() < endMs && !signal.aborted) {
    batch.push(...(await link.receive(options.maxMessageBatchSize - batch.length, endMs - options.clock.now(), signal)));
  }
  return batch;
};
