/** A priority queue whose entries can be taken out before their turn; equal ranks keep their order of arrival. */
export type HeapEntry<T> = { readonly value: T; readonly rank: number; readonly order: number; index: number };

/** The index of an entry that is in no heap any more. */
const GONE = -1;

const before = (a: HeapEntry<unknown>, b: HeapEntry<unknown>): boolean => a.rank < b.rank || (a.rank === b.rank && a.order < b.order);

export class Heap<T> {
  readonly #entries: HeapEntry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** Adds a value; the entry returned is the handle for `remove`. */
  push(rank: number, value: T): HeapEntry<T> {
    const entry: HeapEntry<T> = { value, rank, order: this.#order++, index: this.#entries.length };
    this.#entries.push(entry);
    this.#rise(entry);
    return entry;
  }

  /** The entry with the lowest rank, left in place. */
  first(): HeapEntry<T> | undefined {
    return this.#entries[0];
  }

  /** Takes an entry out; false when it had left already. */
  remove(entry: HeapEntry<T>): boolean {
    if (this.#entries[entry.index] !== entry) return false;
    const last = this.#entries.pop();
    if (last && last !== entry) {
      this.#put(last, entry.index);
      this.#rise(last);
      this.#sink(last);
    }
    entry.index = GONE;
    return true;
  }

  #put(entry: HeapEntry<T>, index: number): void {
    this.#entries[index] = entry;
    entry.index = index;
  }

  #rise(entry: HeapEntry<T>): void {
    while (entry.index > 0) {
      const parent = this.#entries[(entry.index - 1) >> 1];
      if (!parent || before(parent, entry)) return;
      this.#swap(parent, entry);
    }
  }

  #sink(entry: HeapEntry<T>): void {
    for (let child = this.#smallerChild(entry); child && before(child, entry); child = this.#smallerChild(entry)) {
      this.#swap(entry, child);
    }
  }

  #smallerChild(entry: HeapEntry<T>): HeapEntry<T> | undefined {
    const left = this.#entries[entry.index * 2 + 1];
    const right = this.#entries[entry.index * 2 + 2];
    return left && right && before(right, left) ? right : left;
  }

  #swap(a: HeapEntry<T>, b: HeapEntry<T>): void {
    const { index } = a;
    this.#put(a, b.index);
    this.#put(b, index);
  }
}
