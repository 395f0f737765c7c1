/** The composed app at a time of its own, over tables that look like the real service, for an operator, one who only reads, and acme. */
import { InvocationContext } from '@azure/functions';
import type { Effects } from '../../../functions/effects.ts';
import { wrappedTables } from '../../fakes/memory-tables.ts';
import { timedRowStore } from '../../fakes/timed-row-store.ts';
import { START_MS } from '../webhooks/log-world.ts';
import { composedApp } from './composed-app.ts';
import { acmeToken, operatorToken } from './tokens.ts';

const TOKENS = { operator: operatorToken(), reader: operatorToken('Operator.Read'), acme: acmeToken() };

/** Sleeping moves the clock; ids count up. */
export const timedApp = (changes: Partial<Effects>) => {
  let nowMs = START_MS;
  let made = 0;
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const table = wrappedTables((store) => timedRowStore(store, clock));
  const app = composedApp(TOKENS, { clock, table, newId: () => `id${String(++made).padStart(3, '0')}`, ...changes });
  /** A message as the bus would hand it over. */
  const runQueue = async (name: string, message: unknown, triggerMetadata: Record<string, unknown> = {}): Promise<void> => {
    const context = new InvocationContext({ functionName: name, invocationId: 'one', logHandler: () => undefined, triggerMetadata });
    await app.queues.find((queue) => queue.name === name)?.handler(message, context);
  };
  return { app, table, now: clock.now, advance: (ms: number) => void (nowMs += ms), runQueue };
};
