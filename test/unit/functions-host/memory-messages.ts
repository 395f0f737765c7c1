/** A queue in memory behind the host's message source, with a record of what became of every message. */
import type { BusMessage, MessageLink, MessageSource, Settler } from '../../../infra/local/host/message-source.ts';

export type MemoryQueue = {
  source: MessageSource;
  send: (body: unknown, fields?: Partial<BusMessage>) => void;
  /** In the order of settlement: `complete 1`, `abandon 2`, with the message ids. */
  settled: string[];
  dead: string[];
  /** How many settlements of one link were under way at once, at most. */
  settlingAtOnce: () => number;
  openSessions: () => string[];
  waitingAccepts: () => number;
  /** While set, every call fails. */
  breakWith: (error: Error | undefined) => void;
};

export const createMemoryQueue = ({ maxDeliveries = 10 } = {}): MemoryQueue => {
  let sequence = 0;
  let broken: Error | undefined;
  let settling = 0;
  let mostSettling = 0;
  let accepts = 0;
  const waiting: BusMessage[] = [];
  const locked = new Set<string>();
  const watchers = new Set<() => void>();
  const settled: string[] = [];
  const dead: string[] = [];
  const changed = (): void => [...watchers].forEach((watch) => watch());

  /** Polls on every change until `take` gives something, the time is up or the signal fires. */
  const waitFor = <T>(take: () => T | undefined, waitMs: number, signal: AbortSignal): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        watchers.delete(look);
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      };
      const end = (value: T | undefined): void => {
        leave();
        resolve(value);
      };
      const stop = (): void => end(undefined);
      const look = (): void => {
        if (broken) {
          leave();
          return reject(broken);
        }
        const value = take();
        if (value !== undefined) end(value);
      };
      const timer = setTimeout(stop, waitMs);
      watchers.add(look);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      else look();
    });

  const takeMessages = (max: number, sessionId: string | undefined): BusMessage[] | undefined => {
    const mine = waiting.filter((message) => message.sessionId === sessionId).slice(0, max);
    mine.forEach((message) => waiting.splice(waiting.indexOf(message), 1));
    return mine.length > 0 ? mine : undefined;
  };
  const settle = async (how: string, message: BusMessage): Promise<void> => {
    settling += 1;
    mostSettling = Math.max(mostSettling, settling);
    await new Promise((resolve) => setImmediate(resolve));
    settling -= 1;
    settled.push(`${how} ${message.messageId ?? ''}`);
    if (how !== 'abandon') return;
    const again = { ...message, priorDeliveries: message.priorDeliveries + 1 };
    if (again.priorDeliveries >= maxDeliveries) dead.push(message.messageId ?? '');
    else waiting.unshift(again);
    changed();
  };
  const settler: Settler = { complete: (message) => settle('complete', message), abandon: (message) => settle('abandon', message) };
  const link = (sessionId: string | undefined): MessageLink => ({
    ...settler,
    sessionId,
    receive: async (max, waitMs, signal) => (await waitFor(() => takeMessages(max, sessionId), waitMs, signal)) ?? [],
    close: async () => {
      if (sessionId !== undefined) locked.delete(sessionId);
      changed();
    },
  });
  const lockNext = (): string | undefined => {
    const next = waiting.find(({ sessionId }) => sessionId !== undefined && !locked.has(sessionId))?.sessionId;
    if (next !== undefined) locked.add(next);
    return next;
  };
  const subscribe: MessageSource['subscribe'] = ({ concurrency, handle }) => {
    let running = 0;
    const look = (): void => {
      while (running < concurrency) {
        const [message] = takeMessages(1, undefined) ?? [];
        if (!message) return;
        running += 1;
        void handle(message, settler).then(() => {
          running -= 1;
          changed();
        });
      }
    };
    watchers.add(look);
    look();
    return { close: async () => void watchers.delete(look) };
  };
  return {
    source: {
      subscribe,
      openQueue: async () => link(undefined),
      acceptSession: async (signal) => {
        accepts += 1;
        try {
          const sessionId = await waitFor(lockNext, 60_000, signal);
          return sessionId === undefined ? undefined : link(sessionId);
        } finally {
          accepts -= 1;
        }
      },
    },
    send: (body, fields = {}) => {
      sequence += 1;
      const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      waiting.push({
        body: bytes,
        messageId: String(sequence),
        priorDeliveries: 0,
        sequenceNumber: sequence,
        applicationProperties: {},
        handle: undefined,
        ...fields,
      });
      changed();
    },
    settled,
    dead,
    settlingAtOnce: () => mostSettling,
    openSessions: () => [...locked],
    waitingAccepts: () => accepts,
    breakWith: (error) => {
      broken = error;
      changed();
    },
  };
};
