/** Which sessions exist, who holds them, and who waits for the next one that has messages. */
import type { Timer } from '../../lib/clock.ts';
import type { Alarms } from './alarms.ts';
import { Lane } from './lane.ts';

/** One holder's right to a session; it ends by release, by expiry, and by nothing else. */
export type Lease = {
  readonly session: Session;
  lockedUntilMs: number;
  held: boolean;
  /** Lock tokens of the messages received under this lease. */
  readonly tokens: Set<string>;
  onLost: () => void;
  alarm: Timer | undefined;
};

export type Session = { readonly id: string; readonly lane: Lane; state: Buffer | undefined; lease: Lease | undefined };

export type SessionsOptions = {
  lockDurationMs: number;
  now: () => number;
  alarms: Alarms;
  /** Gives back what was locked under a lease that has just ended. */
  giveBack: (lease: Lease, ending: 'released' | 'lost') => void;
};

type Waiter = { done: (lease: Lease | undefined) => void; timer: Timer };

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();
  /** Free sessions with messages, in the order in which they became so. */
  readonly #ready = new Set<Session>();
  readonly #waiters = new Set<Waiter>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** How many wait for the next session. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** The session of that id, made when there is none. */
  get(id: string): Session {
    const known = this.#sessions.get(id);
    if (known) return known;
    const session: Session = { id, lane: new Lane(), state: undefined, lease: undefined };
    this.#sessions.set(id, session);
    return session;
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Locks a session by name, be it empty or unheard of; undefined when somebody holds it. */
  accept(id: string): Lease | undefined {
    const session = this.get(id);
    return session.lease ? undefined : this.#lease(session);
  }

  /** Calls `done` with the next free session that has messages, or with undefined after the wait. The result gives up waiting. */
  acceptNext(waitMs: number, done: (lease: Lease | undefined) => void): () => void {
    const [next] = this.#ready;
    if (next) {
      done(this.#lease(next));
      return () => undefined;
    }
    const timer = this.#options.alarms.at(this.#options.now() + waitMs, () => this.#serve(waiter, undefined));
    const waiter: Waiter = { done, timer };
    this.#waiters.add(waiter);
    return () => {
      timer.cancel();
      this.#waiters.delete(waiter);
    };
  }

  /** A new end of the lock, or undefined when the lease has ended. */
  renew(lease: Lease): number | undefined {
    if (!lease.held) return undefined;
    lease.lockedUntilMs = this.#options.now() + this.#options.lockDurationMs;
    lease.alarm?.cancel();
    lease.alarm = this.#options.alarms.at(lease.lockedUntilMs, () => this.#end(lease, 'lost'));
    return lease.lockedUntilMs;
  }

  /** Ends a lease of one's own will; its locked messages come back at once and uncounted. */
  release(lease: Lease): void {
    this.#end(lease, 'released');
  }

  /** Ends a lease as its expiry would. */
  expire(lease: Lease): void {
    this.#end(lease, 'lost');
  }

  /** To be called when the session's messages, state or lease have changed. */
  refresh(session: Session): void {
    if (session.lease) return;
    if (session.lane.size === 0) {
      this.#ready.delete(session);
      if (session.state === undefined) this.#sessions.delete(session.id);
      return;
    }
    const [waiter] = this.#waiters;
    if (waiter) this.#serve(waiter, session);
    else this.#ready.add(session);
  }

  /** Every lease now held. */
  leases(): Lease[] {
    return [...this.#sessions.values()].flatMap((session) => session.lease ?? []);
  }

  /** The states of all sessions that have one. */
  states(): [sessionId: string, state: Buffer][] {
    return [...this.#sessions.values()].flatMap(({ id, state }) => (state ? [[id, state]] : []));
  }

  #serve(waiter: Waiter, session: Session | undefined): void {
    waiter.timer.cancel();
    this.#waiters.delete(waiter);
    waiter.done(session && this.#lease(session));
  }

  #lease(session: Session): Lease {
    const lease: Lease = { session, lockedUntilMs: 0, held: true, tokens: new Set(), onLost: () => undefined, alarm: undefined };
    session.lease = lease;
    this.#sessions.set(session.id, session);
    this.#ready.delete(session);
    this.renew(lease);
    return lease;
  }

  #end(lease: Lease, ending: 'released' | 'lost'): void {
    if (!lease.held) return;
    lease.held = false;
    lease.alarm?.cancel();
    lease.session.lease = undefined;
    this.#options.giveBack(lease, ending);
    if (ending === 'lost') lease.onLost();
    this.refresh(lease.session);
  }
}
