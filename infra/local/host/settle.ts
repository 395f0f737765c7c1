/**
 * Settles the messages of one link strictly one after the other. The AMQP library under the SDK merges two settlements
 * of one tick into one frame with the first one's outcome, which silently completes what was to be abandoned.
 */
import type { Settler } from './message-source.ts';

export const settleInTurn = (link: Settler): Settler => {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (settle: () => Promise<void>): Promise<void> => {
    const mine = last.then(settle);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    complete: (message) => inTurn(() => link.complete(message)),
    abandon: (message) => inTurn(() => link.abandon(message)),
  };
};
