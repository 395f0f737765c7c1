/** The message ids of the last while, to drop what is sent twice. */
export class Duplicates {
  readonly #windowMs: number;
  /** Message id to the end of its window; in order of arrival, therefore in order of expiry. */
  readonly #seen = new Map<string, number>();

  /** A window of 0 switches detection off. */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** True when the id is new within the window, and remembers it. A repetition does not extend the window. */
  admit(messageId: string, nowMs: number): boolean {
    if (this.#windowMs === 0) return true;
    this.#forgetBefore(nowMs);
    if (this.#seen.has(messageId)) return false;
    this.#seen.set(messageId, nowMs + this.#windowMs);
    return true;
  }

  #forgetBefore(nowMs: number): void {
    for (const [messageId, untilMs] of this.#seen) {
      if (untilMs > nowMs) return;
      this.#seen.delete(messageId);
    }
  }
}
