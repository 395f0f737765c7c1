/** One queue's behaviour, without any transport: send, schedule, lock, settle, sessions, expiry. */
import type { Clock } from '../../lib/clock.ts';
import type { Alarms } from './alarms.ts';
import { Duplicates } from './duplicates.ts';
import { Lane } from './lane.ts';
import { Locks, type Lock } from './locks.ts';
import { toMoved, toSaved, type NewMessage, type PropertyChanges, type SavedMessage, type StoredMessage } from './message.ts';
import { Sessions, type Lease } from './sessions.ts';
import { Store } from './store.ts';

export type QueueSettings = {
  name: string;
  lockDurationMs: number;
  maxDeliveryCount: number;
  defaultTtlMs: number;
  /** 0: no duplicate detection. */
  duplicateWindowMs: number;
  requiresSession: boolean;
  deadLetterOnExpiration: boolean;
};

export type QueueEffects = {
  clock: Clock;
  alarms: Alarms;
  newLockToken: () => string;
  /** Takes what this queue dead-letters; a dead-letter queue has none. */
  deadLetter: ((message: NewMessage) => void) | undefined;
  /** Takes every message as it becomes available, when the queue forwards. */
  forward: ((message: NewMessage) => void) | undefined;
};

export type Outcome =
  | { kind: 'complete' }
  | { kind: 'abandon'; changes: PropertyChanges }
  | { kind: 'defer'; changes: PropertyChanges }
  | { kind: 'dead-letter'; changes: PropertyChanges };

export type SendResult = { kind: 'sent'; sequenceNumbers: number[] } | { kind: 'session-id-missing' };
export type QueueCounts = { active: number; scheduled: number; deferred: number; locked: number };

export type SavedQueue = { messages: SavedMessage[]; sessionStates: [sessionId: string, state: Buffer][] };

/** Property names and texts under which the reason of a dead letter is kept. */
export const DEAD_LETTER_REASON = 'DeadLetterReason';
export const DEAD_LETTER_DESCRIPTION = 'DeadLetterErrorDescription';

export class Queue {
  readonly settings: QueueSettings;
  readonly sessions: Sessions;
  readonly locks: Locks;
  readonly #effects: QueueEffects;
  readonly #store: Store;
  readonly #lane = new Lane();
  readonly #duplicates: Duplicates;

