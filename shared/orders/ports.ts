/** Pure: what orders need of the engine and of other features, as far as they need it. */
import type { ItemState, OrderProfile, OrderState, WaitReason } from './model.ts';

/** A block of numbers in E.164, both ends included. */
export type NumberSpan = { from: string; to: string };

export type OrderCounts = Record<ItemState, number> & { total: number };

/** An accepted order as the engine keeps it. */
export type OrderOperation = {
  id: string;
  /** Its place in its customer's line. */
  seq: number;
  partner: string;
  customerId: string;
  /** `numbers` for orders. */
  kind: string;
  state: OrderState;
  counts: OrderCounts;
  /** Failed items by code. */
  failures: Record<string, number>;
  /** What `toView` made of the request. */
  view: Record<string, unknown>;
  idempotencyKey?: string;
  /** Nothing of it is sent before. */
  heldUntil?: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
};

export type KeyScope = { partner: string; method: string; path: string; key: string };

/** An order for one number alone; `onlyIf`: it is accepted while that holds, looked at in the moment of its acceptance. */
export type AloneOrder = { onlyIf?: () => Promise<boolean> };

export type OrderDraft = {
  lane: string;
  partner: string;
  customerId: string;
  accountName: string;
  kind: 'numbers';
  /** Put or released. */
  sentAs: 'upsert' | 'release';
  /** What becomes of numbers that the customer has already. */
  onExisting?: 'fail' | 'skip' | 'update';
  /** Digits without the plus, each once. */
  numbers: readonly string[];
  /** Items that fail at once, by their places: their codes. */
  refused: Readonly<Record<number, string>>;
  payload: Record<string, unknown>;
  /** What numbers have of their own, by their places: a merge patch over `payload`, equal ones one object; the partner's references. */
  own?: { payloads: ReadonlyMap<number, Record<string, unknown>>; references: ReadonlyMap<number, string> };
  view: Record<string, unknown>;
  requestHash: string;
  idempotencyKey?: string;
  notBeforeMs?: number;
  /** As many may be provisioned for its partner in a day. */
  numbersPerDay?: number;
  /** The ended order that this one retries. */
  retryOf?: { id: string; seq: number };
  alone?: AloneOrder;
  /** Accepted with it, right before it: when this fails, nothing of the order is sent. */
  first?: ServiceChange;
  /** The same of a change that was accepted before, by its place in the customer's line. */
  requires?: number;
};

/** A customer's service switched on, as the engine takes it in. */
export type ServiceChange = {
  lane: string;
  partner: string;
  customerId: string;
  accountName: string;
  kind: 'account';
  about: { action: string; service?: string };
  numbers: readonly string[];
  payload: Record<string, unknown>;
  view: Record<string, unknown>;
  requestHash: string;
  basedOn: number;
};

/** What it takes that a customer has a service. */
export type EnsureService = (
  partner: string,
  customerId: string,
  service: OrderProfile['service'],
) => Promise<
  | { kind: 'on'; pending?: number }
  | { kind: 'off'; change: ServiceChange }
  /** Switching it on takes what only the partner knows. */
  | { kind: 'configurationRequired' }
  | { kind: 'missing' }
>;

export type OrderAccepted =
  | { kind: 'accepted'; operation: OrderOperation; replayed: boolean }
  | { kind: 'keyReused' }
  | { kind: 'noLane' }
  /** The customer was changed since `first` was made: decide again. */
  | { kind: 'moved' }
  /** `onlyIf` did not hold. */
  | { kind: 'conditionFailed' }
  /** As many orders as a customer may have waiting for their time do. */
  | { kind: 'tooManyHeld' }
  /** It names more numbers than its partner may order today. */
  | { kind: 'overQuota'; limit: number; left: number }
  /** Its items have more of their own than can be stored at once. */
  | { kind: 'tooLarge' }
  /** Nothing was stored; try again. */
  | { kind: 'busy' };

export type AcceptOrder = (draft: OrderDraft, scope?: KeyScope) => Promise<OrderAccepted>;
/** What an earlier request with this key has led to. */
export type FindRepeat = (scope: KeyScope, requestHash: string) => Promise<OrderAccepted | undefined>;

export type CustomerFacts = {
  lane: string;
  accountName: string;
  enabledServices: readonly string[];
  teamsTenantId?: string;
  /** What of the customer its tenant's data depend on, as one text. */
  tenantState: string;
};

/** What is known of a customer's tenant. What is absent is unknown. */
export type TenantFacts = {
  plans?: readonly { usage: string; mandatoryCapabilities: readonly string[]; choosableCapabilities: readonly string[] }[];
  addresses?: readonly { id: string; locationIds: readonly string[] }[];
  /** Countries as upstream spells them. */
  consent?: { active: boolean; countries: readonly string[] };
};

/**
 * `stored` asks nobody. `fresh` reads plans and addresses from upstream where the copy is too old, one request each at most, and what it
 * still does not know then is absent.
 */
export type ReadTenantFacts = (
  partner: string,
  customer: CustomerFacts,
  wants: { plans: boolean; addresses: boolean },
  how: 'stored' | 'fresh',
) => Promise<TenantFacts>;

/** The partner's own customer. */
export type FindCustomer = (partner: string, customerId: string) => Promise<CustomerFacts | undefined>;

/** The codes with which numbers (digits) would end before they are sent, were they ordered for this customer now. */
export type ForeseeNumbers = (
  lane: string,
  order: { partner: string; onExisting?: 'fail' | 'skip' | 'update' },
  digits: readonly string[],
) => Promise<Map<string, string>>;

/** Ends what was not sent; what was sent finishes by itself. `ended`: it had ended before, and not so. */
export type CancelOrder = (
  partner: string,
  orderId: string,
) => Promise<{ kind: 'canceled'; operation: OrderOperation } | { kind: 'ended' } | { kind: 'missing' } | { kind: 'busy' }>;

/** The ids of orders that retry this one. */
export type ReadRetries<O extends OrderOperation> = (operation: O) => Promise<string[]>;

/** Where an order stands in its customer's line, and what its unsent numbers wait for. */
export type Standing = { ahead: number; waitingFor?: { reason: WaitReason; untilMs?: number; position?: number } };
export type ReadStanding<O extends OrderOperation> = (operation: O) => Promise<Standing>;

export type ItemError = { code: string; upstream?: { code: string; message: string; target?: string }[] };
/** `place`: where the engine keeps it. */
export type StoredItem = { place: { seg: number; item: number }; digits: string; state: ItemState; error?: ItemError };
/** What was asked for an item: its settings in upstream's form, and the partner's own name for it. */
export type ItemWish = { payload: Record<string, unknown>; reference?: string };
/** All items of an operation of this partner, in the order's own order. */
export type ReadItems = (
  partner: string,
  operationId: string,
) => Promise<
  | {
      operation: OrderOperation;
      items: StoredItem[];
      /** The same items with the backend's own words, however long. */
      withErrors: (items: readonly StoredItem[]) => Promise<StoredItem[]>;
      /** In the order of `items`. */
      wishesOf: (items: readonly StoredItem[]) => Promise<ItemWish[]>;
    }
  | undefined
>;

/** Accepted orders of a partner, the newest first; the bounds of time are exclusive. `next`: what the next page goes on after. */
export type ListAcceptedOrders = (query: {
  partner: string;
  kind: 'numbers';
  lane?: string;
  sentAs?: 'upsert' | 'release';
  reference?: string;
  afterMs?: number;
  beforeMs?: number;
  state?: OrderState;
  size: number;
  after?: string;
}) => Promise<{ operations: OrderOperation[]; next?: string }>;
