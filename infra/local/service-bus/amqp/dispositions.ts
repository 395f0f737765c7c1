/**
 * Answers to settlements, put together exactly: only neighbours with the same outcome share a frame.
 * rhea's own writer gives two deliveries settled in one tick the first one's outcome, so it is never used here.
 */
import frames from 'rhea/lib/frames.js';
import { accepted, rejected, type AmqpDelivery, type AmqpError, type AmqpSession } from './rhea.ts';

/** Undefined: accepted. */
export type Verdict = AmqpError | undefined;
export type Range = { first: number; last: number; verdict: Verdict };

/** Puts neighbouring accepted deliveries into one range; each refusal stands alone. Order is kept. */
export const toRanges = (verdicts: readonly { id: number; verdict: Verdict }[]): Range[] => {
  const ranges: Range[] = [];
  for (const { id, verdict } of verdicts) {
    const last = ranges.at(-1);
    if (last && last.verdict === undefined && verdict === undefined && id === last.last + 1) last.last = id;
    else ranges.push({ first: id, last: id, verdict });
  }
  return ranges;
};

/** The role field of a disposition: true when we are the link's receiver. */
export type Role = 'receiver' | 'sender';

export class Dispositions {
  readonly #session: AmqpSession;
  readonly #role: Role;
  #pending: { id: number; verdict: Verdict }[] = [];

  constructor(session: AmqpSession, role: Role) {
    this.#session = session;
    this.#role = role;
  }

  /** Settles a delivery on both sides; the frame leaves with those of the same tick. */
  settle(delivery: AmqpDelivery, verdict?: AmqpError): void {
    delivery.settled = true;
    // In second settle mode the peer never settles back, and rhea would keep the delivery for ever.
    delivery.remote_settled = true;
    if (this.#pending.length === 0) process.nextTick(() => this.#flush());
    this.#pending.push({ id: delivery.id, verdict });
  }

  #flush(): void {
    const ranges = toRanges(this.#pending);
    this.#pending = [];
    for (const { first, last, verdict } of ranges) {
      const state = verdict ? rejected(verdict) : accepted();
      this.#session.output(frames.disposition({ role: this.#role === 'receiver', first, last, settled: true, state }));
    }
    this.#session.connection._register();
  }
}
