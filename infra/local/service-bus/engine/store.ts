/** Every message a queue holds, by sequence number, with the alarm that ends its time or begins it. */
import type { Alarms } from './alarms.ts';
import { toStored, type NewMessage, type StoredMessage } from './message.ts';

export type StoreOptions = {
  /** The queue's default time to live, and the longest a sender can ask for. */
  longestTtlMs: number;
  now: () => number;
  alarms: Alarms;
  expired: (message: StoredMessage) => void;
  due: (message: StoredMessage) => void;
};

export class Store {
  readonly #options: StoreOptions;
  /** In the order of sequence numbers: they only grow, and a map keeps the order of insertion. */
  readonly #messages = new Map<number, StoredMessage>();
  #lastSequenceNumber = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  /** A number that no message of this queue has had. */
  nextSequenceNumber(): number {
    return ++this.#lastSequenceNumber;
  }

  /** Keeps a message that is available from now on. */
  addActive(message: NewMessage): StoredMessage {
    const stored = this.#add(message);
    if (stored.expiresAtMs < Infinity) stored.alarm = this.#options.alarms.at(stored.expiresAtMs, () => this.#options.expired(stored));
    return stored;
  }

  /** Keeps a message until its moment; `due` is called then. */
  addScheduled(message: NewMessage, atMs: number): StoredMessage {
    const stored = this.#add(message);
    stored.status = 'scheduled';
    stored.alarm = this.#options.alarms.at(atMs, () => this.#options.due(stored));
    return stored;
  }

  find(sequenceNumber: number): StoredMessage | undefined {
    return this.#messages.get(sequenceNumber);
  }

  remove(message: StoredMessage): void {
    message.alarm?.cancel();
    this.#messages.delete(message.sequenceNumber);
  }

  /** Up to `limit` messages from a sequence number on, of one session or of all. */
  peek(fromSequenceNumber: number, limit: number, sessionId: string | undefined): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const message of this.#messages.values()) {
      if (found.length >= limit) break;
      if (message.sequenceNumber < fromSequenceNumber) continue;
      if (sessionId === undefined || message.sessionId === sessionId) found.push(message);
    }
    return found;
  }

  all(): IterableIterator<StoredMessage> {
    return this.#messages.values();
  }

  #add(message: NewMessage): StoredMessage {
    const stored = toStored(message, this.nextSequenceNumber(), this.#options.now(), this.#options.longestTtlMs);
    this.#messages.set(stored.sequenceNumber, stored);
    return stored;
  }
}
