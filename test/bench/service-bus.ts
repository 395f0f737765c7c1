/** Throughput of the local Service Bus over the real SDK; the program runs in a process of its own. */
import { measureServiceBus } from '../../infra/local/service-bus/measure.ts';
import type { Figures } from './benchmark.ts';

const MESSAGES = 2_000;

export const measureBus = async (): Promise<Figures> => {
  const { sendBatchedPerSecond, receiveCompletePerSecond, sessionsPerSecond } = await measureServiceBus(MESSAGES, 0);
  return {
    'sent in batches / s': sendBatchedPerSecond,
    'received one by one / s': receiveCompletePerSecond.inFlight1,
    'received 16 at a time / s': receiveCompletePerSecond.inFlight16,
    '16 at a time / one by one': receiveCompletePerSecond.inFlight16 / receiveCompletePerSecond.inFlight1,
    'sessions of 20 / s': sessionsPerSecond,
  };
};
