/** A session queue as Service Bus hands it to Functions hosts: one holder a session, so many sessions a host, each kept a second when idle. */
import type { Random, Scheduler } from '../../simulation/scheduler.ts';
import type { Counters } from './counters.ts';

/** host.json: maxConcurrentSessions and sessionIdleTimeout. */
const SESSIONS_A_HOST = 64;
const IDLE_MS = 1_000;
const SEND_MS = [8, 20] as const;
const ACCEPT_MS = [10, 30] as const;

type Handle = (message: unknown) => Promise<void>;
type Session = { name: string; waiting: unknown[]; held: boolean; ring: () => void };

export type SessionBus = {
  send: (session: string, message: unknown, afterMs: number) => Promise<void>;
  /** Hands sessions to one more host from now on. */
  join: (handle: Handle) => void;
};

export const makeSessionBus = (scheduler: Scheduler, random: Random, counters: Counters): SessionBus => {
  const sessions = new Map<string, Session>();
  const ready: Session[] = [];
  const hosts: { handle: Handle; busy: number }[] = [];

  const freeHost = (): (typeof hosts)[number] | undefined => {
    const free = hosts.filter((host) => host.busy < SESSIONS_A_HOST);
    return free[random.below(free.length)];
  };

  const dispatch = (): void => {
    for (let host = freeHost(); host && ready.length > 0; host = freeHost()) {
      const session = ready.shift();
      if (!session) return;
      const holder = host;
      holder.busy++;
      void serve(session, holder.handle).then(() => {
        holder.busy--;
        dispatch();
      });
    }
  };

  const offer = (session: Session): void => {
    if (session.held || session.waiting.length === 0) return;
    session.held = true;
    ready.push(session);
    dispatch();
  };

  const arrival = (session: Session): Promise<void> => new Promise((resolve) => void (session.ring = resolve));

  /** All messages of a session one after the other, until none came for as long as a host waits for one. */
  const serve = async (session: Session, handle: Handle): Promise<void> => {
    counters.busOperations++;
    await scheduler.sleep(random.between(...ACCEPT_MS));
    for (;;) {
      if (session.waiting.length === 0) await Promise.race([scheduler.sleep(IDLE_MS), arrival(session)]);
      const message = session.waiting.shift();
      if (message === undefined) break;
      counters.busOperations += 2;
      counters.queueRuns++;
      await handle(message);
    }
    session.held = false;
    offer(session);
  };

  return {
    send: async (name, message, afterMs) => {
      counters.busOperations++;
      await scheduler.sleep(random.between(...SEND_MS));
      scheduler.after(afterMs, () => {
        const session = sessions.get(name) ?? { name, waiting: [], held: false, ring: () => undefined };
        sessions.set(name, session);
        session.waiting.push(message);
        session.ring();
        offer(session);
      });
    },
    join: (handle) => {
      hosts.push({ handle, busy: 0 });
      dispatch();
    },
  };
};
