/** Pure: subscriptions and the rows of their logs. */
import type { PostFailure } from '../platform/outbound/post-call.ts';
import type { DueTimes } from '../platform/tables/due.ts';
import type { Objectives } from './objectives.ts';

export const MAX_SUBSCRIPTIONS = 20;

/** `deleted`: its rows are being removed; nobody sees it any more. */
export type SubscriptionState = 'active' | 'paused' | 'disabled' | 'deleted';
/** `gone`: 410. `receiverAsked`: header `webhook-delivery: disable`. `failing`: no success for days. */
export type DisableReason = 'gone' | 'receiverAsked' | 'failing';

/** A signing secret, encrypted; one with an end belongs to a rotation. */
export type SealedSecret = { sealed: string; createdAt: string; expiresAtMs?: number };

/** Forms of a delivery's body, the newest last; a subscription keeps the one that it was made with until its partner chooses another. */
export const PAYLOAD_VERSIONS = ['2026-11-01'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];
/** Of subscriptions that were made before there was a choice. */
export const FIRST_PAYLOAD_VERSION: PayloadVersion = PAYLOAD_VERSIONS[0];

export const DETAILS = ['order', 'number'] as const;
export type Detail = (typeof DETAILS)[number];

/** What a partner asked for. What delivery makes of it (paused, disabled, how far) is in the head of its log. */
export type Subscription = {
  v: 1;
  id: string;
  partnerId: string;
  /** Absent: nothing is sent, the log is there to be read. */
  url?: string;
  description?: string;
  eventTypes: string[];
  customerIds: string[];
  detail: Detail;
  payloadVersion?: PayloadVersion;
  ordered: boolean;
  /** Deliveries started in a second, at the most. */
  maxPerSecond?: number;
  /** Deliveries in flight at once, at the most. */
  maxInFlight?: number;
  /** Headers that go with each delivery: names in the clear, values encrypted, in one sealed JSON object. */
  headerNames?: string[];
  sealedHeaders?: string;
  secrets: SealedSecret[];
  createdAt: string;
  updatedAt?: string;
};

/** An event that is neither finished nor untouched: it failed, or was on its way when another one was recorded. */
export type OpenEvent = { sequence: number; attempts: number; nextAtMs: number; endpointFault: boolean };

/** Something that a partner must hear about its own subscription; kept here until it is in the logs. */
export type Notice = { id: string; type: 'webhook_subscription.failing' | 'webhook_subscription.disabled'; atMs: number; reason?: string };

/** Which events are to be sent once more: those above `cursor` up to `through`, read in steps. */
export type Replay = { id: string; only: 'failed' | 'all'; cursor: number; through: number; queued: number; requestedAtMs: number };

/** Row `head|<subscription>`. Every event up to `reached` is finished or in `open`; those after it were never recorded as tried. */
export type LogHead = {
  v: 1;
  subscriptionId: string;
  partnerId: string;
  state: SubscriptionState;
  disabledReason?: DisableReason;
  changedAtMs?: number;
  /** How often its subscription was changed: whoever sends by what it was before ends. */
  revision?: number;
  /** All events from this one on are kept, whatever became of them. */
  firstSequence: number;
  lastSequence: number;
  reached: number;
  open: OpenEvent[];
  /** Faults of the endpoint in a row. */
  faults: number;
  /** How often in a row the endpoint was left alone, and until when it is. */
  deadRounds: number;
  holdUntilMs?: number;
  /** Since the last success: the first failure, how many failures well apart from each other, the last one of these, warnings given. */
  failingSinceMs?: number;
  failedRounds: number;
  countedFailureMs?: number;
  warnings: number;
  /** The next delivery of a subscription with a rate starts here at the earliest. */
  paceAtMs?: number;
  /** Recordings of attempts so far, and the oldest one that is kept. */
  records: number;
  firstRecord: number;
  objectives: Objectives;
  notices: Notice[];
  replay?: Replay;
  due: DueTimes;
};

/**
 * Row `ev|<subscription>|<sequence>`. `body` is what is signed and sent, byte for byte, at every attempt. The row is not written again for
 * what goes well: `state` stands only where the head does not tell what became of the event (see `event-state.ts`).
 */
export type LogEvent = {
  v: 1;
  sequence: number;
  eventId: string;
  type: string;
  body: string;
  appendedAtMs: number;
  /** `aborted`: the receiver asked not to be sent this one again. */
  state?: 'undelivered' | 'aborted' | 'delivered';
};

/** One try to deliver one event. */
export type Attempt = {
  sequence: number;
  eventId: string;
  type: string;
  attempt: number;
  startedAt: string;
  durationMs: number;
  delivered: boolean;
  status?: number;
  failure?: PostFailure;
  /** The beginning of the answer, as it came: escape it wherever it is shown. */
  answer?: string;
  answerTruncated?: boolean;
  nextTryAt?: string;
};

/** Row `try|<subscription>|<record>|<part>`: what one recording recorded. `mark` tells it from any other of the same number. */
export type AttemptsRow = { v: 1; mark: string; atMs: number; attempts: Attempt[] };

/** Something that happened, as the publisher hands it over. The same happening always has the same `id`. */
export type PublishedEvent = { id: string; type: string; occurredAt: string; customerId?: string; data: Record<string, unknown> };
