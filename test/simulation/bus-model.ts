/** Session queue of wakes as Service Bus behaves: at least once, one holder a session, locks that outlive a killed holder. */
import type { Process, World } from './process.ts';

type Message = { session: string; deliveries: number };
type Lock = { holder: Process; untilMs: number };

export type BusModel = {
  send: (sessions: readonly string[]) => void;
  /** Starts handing sessions to this host until it ends. */
  join: (host: Process, handle: (session: string) => Promise<void>) => void;
  deadLetters: () => number;
};

const LOCK_MS = 60_000;
const MAX_DELIVERIES = 10;
const IDLE_MS = 1_000;
const SESSIONS_A_HOST = 4;

export const makeBusModel = (world: World): BusModel => {
  const { scheduler, random } = world;
  const waiting: Message[] = [];
  const locks = new Map<string, Lock>();
  const hosts: { process: Process; handle: (session: string) => Promise<void>; busy: number }[] = [];
  let dead = 0;

  const isLocked = (session: string): boolean => (locks.get(session)?.untilMs ?? 0) > scheduler.now();

  const settle = (message: Message, failed: boolean): void => {
    if (!failed) return;
    if (message.deliveries >= MAX_DELIVERIES) dead++;
    else waiting.push(message);
  };

  const serve = (host: (typeof hosts)[number], message: Message): void => {
    const { process } = host;
    const lock: Lock = { holder: process, untilMs: Number.POSITIVE_INFINITY };
    locks.set(message.session, lock);
    host.busy++;
    message.deliveries++;
    const release = (failed: boolean): void => {
      host.busy--;
      if (locks.get(message.session) !== lock) return;
      settle(message, failed);
      lock.untilMs = scheduler.now() + IDLE_MS;
      scheduler.after(IDLE_MS, dispatch);
    };
    process.onKill.push(() => {
      if (locks.get(message.session) !== lock) return;
      lock.untilMs = scheduler.now() + LOCK_MS;
      settle(message, true);
      scheduler.after(LOCK_MS, dispatch);
    });
    // A renewal can fail while the holder works on: then two hold the session for a while.
    if (random.chance(world.faults.lostCommit)) scheduler.after(random.between(10, 5_000), () => void (lock.untilMs = 0));
    host.handle(message.session).then(
      () => release(false),
      () => release(true),
    );
  };

  const dispatch = (): void => {
    for (const message of [...waiting]) {
      const free = hosts.filter((host) => host.process.alive && host.busy < SESSIONS_A_HOST);
      if (free.length === 0 || isLocked(message.session)) continue;
      waiting.splice(waiting.indexOf(message), 1);
      serve(free[random.below(free.length)] as (typeof hosts)[number], message);
    }
  };

  return {
    send: (sessions) => {
      for (const session of sessions) {
        // Late, doubled and lost messages are all allowed: the rows hold the truth.
        const copies = random.chance(world.faults.storage) ? random.below(3) : 1;
        for (let n = 0; n < copies; n++)
          scheduler.after(random.between(1, 200), () => {
            waiting.push({ session, deliveries: 0 });
            dispatch();
          });
      }
    },
    join: (process, handle) => {
      hosts.push({ process, handle, busy: 0 });
      dispatch();
    },
    deadLetters: () => dead,
  };
};
