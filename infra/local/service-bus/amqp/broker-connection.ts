/** One client's connection: which of its links leads where, and what is let go when they end. */
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { Namespace } from '../engine/namespace.ts';
import type { Queue } from '../engine/queue.ts';
import type { Lease } from '../engine/sessions.ts';
import type { Faults } from '../faults.ts';
import { parseAddress, type Address } from './addresses.ts';
import { Grants, type Authenticate } from './authorization.ts';
import { putToken } from './cbs.ts';
import { busy, invalidField, noSessionInTime, notAllowed, notFound, unauthorized } from './conditions.ts';
import { openInboundLink } from './inbound-link.ts';
import { manage, toFailure } from './management.ts';
import { OutboundLink } from './outbound-link.ts';
import { ReplyLinks, serveRequests, type Respond } from './requests.ts';
import { refuseLink, type AmqpConnection, type AmqpError, type AmqpLink } from './rhea.ts';
import { answerWithSession, requestedSession, requestSession } from './session-attach.ts';

export type BrokerOptions = {
  namespace: Namespace;
  authenticate: Authenticate;
  clock: Clock;
  tokenClock: Clock;
  log: Log;
  newUuid: () => string;
  faults: Faults;
};

/** Without a handler rhea writes these to the console or throws them. */
const FAILURES = ['disconnected', 'protocol_error', 'connection_error', 'session_error', 'sender_error', 'receiver_error', 'error'];

/** How a link ended: `closed` by the client's word, `dropped` with its connection. */
type Ending = 'closed' | 'dropped';
type Ended = (ending: Ending) => void;

export class BrokerConnection {
  readonly #connection: AmqpConnection;
  readonly #options: BrokerOptions;
  readonly #grants: Grants;
  readonly #replies = new ReplyLinks();
  readonly #links = new Map<AmqpLink, Ended>();
  readonly #leases = new Set<{ queue: Queue; lease: Lease }>();

  constructor(connection: AmqpConnection, options: BrokerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#grants = new Grants(options.tokenClock);
    connection.on('receiver_open', ({ receiver }) => receiver && this.#onAttach(receiver, receiver.target?.address));
    connection.on('sender_open', ({ sender }) => sender && this.#onAttach(sender, sender.source?.address));
    connection.on('receiver_close', ({ receiver }) => receiver && this.#end(receiver, 'closed'));
    connection.on('sender_close', ({ sender }) => sender && this.#end(sender, 'closed'));
    connection.on('session_close', ({ session }) => this.#endAll('closed', (link) => link.session === session));
    for (const event of FAILURES) connection.on(event, (context) => this.#log(event, context));
    connection.on('connection_close', () => this.#endAll('closed', () => true));
  }

  /** The socket is gone. What its locks hold stays locked until they expire, as nobody said that it is done. */
  drop(): void {
    this.#endAll('dropped', () => true);
  }

  close(error?: AmqpError): void {
    this.#connection.close(error);
  }

  #log(event: string, context: unknown): void {
    const error: unknown = context instanceof Error ? context : (context as { error?: unknown } | undefined)?.error;
    this.#options.log(`connection: ${event}`, error instanceof Error ? { error: error.message } : undefined);
  }

  #onAttach(link: AmqpLink, address: string | null | undefined): void {
    this.#links.set(link, () => this.#replies.remove(link));
    const target = parseAddress(address);
    if (!target) return refuseLink(link, invalidField('The link has no address.'));
    if (target.kind === 'cbs') return this.#serve(link, (request) => putToken(request, this.#options.authenticate, this.#grants));
    const refusal = this.#refusal(target);
    if (refusal) return refuseLink(link, refusal);
    if (target.kind === 'management') this.#attachManagement(link, target.path);
    else this.#attachEntity(link, target.path);
  }

  #refusal({ path, kind }: Exclude<Address, { kind: 'cbs' }>): AmqpError | undefined {
    if (!this.#grants.allows(kind === 'management' ? `${path}/$management` : path)) {
      return unauthorized(`Unauthorized access. A claim on '${path}' is required to perform this operation.`);
    }
    if (!this.#options.namespace.find(path)) return notFound(path);
    return this.#options.faults.strike('attach', path).kind === 'none' ? undefined : busy;
  }

  /** The client receives answers on one link of a pair and sends requests on the other. */
  #serve(link: AmqpLink, respond: Respond): void {
    if (link.is_sender()) this.#replies.add(link);
    else serveRequests(link, this.#replies, respond);
  }

  #attachManagement(link: AmqpLink, path: string): void {
    const { namespace, clock, newUuid, faults } = this.#options;
    const queue = namespace.find(path)?.queue;
    if (!queue) return;
    const findLease = (sessionId: string): Lease | undefined => this.#findLease(queue, sessionId);
    this.#serve(link, async (request) => {
      const effect = faults.strike('manage', path);
      if (effect.kind === 'busy') return toFailure(busy);
      if (effect.kind === 'delay') await new Promise<void>((resolve) => clock.after(effect.delayMs, resolve));
      return manage(request, { queue, newMessageId: newUuid, findLease });
    });
  }

  #attachEntity(link: AmqpLink, path: string): void {
    const found = this.#options.namespace.find(path);
    if (!found) return;
    const { queue, entity } = found;
    const dead = queue === entity.deadLetters;
    if (link.is_sender()) return this.#attachReceiver(link, queue, !dead && entity.settings.forwardTo !== '');
    if (dead) return refuseLink(link, notAllowed(`Messages cannot be sent to '${path}'.`));
    const { newUuid: newMessageId, clock, faults } = this.#options;
    openInboundLink(link, { queue, newMessageId, clock, strike: () => faults.strike('send', path) });
  }

  #attachReceiver(link: AmqpLink, queue: Queue, forwards: boolean): void {
    const sessionId = requestedSession(link);
    const { requiresSession, name } = queue.settings;
    if (forwards) return refuseLink(link, notAllowed(`'${name}' forwards its messages; nothing can be received from it.`));
    if (requiresSession !== (sessionId !== undefined)) return refuseLink(link, notAllowed(wrongReceiver(name, requiresSession)));
    if (sessionId === undefined) return this.#startReceiver(link, queue, undefined);
    this.#attachSession(link, queue, sessionId);
  }

