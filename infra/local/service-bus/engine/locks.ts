/** Which received message is locked under which token, and until when. */
import type { Timer } from '../../lib/clock.ts';
import type { Alarms } from './alarms.ts';
import type { StoredMessage } from './message.ts';
import type { Lease } from './sessions.ts';

export type Lock = {
  readonly token: string;
  readonly message: StoredMessage;
  /** In a queue with sessions the session's lock holds its messages; they have no deadline of their own. */
  readonly lease: Lease | undefined;
  lockedUntilMs: number;
  alarm: Timer | undefined;
};

export type LocksOptions = {
  lockDurationMs: number;
  now: () => number;
  alarms: Alarms;
  newToken: () => string;
  expired: (message: StoredMessage) => void;
};

export class Locks {
  readonly #options: LocksOptions;
  readonly #locks = new Map<string, Lock>();

  constructor(options: LocksOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#locks.size;
  }

  add(message: StoredMessage, lease: Lease | undefined): Lock {
    const token = this.#options.newToken();
    const lock: Lock = { token, message, lease, lockedUntilMs: lease?.lockedUntilMs ?? 0, alarm: undefined };
    message.lockToken = token;
    this.#locks.set(token, lock);
    if (lease) lease.tokens.add(token);
    else this.#extend(lock);
    return lock;
  }

  find(token: string): Lock | undefined {
    return this.#locks.get(token);
  }

  /** The new end of a message's own lock; undefined when there is no such lock. */
  renew(token: string): number | undefined {
    const lock = this.#locks.get(token);
    if (!lock || lock.lease) return undefined;
    this.#extend(lock);
    return lock.lockedUntilMs;
  }

  /** Ends a lock without a word to anybody; the caller decides what becomes of the message. */
  remove(token: string): StoredMessage | undefined {
    const lock = this.#locks.get(token);
    if (!lock) return undefined;
    this.#locks.delete(token);
    lock.alarm?.cancel();
    lock.lease?.tokens.delete(token);
    lock.message.lockToken = undefined;
    return lock.message;
  }

  /** Ends a lock as its expiry would; false when there is no such lock. */
  expire(token: string): boolean {
    const message = this.remove(token);
    if (message) this.#options.expired(message);
    return message !== undefined;
  }

  tokens(): string[] {
    return [...this.#locks.keys()];
  }

  #extend(lock: Lock): void {
    lock.alarm?.cancel();
    lock.lockedUntilMs = this.#options.now() + this.#options.lockDurationMs;
    lock.alarm = this.#options.alarms.at(lock.lockedUntilMs, () => void this.expire(lock.token));
  }
}
