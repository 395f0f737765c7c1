/** Takes sessions as they have messages, several at a time, and hands each one's messages on in order. */
import type { BusMessage, MessageLink, MessageSource } from './message-source.ts';
import type { Outage } from './outage.ts';
import { pause } from './pause.ts';
import type { Clock } from '../lib/clock.ts';

export type Pump = {
  start: () => void;
  /** Takes nothing new; resolves when what was taken has been handled and settled. */
  stop: () => Promise<void>;
};

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
  const stopping = new AbortController();
  const { signal } = stopping;
  const active = new Set<Promise<void>>();
  let accepting = Promise.resolve();

  const accept = async (): Promise<void> => {
    while (!signal.aborted) {
      if (active.size >= options.maxSessions) await Promise.race([...active, aborted(signal)]);
      else await acceptOne();
    }
  };
  const acceptOne = async (): Promise<void> => {
    try {
      const link = await options.source.acceptSession(signal);
      options.outage.worked();
      if (!link) return;
      const served = serve(options, link, signal).finally(() => active.delete(served));
      active.add(served);
    } catch (error) {
      options.outage.failed(error);
      await pause(options.clock, RETRY_DELAY_MS, signal);
    }
  };
  return {
    start: () => {
      accepting = accept();
    },
    stop: async () => {
      stopping.abort();
      await accepting;
      await Promise.all(active);
    },
  };
};

/** Works on one session until it stays empty for the idle time, the lock is lost, or the host stops. */
const serve = async (options: SessionPumpOptions, link: MessageLink, signal: AbortSignal): Promise<void> => {
  try {
    while (!signal.aborted) {
      const messages = await link.receive(options.maxMessages, options.idleMs, signal);
      if (messages.length === 0) break;
      await options.handle(messages, link);
    }
  } catch (error) {
    if (!signal.aborted) options.outage.failed(error);
  } finally {
    await link.close().catch(() => undefined);
  }
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