  /** The answer may come at once or after a wait, during which the client may go away. */
  #attachSession(link: AmqpLink, queue: Queue, sessionId: string | null): void {
    const request = { answered: false };
    const giveUp = requestSession(link, {
      queue,
      sessionId,
      accepted: (lease) => {
        request.answered = true;
        this.#startReceiver(link, queue, lease);
      },
      refused: (error) => {
        request.answered = true;
        refuseLink(link, error);
      },
    });
    if (request.answered) return;
    this.#links.set(link, (ending) => {
      giveUp();
      if (ending === 'closed' && !request.answered) refuseLink(link, noSessionInTime);
    });
  }

  #startReceiver(link: AmqpLink, queue: Queue, lease: Lease | undefined): void {
    if (lease) answerWithSession(link, lease);
    else link.set_source({ address: link.source?.address ?? null });
    link.set_target({ address: link.target?.address ?? null });
    const outbound = new OutboundLink(link, { queue, lease, newTag: this.#options.newUuid });
    const held = lease && { queue, lease };
    if (held) this.#leases.add(held);
    this.#links.set(link, (ending) => {
      outbound.stop();
      if (!held) return;
      this.#leases.delete(held);
      if (ending === 'closed') queue.sessions.release(held.lease);
    });
  }

  #findLease(queue: Queue, sessionId: string): Lease | undefined {
    for (const held of this.#leases) {
      if (held.queue === queue && held.lease.held && held.lease.session.id === sessionId) return held.lease;
    }
    return undefined;
  }

  #end(link: AmqpLink, ending: Ending): void {
    const ended = this.#links.get(link);
    this.#links.delete(link);
    ended?.(ending);
  }

  #endAll(ending: Ending, applies: (link: AmqpLink) => boolean): void {
    for (const link of [...this.#links.keys()]) if (applies(link)) this.#end(link, ending);
  }
}

const wrongReceiver = (name: string, requiresSession: boolean): string =>
  requiresSession
    ? `It is not possible for an entity that requires sessions to create a non-sessionful message receiver ('${name}').`
    : `A sessionful message receiver cannot be created on an entity that does not require sessions ('${name}').`;
