/** The messages that wait for a receiver, oldest first, and the receivers that wait for them. */
import { Heap } from './heap.ts';
import type { StoredMessage } from './message.ts';

export class Lane {
  readonly #waiting = new Heap<StoredMessage>();
  #watchers: (() => void)[] = [];

  get size(): number {
    return this.#waiting.size;
  }

  /** Puts a message at the place of its sequence number, so that one given back comes first again. */
  push(message: StoredMessage): void {
    message.place = this.#waiting.push(message.sequenceNumber, message);
  }

  first(): StoredMessage | undefined {
    return this.#waiting.first()?.value;
  }

  remove(message: StoredMessage): void {
    if (message.place) this.#waiting.remove(message.place);
    message.place = undefined;
  }

  /** Calls `watcher` whenever there may be something to take. The result ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.push(watcher);
    return () => {
      this.#watchers = this.#watchers.filter((other) => other !== watcher);
    };
  }

  /** Lets the watchers take in turn, another one first each time, until nothing waits. */
  notify(): void {
    for (const watcher of [...this.#watchers]) {
      if (this.size === 0) return;
      this.#rotate(watcher);
      watcher();
    }
  }

  #rotate(watcher: () => void): void {
    if (this.#watchers[0] !== watcher) return;
    this.#watchers.shift();
    this.#watchers.push(watcher);
  }
}
