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

const SOAK_MESSAGES = 100_000;
/** The first tenth fills caches and grows the heap to its working size. */
const WARM_UP = 1;

/** Memory of the local Service Bus while 100,000 messages pass through it. */
export const measureSoak = async (): Promise<Figures> => {
  const { soak } = await measureServiceBus(SOAK_MESSAGES / 100, SOAK_MESSAGES);
  const settled = soak.rssMb.slice(WARM_UP);
  const [first = 0, last = 0] = [settled[0], settled.at(-1)];
  return {
    'messages / s': soak.perSecond,
    'RSS after a tenth, MB': first,
    'RSS at the end, MB': last,
    'end / after a tenth': last / first,
  };
};
