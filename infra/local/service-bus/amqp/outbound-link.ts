/** A link on which a client receives messages from a queue, be it a session's or the whole queue's. */
import type { Lock } from '../engine/locks.ts';
import type { Queue } from '../engine/queue.ts';
import type { Lease } from '../engine/sessions.ts';
import { toDelivered } from './codec.ts';
import { messageLockLost, notAllowed, sessionLockLost } from './conditions.ts';
import { Dispositions, type Verdict } from './dispositions.ts';
import { fromDeliveryTag, toDeliveryTag } from './lock-token.ts';
import { toOutcome, type OutcomeName } from './outcomes.ts';
import { openLink, type AmqpDelivery, type AmqpLink } from './rhea.ts';

/** snd-settle-mode of a receiver that deletes what it receives. */
const SETTLED = 1;
/** How soon to look again whether the peer's window has let the last messages out. */
const BLOCKED_RETRY_MS = 5;
const OUTCOMES: readonly OutcomeName[] = ['accepted', 'released', 'modified', 'rejected'];

export type OutboundOptions = { queue: Queue; lease: Lease | undefined; newTag: () => string };

export class OutboundLink {
  readonly #link: AmqpLink;
  readonly #options: OutboundOptions;
  readonly #dispositions: Dispositions;
  readonly #unwatch: () => void;
  #draining = false;

  constructor(link: AmqpLink, options: OutboundOptions) {
    this.#link = link;
    this.#options = options;
    this.#dispositions = new Dispositions(link.session, 'sender');
    this.#unwatch = options.queue.watch(() => this.#pump(), options.lease);
    if (options.lease) options.lease.onLost = () => this.#lost(options.lease);
    this.#listen();
    this.#answerAttach();
    this.#pump();
  }

  /** Ends the flow of messages. Locks of single messages outlive the link, as the client may settle them elsewhere. */
  stop(): void {
    this.#unwatch();
    if (this.#options.lease) this.#options.lease.onLost = () => undefined;
  }

  #listen(): void {
    const link = this.#link;
    for (const name of OUTCOMES) link.on(name, ({ delivery }) => delivery && this.#settle(delivery, name));
    // A client that settles without asking for an answer: only the place in rhea's ring is to be freed.
    link.on('settled', ({ delivery }) => {
      if (delivery) delivery.settled = true;
    });
    link.on('sendable', () => this.#pump());
    link.on('sender_draining', () => this.#drain());
    // rhea leaves a drain without credit unanswered; a client waits for the answer all the same.
    link._get_drain = () => {
      link.delivery_count += link.credit;
      link.credit = 0;
      return true;
    };
  }

  #answerAttach(): void {
    const { attach } = this.#link.local;
    attach['snd_settle_mode'] = this.#link.snd_settle_mode;
    attach['rcv_settle_mode'] = this.#link.rcv_settle_mode;
    openLink(this.#link);
  }

  #pump(): void {
    const { outgoing } = this.#link.session;
    while (this.#link.is_open() && this.#link.credit > this.#unsent() && outgoing.available() > 0) {
      if (!this.#sendNext()) return;
    }
  }

  #unsent(): number {
    const { outgoing } = this.#link.session;
    return outgoing.next_delivery_id - outgoing.next_pending_delivery;
  }

  #sendNext(): boolean {
    const { queue, lease, newTag } = this.#options;
    if (this.#link.snd_settle_mode === SETTLED) {
      const message = queue.takeNext(lease);
      if (message) this.#link.send(toDelivered(message, undefined), toDeliveryTag(newTag()), 0);
      return message !== undefined;
    }
    const lock = queue.lockNext(lease);
    if (lock) this.#deliver(lock);
    return lock !== undefined;
  }

  #deliver(lock: Lock): void {
    this.#link.send(toDelivered(lock.message, lock.lockedUntilMs), toDeliveryTag(lock.token), 0);
  }

  #settle(delivery: AmqpDelivery, name: OutcomeName): void {
    this.#dispositions.settle(delivery, this.#decide(delivery, name));
  }

  #decide(delivery: AmqpDelivery, name: OutcomeName): Verdict {
    const { queue, lease } = this.#options;
    const result = queue.settle(fromDeliveryTag(delivery.tag), toOutcome(name, delivery.remote_state));
    if (result === 'settled') return undefined;
    if (result === 'not-allowed') return notAllowed('A message of a dead-letter queue cannot be dead-lettered.');
    return lease && !lease.held ? sessionLockLost(lease.session.id) : messageLockLost;
  }

  #drain(): void {
    this.#draining = true;
    this.#pump();
    setImmediate(() => this.#answerDrain());
  }

  /** The answer takes the credit away, so it has to wait for messages that are on their way out. */
  #answerDrain(): void {
    if (!this.#draining || !this.#link.is_open()) return;
    if (this.#unsent() > 0) return void setTimeout(() => this.#answerDrain(), BLOCKED_RETRY_MS);
    this.#draining = false;
    this.#link.set_drained(true);
    this.#link.connection._register();
  }

  #lost(lease: Lease | undefined): void {
    this.stop();
    if (lease) this.#link.close(sessionLockLost(lease.session.id));
  }
}
