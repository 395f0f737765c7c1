/** Many deadlines on one timer of the clock: locks, expiry and scheduled messages all wait here. */
import type { Clock, Timer } from '../../lib/clock.ts';
import { Heap } from './heap.ts';

/** The longest delay Node's timers take; a later deadline is waited for in several steps. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export class Alarms {
  readonly #clock: Clock;
  readonly #waiting = new Heap<() => void>();
  #timer: Timer | undefined;
  #timerAtMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many deadlines wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Runs `action` once, at `atMs` or as soon after as the clock allows; never synchronously. */
  at(atMs: number, action: () => void): Timer {
    const entry = this.#waiting.push(atMs, action);
    this.#arm();
    return { cancel: () => void this.#waiting.remove(entry) };
  }

  /** Forgets every deadline. */
  close(): void {
    this.#timer?.cancel();
    this.#timerAtMs = Infinity;
    for (let entry = this.#waiting.first(); entry; entry = this.#waiting.first()) this.#waiting.remove(entry);
  }

  #arm(): void {
    const next = this.#waiting.first();
    if (!next || next.rank >= this.#timerAtMs) return;
    this.#timer?.cancel();
    this.#timerAtMs = next.rank;
    this.#timer = this.#clock.after(Math.min(next.rank - this.#clock.now(), LONGEST_DELAY_MS), () => this.#ring());
  }

  #ring(): void {
    this.#timerAtMs = Infinity;
    const nowMs = this.#clock.now();
    for (let entry = this.#waiting.first(); entry && entry.rank <= nowMs; entry = this.#waiting.first()) {
      this.#waiting.remove(entry);
      entry.value();
    }
    this.#arm();
  }
}
