/** What the pumps need of a message broker; the real SDK stands behind it, and a store in memory in tests. */

/** One received message, its body as the bytes that were sent (text only when the sender sent an AMQP value). */
export type BusMessage = {
  body: Uint8Array | string;
  messageId?: string | undefined;
  sessionId?: string | undefined;
  /** As the broker counts: 0 on the first delivery. */
  priorDeliveries: number;
  sequenceNumber: number;
  lockToken?: string | undefined;
  enqueuedAt?: Date | undefined;
  expiresAt?: Date | undefined;
  contentType?: string | undefined;
  correlationId?: string | undefined;
  subject?: string | undefined;
  to?: string | undefined;
  replyTo?: string | undefined;
  replyToSessionId?: string | undefined;
  partitionKey?: string | undefined;
  deadLetterSource?: string | undefined;
  applicationProperties: Record<string, unknown>;
  /** Whatever the source needs to settle it. */
  handle: unknown;
};

/** A link to a queue or to one session of it. Settling is the caller's to do one at a time (see `settle.ts`). */
export type MessageLink = {
  sessionId: string | undefined;
  /** Up to `max` messages; an empty list when none came within `waitMs` or the signal fired. */
  receive: (max: number, waitMs: number, signal: AbortSignal) => Promise<BusMessage[]>;
  complete: (message: BusMessage) => Promise<void>;
  abandon: (message: BusMessage) => Promise<void>;
  close: () => Promise<void>;
};

/** Messages pushed one by one, up to a number at a time. */
export type MessageStream = { close: () => Promise<void> };

export type MessageSource = {
  /** The next session with messages; undefined when none came in the broker's time or the signal fired. */
  acceptSession: (signal: AbortSignal) => Promise<MessageLink | undefined>;
  openQueue: () => Promise<MessageLink>;
  subscribe: (options: {
    concurrency: number;
    handle: (message: BusMessage, link: Settler) => Promise<void>;
    onError: (error: unknown) => void;
  }) => MessageStream;
};

export type Settler = Pick<MessageLink, 'complete' | 'abandon'>;
