/** Takes sessions as they have messages, several at a time, and hands each one's messages on in order. */
import { inBackground, type Background } from './background.ts';
import type { BusMessage, MessageLink, MessageSource } from './message-source.ts';
import type { Outage } from './outage.ts';
import { pause } from './pause.ts';
import type { Clock } from '../lib/clock.ts';

/** Stopped, it takes nothing new, and has ended when what was taken has been handled and settled. */
export type Pump = Background;

export type SessionPumpOptions = {
  source: MessageSource;
  /** Handles and settles what was received together; never throws. */
  handle: (messages: BusMessage[], link: MessageLink) => Promise<void>;
  maxSessions: number;
  /** Messages taken together: 1, or a batch. */
  maxMessages: number;
  idleMs: number;
  clock: Clock;
  outage: Outage;
};

/** A broker that is not there is asked again after this; a local stack starts and restarts quickly. */
export const RETRY_DELAY_MS = 500;

/**
 * One accept call waits at a time, whatever the number of sessions: pending calls cost the broker links, and each one
 * keeps a session locked for a moment when the host stops.
 */
export const createSessionPump = (options: SessionPumpOptions): Pump => {
  const active = new Set<Promise<void>>();
  // The SDK leaves a pending accept call hanging for a minute when its connection breaks: whoever hears of the break ends it.
  let broken = new AbortController();
  const connectionBroke = (): void => {
    broken.abort();
    broken = new AbortController();
  };
  const acceptOne = async (signal: AbortSignal): Promise<void> => {
    try {
      const link = await options.source.acceptSession(AbortSignal.any([signal, broken.signal]));
      options.outage.worked();
      if (!link) return;
      const served = serve(options, link, connectionBroke, signal).finally(() => active.delete(served));
      active.add(served);
    } catch (error) {
      options.outage.failed(error);
      await pause(options.clock, RETRY_DELAY_MS, signal);
    }
  };
  return inBackground(async (signal) => {
    while (!signal.aborted) {
      if (active.size >= options.maxSessions) await Promise.race([...active, aborted(signal)]);
      else await acceptOne(signal);
    }
    await Promise.all(active);
  });
};

/** Works on one session until it stays empty for the idle time, the lock is lost, or the host stops. */
const serve = async (options: SessionPumpOptions, link: MessageLink, connectionBroke: () => void, signal: AbortSignal): Promise<void> => {
  try {
    while (!signal.aborted) {
      const messages = await link.receive(options.maxMessages, options.idleMs, signal);
      if (messages.length === 0) break;
      await options.handle(messages, link);
    }
  } catch (error) {
    if (!signal.aborted) {
      options.outage.failed(error);
      connectionBroke();
    }
  } finally {
    await link.close().catch(() => undefined);
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
