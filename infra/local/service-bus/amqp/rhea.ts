/**
 * What this emulator uses of rhea 3.0, with types of its own: a server needs more than the public typings tell.
 * The internals named here are held by the contract tests; another version of rhea is checked against those.
 */
import type { Socket } from 'node:net';
import rhea from 'rhea';
import type { Typed } from 'rhea';

export const { types, message: messages } = rhea;
export type { Typed };

export type AmqpError = { condition: string; description: string; info?: Record<string, unknown> };
export type OutcomeState = {
  error?: { condition?: string; info?: Record<string, unknown> };
  undeliverable_here?: boolean;
  message_annotations?: Record<string, unknown>;
};
export type Terminus = { address?: string | null; filter?: Record<string, unknown> };

export type AmqpDelivery = {
  readonly id: number;
  readonly tag: Buffer;
  readonly format?: number;
  settled: boolean;
  remote_settled: boolean;
  readonly remote_state?: OutcomeState;
};

export type AmqpSession = {
  readonly connection: AmqpConnection;
  readonly outgoing: { next_delivery_id: number; next_pending_delivery: number; available: () => number };
  on_transfer: (frame: { performative: { message_format: number } }) => void;
  create_sender: (name: string, options?: object) => AmqpLink;
  create_receiver: (name: string, options?: object) => AmqpLink;
  output: (frame: object) => void;
};

export type AmqpLink = {
  readonly name: string;
  readonly session: AmqpSession;
  readonly connection: AmqpConnection;
  /** What the peer asked for. */
  readonly source: Terminus | null;
  readonly target: Terminus | null;
  readonly snd_settle_mode: number;
  readonly rcv_settle_mode: number;
  readonly properties: Record<string, unknown> | undefined;
  /** What we answer. */
  readonly local: { attach: Record<string, unknown> };
  credit: number;
  delivery_count: number;
  open: () => void;
  openNow?: () => void;
  close: (error?: AmqpError) => void;
  set_source: (source: Terminus) => void;
  set_target: (target: Terminus) => void;
  is_open: () => boolean;
  is_sender: () => boolean;
  on: (event: string, handler: (context: AmqpContext) => void) => void;
  send: (content: object, tag?: Buffer, format?: number) => AmqpDelivery;
  add_credit: (credit: number) => void;
  set_drained: (drained: boolean) => void;
  _get_drain: () => boolean;
};

export type AmqpContext = {
  readonly connection: AmqpConnection;
  readonly session: AmqpSession;
  readonly sender?: AmqpLink;
  readonly receiver?: AmqpLink;
  readonly delivery?: AmqpDelivery;
  readonly message?: unknown;
};

export type AmqpConnection = {
  readonly container_id: string | undefined;
  on: (event: string, handler: (context: AmqpContext) => void) => void;
  accept: (socket: Socket) => void;
  close: (error?: AmqpError) => void;
  _register: () => void;
};

/** Any format but 0 makes rhea hand over the bytes of a message instead of a decoded copy that has lost its types. */
const RAW_FORMAT = 1;

const CONNECTION_OPTIONS = {
  max_frame_size: 65_536,
  idle_time_out: 240_000,
  tcp_no_delay: true,
  // rhea would otherwise accept, settle and ask for more on our behalf.
  autoaccept: false,
  autosettle: false,
  treat_modified_as_released: false,
  credit_window: 0,
  receiver_options: { credit_window: 0, autoaccept: false, autosettle: false },
};

/** An AMQP server side on a socket: nothing is attached, accepted or settled unless this emulator says so. */
export const acceptConnection = (socket: Socket, containerId: string): AmqpConnection => {
  const container = rhea.create_container({ id: containerId });
  const mechanisms = container.sasl_server_mechanisms as { enable_anonymous: () => void; ANONYMOUS?: unknown; MSSBCBS?: unknown };
  mechanisms.enable_anonymous();
  // The token comes over $cbs afterwards; both names mean "no password here".
  mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
  const options = { ...CONNECTION_OPTIONS, container_id: containerId };
  const connection = container.create_connection(options as never) as unknown as AmqpConnection;
  connection.on('session_open', ({ session }) => prepareSession(session));
  connection.accept(socket);
  return connection;
};

/** Incoming links wait for our word, and messages come as bytes. */
const prepareSession = (session: AmqpSession): void => {
  for (const kind of ['create_sender', 'create_receiver'] as const) {
    const create = session[kind].bind(session);
    session[kind] = (name, options) => postponed(create(name, options));
  }
  const receive = session.on_transfer.bind(session);
  session.on_transfer = (frame) => {
    if (frame.performative.message_format === 0) frame.performative.message_format = RAW_FORMAT;
    receive(frame);
  };
};

/** rhea answers an attach at once; here `open` does nothing and `openLink` does it, as an answer may take a minute. */
const postponed = (link: AmqpLink): AmqpLink => {
  const openNow = link.open.bind(link);
  return Object.assign(link, { openNow, open: () => undefined });
};

/** Answers the peer's attach with what `link.local.attach` says. */
export const openLink = (link: AmqpLink): void => link.openNow?.();

/** Refuses a link as Azure does: an attach without a terminus, then a detach with the reason. */
export const refuseLink = (link: AmqpLink, error: AmqpError): void => {
  openLink(link);
  link.close(error);
};

/** The one outcome that says yes. */
export const accepted = (): unknown => (messages as unknown as { accepted: () => { described: () => unknown } }).accepted().described();

export const rejected = (error: AmqpError): unknown =>
  (messages as unknown as { rejected: (fields: object) => { described: () => unknown } }).rejected({ error }).described();
