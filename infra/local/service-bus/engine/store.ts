/** Every message a queue holds, by sequence number, with the alarm that ends its time or begins it. */
import type { Alarms } from './alarms.ts';
import { toStored, type NewMessage, type SavedMessage, type StoredMessage } from './message.ts';

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
    const stored = toStored(message, this.nextSequenceNumber(), this.#options.now(), this.#options.longestTtlMs);
    return this.#keep(stored);
  }

  /** Keeps a message until the moment it is scheduled for; `due` is called then. */
  addScheduled(message: NewMessage): StoredMessage {
    const stored = toStored(message, this.nextSequenceNumber(), this.#options.now(), this.#options.longestTtlMs);
    return this.#keep({ ...stored, status: 'scheduled' });
  }

  /** Keeps a message that was saved before a restart, under the number it had. */
  restore(saved: SavedMessage): StoredMessage {
    this.#lastSequenceNumber = Math.max(this.#lastSequenceNumber, saved.sequenceNumber);
    return this.#keep({ ...saved, place: undefined, lockToken: undefined, alarm: undefined });
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

  #keep(stored: StoredMessage): StoredMessage {
    const { alarms, expired, due } = this.#options;
    this.#messages.set(stored.sequenceNumber, stored);
    if (stored.status === 'scheduled') stored.alarm = alarms.at(stored.scheduledAtMs ?? 0, () => due(stored));
    else if (stored.expiresAtMs < Infinity) stored.alarm = alarms.at(stored.expiresAtMs, () => expired(stored));
    return stored;
  }
}