  constructor(settings: QueueSettings, effects: QueueEffects) {
    const { lockDurationMs } = settings;
    const { alarms } = effects;
    const now = effects.clock.now;
    this.settings = settings;
    this.#effects = effects;
    this.#duplicates = new Duplicates(settings.duplicateWindowMs);
    this.#store = new Store({
      longestTtlMs: settings.defaultTtlMs,
      now,
      alarms,
      expired: (message) => this.#expire(message),
      due: (message) => this.#activate(message),
    });
    this.locks = new Locks({
      lockDurationMs,
      now,
      alarms,
      newToken: effects.newLockToken,
      expired: (message) => this.#giveBack(message, 'counted'),
    });
    this.sessions = new Sessions({ lockDurationMs, now, alarms, giveBack: (lease, ending) => this.#giveBackAll(lease, ending) });
  }

  /** Accepts all messages or none. A repeated message id within the window is accepted and dropped. */
  send(messages: readonly NewMessage[]): SendResult {
    if (this.settings.requiresSession && messages.some(({ sessionId }) => sessionId === undefined)) return { kind: 'session-id-missing' };
    const placed = messages.map((message) => this.#admit(message));
    for (const entry of placed) if (typeof entry === 'object') this.#wake(entry);
    return { kind: 'sent', sequenceNumbers: placed.map((entry) => (typeof entry === 'object' ? entry.sequenceNumber : entry)) };
  }

  /** Takes a scheduled message back before its time; false when there is none of that number. */
  cancelScheduled(sequenceNumber: number): boolean {
    const message = this.#store.find(sequenceNumber);
    if (message?.status !== 'scheduled') return false;
    this.#store.remove(message);
    return true;
  }

  /** Locks the oldest available message, of the lease's session in a queue with sessions. */
  lockNext(lease?: Lease): Lock | undefined {
    const message = this.#shift(lease);
    return message && this.locks.add(message, lease);
  }

  /** Takes the oldest available message for good. */
  takeNext(lease?: Lease): StoredMessage | undefined {
    const message = this.#shift(lease);
    if (message) this.#store.remove(message);
    return message;
  }

  /** Calls `watcher` when something may be available, until the result is called. */
  watch(watcher: () => void, lease?: Lease): () => void {
    return this.#laneOf(lease).watch(watcher);
  }

  /** Decides on a locked message. `not-allowed`: what is dead already cannot be dead-lettered. */
  settle(token: string, outcome: Outcome): 'settled' | 'lock-lost' | 'not-allowed' {
    if (outcome.kind === 'dead-letter' && !this.#effects.deadLetter) return 'not-allowed';
    const message = this.locks.remove(token);
    if (!message) return 'lock-lost';
    if (outcome.kind === 'complete') {
      this.#store.remove(message);
      return 'settled';
    }
    message.changes = { ...message.changes, ...outcome.changes };
    if (outcome.kind === 'dead-letter') this.#deadLetter(message, {});
    if (outcome.kind === 'defer') message.status = 'deferred';
    if (outcome.kind === 'abandon') this.#giveBack(message, 'counted');
    return 'settled';
  }

  /** The deferred messages of these numbers, all of them or undefined; of one session in a queue with sessions. */
  findDeferred(sequenceNumbers: readonly number[], lease?: Lease): StoredMessage[] | undefined {
    const found = sequenceNumbers.flatMap((sequenceNumber) => this.#store.find(sequenceNumber) ?? []);
    const fits = (message: StoredMessage): boolean =>
      message.status === 'deferred' && message.lockToken === undefined && (!lease || message.sessionId === lease.session.id);
    return found.length === sequenceNumbers.length && found.every(fits) ? found : undefined;
  }

  /** Removes a message that was found deferred. */
  takeDeferred(message: StoredMessage): void {
    this.#store.remove(message);
  }

  /** What the queue holds from a number on, available or not, without touching it. */
  peek(fromSequenceNumber: number, limit: number, sessionId?: string): StoredMessage[] {
    return this.#store.peek(fromSequenceNumber, limit, sessionId);
  }

  /** Ends every message and session lock as if its time were up; says how many there were. */
  expireLocks(): { messages: number; sessions: number } {
    const leases = this.sessions.leases();
    const messages = this.locks.size;
    for (const lease of leases) this.sessions.expire(lease);
    for (const token of this.locks.tokens()) this.locks.expire(token);
    return { messages, sessions: leases.length };
  }

  /** Everything that outlives a restart. */
  save(): SavedQueue {
    return { messages: [...this.#store.all()].map(toSaved), sessionStates: this.sessions.states() };
  }

  /** Takes up, in an empty queue, where another left off. */
  load({ messages, sessionStates }: SavedQueue): void {
    for (const [sessionId, state] of sessionStates) this.sessions.get(sessionId).state = state;
    const restored = messages.map((message) => this.#store.restore(message));
    for (const message of restored) if (message.status === 'active') this.#restore(message, 'uncounted');
    for (const message of restored) this.#wake(message);
  }

  /** Active messages include the locked ones. */
  counts(): QueueCounts {
    const counts: QueueCounts = { active: 0, scheduled: 0, deferred: 0, locked: this.locks.size };
    for (const { status } of this.#store.all()) counts[status] += 1;
    return counts;
  }

  #admit(message: NewMessage): StoredMessage | number {
    const nowMs = this.#effects.clock.now();
    if (!this.#duplicates.admit(message.messageId, nowMs)) return this.#store.nextSequenceNumber();
    const { scheduledAtMs } = message;
    if (scheduledAtMs !== undefined && scheduledAtMs > nowMs) return this.#store.addScheduled(message);
    return this.#accept(message);
  }

  #accept(message: NewMessage): StoredMessage | number {
    if (this.#effects.forward) {
      this.#effects.forward(message);
      return this.#store.nextSequenceNumber();
    }
    const stored = this.#store.addActive(message);
    this.#place(stored);
    return stored;
  }

  /** A scheduled message becomes available under a new number, as if it had been sent just now. */
  #activate(scheduled: StoredMessage): void {
    this.#store.remove(scheduled);
    const entry = this.#accept(scheduled);
    if (typeof entry === 'object') this.#wake(entry);
  }

  #shift(lease: Lease | undefined): StoredMessage | undefined {
    const lane = this.#laneOf(lease);
    const nowMs = this.#effects.clock.now();
    for (let message = lane.first(); message; message = lane.first()) {
      lane.remove(message);
      if (message.expiresAtMs > nowMs) return message;
      this.#endExpired(message);
    }
    return undefined;
  }

  #laneOf(lease: Lease | undefined): Lane {
    return lease ? lease.session.lane : this.#lane;
  }

  #place(message: StoredMessage): void {
    const { requiresSession } = this.settings;
    const lane = requiresSession ? this.sessions.get(message.sessionId ?? '').lane : this.#lane;
    lane.push(message);
  }

  #wake(message: StoredMessage): void {
    if (!this.settings.requiresSession) return this.#lane.notify();
    const session = this.sessions.find(message.sessionId ?? '');
    if (!session) return;
    this.sessions.refresh(session);
    session.lane.notify();
  }

  #giveBack(message: StoredMessage, counting: 'counted' | 'uncounted'): void {
    this.#restore(message, counting);
    this.#wake(message);
  }

  /** All are back in their places before anybody is told, so that nobody receives a later one first. */
  #giveBackAll(lease: Lease, ending: 'released' | 'lost'): void {
    const messages = [...lease.tokens].flatMap((token) => this.locks.remove(token) ?? []);
    for (const message of messages) this.#restore(message, ending === 'lost' ? 'counted' : 'uncounted');
  }

  #restore(message: StoredMessage, counting: 'counted' | 'uncounted'): void {
    if (counting === 'counted') message.deliveryCount += 1;
    if (message.deliveryCount >= this.settings.maxDeliveryCount && this.#effects.deadLetter) {
      this.#deadLetter(message, {
        [DEAD_LETTER_REASON]: 'MaxDeliveryCountExceeded',
        [DEAD_LETTER_DESCRIPTION]: `Message could not be consumed after ${this.settings.maxDeliveryCount} delivery attempts.`,
      });
    } else if (message.status === 'active') {
      if (message.expiresAtMs <= this.#effects.clock.now()) this.#endExpired(message);
      else this.#place(message);
    }
  }

  /** The alarm of a message's time to live. Locked and deferred ones outlive it until somebody decides on them. */
  #expire(message: StoredMessage): void {
    if (!message.place) return;
    const session = this.settings.requiresSession ? this.sessions.find(message.sessionId ?? '') : undefined;
    (session?.lane ?? this.#lane).remove(message);
    this.#endExpired(message);
    if (session) this.sessions.refresh(session);
  }

  #endExpired(message: StoredMessage): void {
    if (!this.settings.deadLetterOnExpiration) return this.#store.remove(message);
    this.#deadLetter(message, {
      [DEAD_LETTER_REASON]: 'TTLExpiredException',
      [DEAD_LETTER_DESCRIPTION]: 'The message expired and was dead lettered.',
    });
  }

  #deadLetter(message: StoredMessage, changes: PropertyChanges): void {
    this.#store.remove(message);
    this.#effects.deadLetter?.(toMoved(message, { changes, deadLetterSource: this.settings.name }));
  }
}
