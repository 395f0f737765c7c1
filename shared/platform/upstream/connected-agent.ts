/** Connections to upstream: a request gets one only when it is open and the request may still leave; old ones are not kept. */
import { Agent, type RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../time/clock.ts';
import type { Progress } from './answer.ts';

/** One request on its way; travels with its connection options. */
export type Transmission = {
  progress: Progress;
  /** Whether the permit is still good. */
  mayLeave: () => boolean;
  /** Ends the request before a byte of it was written. */
  abandon: () => void;
};

/** Shorter than what servers grant an idle connection (Node: 5 s): a request on a closed one would be ambiguous. */
const IDLE_MS = 4_000;
/** The name's records live 60 s (Learn, integrate with the Provisioning API): a busy connection must not outlive them. */
const MAX_AGE_MS = 50_000;

type Handover = (error: Error | null, socket: Duplex) => void;

const transmissionOf = (options: object): Transmission | undefined => (options as { transmission?: Transmission }).transmission;

export class ConnectedAgent extends Agent {
  readonly #clock: Clock;
  readonly #openedMs = new WeakMap<Duplex, number>();
  #retired = false;

  /** Every new connection looks the name up anew, by `lookup` instead of the system's resolver where given. */
  constructor(clock: Clock, lookup?: LookupFunction) {
    super({ keepAlive: true, timeout: IDLE_MS, family: 4, ...(lookup ? { lookup } : {}) });
    this.#clock = clock;
  }

  /** No connection of this agent serves another request; those in use finish theirs. */
  retire(): void {
    this.#retired = true;
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  override createConnection(options: RequestOptions, handOver?: Handover): undefined {
    const socket = super.createConnection(options) as TLSSocket;
    const transmission = transmissionOf(options);
    if (transmission) transmission.progress = 'connecting';
    const failed = (error: Error): void => handOver?.(error, socket);
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      socket.removeListener('error', failed);
      this.#openedMs.set(socket, this.#clock.now());
      release(transmission);
      // An abandoned request leaves the connection to the pool, for the next try.
      handOver?.(null, socket);
    });
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const ageMs = this.#clock.now() - (this.#openedMs.get(socket) ?? 0);
    // The base class answers a boolean, which its type leaves out.
    const willing = super.keepSocketAlive(socket) as unknown as boolean;
    return willing && !this.#retired && ageMs < MAX_AGE_MS;
  }
}

const release = (transmission: Transmission | undefined): void => {
  if (!transmission) return;
  if (transmission.mayLeave()) {
    transmission.progress = 'mayHaveLeft';
    return;
  }
  transmission.progress = 'permitExpired';
  transmission.abandon();
};
