/** Use case: takes an order in. After the 202 it survives the end of any process. */
import { AppError } from '../platform/errors/app-error.ts';
import type { Rules } from './checks.ts';
import type { CsvSource } from './from-csv.ts';
import { orderHref } from './links.ts';
import type { OrderBody } from './model.ts';
import { toDraft, type AskedOrder } from './order-draft.ts';
import { lookedUp, serviceFacts, tenantFacts, type FindProfile } from './order-facts.ts';
import { CUSTOMER_NOT_FOUND, invalidOrder } from './order-problems.ts';
import type { OrderWish } from './order-request.ts';
import type {
  AcceptOrder,
  EnsureService,
  FindCustomer,
  FindRepeat,
  KeyScope,
  OrderAccepted,
  OrderOperation,
  ReadTenantFacts,
} from './ports.ts';
import { toOrder } from './translate.ts';

/** Sending, synchronising and seeing it takes longer than that only for large orders. */
const RETRY_AFTER_S = 15;

/** Each lost race means that a change of the same customer went through. */
const MAX_TRIES = 5;

export type CreateOrderInput = AskedOrder & { wish: OrderWish; source?: CsvSource | undefined };

export type CreateOrderAnswer = { status: 202; body: OrderBody; etag: string; headers: Record<string, string> };

/**
 * Errors: EmptyOrder, TooManyNumbers, InvalidRequest with a detail for each problem, IdempotencyKeyReused, LimitReached, PayloadTooLarge,
 * PreconditionFailed, ServiceBusy.
 */
export type CreateOrder = (input: CreateOrderInput) => Promise<CreateOrderAnswer | AppError>;

export type CreateOrderEffects = {
  findProfile: FindProfile;
  findRepeat: FindRepeat;
  findCustomer: FindCustomer;
  ensureService: EnsureService;
  accept: AcceptOrder;
  readTenantFacts: ReadTenantFacts;
  rules: Rules;
  now: () => number;
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
};

const toCreated = (effects: CreateOrderEffects, operation: OrderOperation, replayed: boolean): CreateOrderAnswer => {
  const { publicBaseUrl, upstreamRequestsPerMinute } = effects;
  const body = toOrder(operation, { publicBaseUrl, upstreamRequestsPerMinute, nowMs: effects.now() });
  const location = orderHref(publicBaseUrl, operation.id);
  const headers = {
    'Operation-Location': location,
    Location: location,
    'Retry-After': String(RETRY_AFTER_S),
    ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}),
  };
  return { status: 202, body, etag: body.etag, headers };
};

const toAnswer = (effects: CreateOrderEffects, accepted: OrderAccepted): CreateOrderAnswer | AppError => {
  switch (accepted.kind) {
    case 'accepted':
      return toCreated(effects, accepted.operation, accepted.replayed);
    case 'keyReused':
      return new AppError('IdempotencyKeyReused', { target: 'Idempotency-Key' });
    case 'noLane':
      return invalidOrder([CUSTOMER_NOT_FOUND]);
    case 'conditionFailed':
      return new AppError('PreconditionFailed', { target: 'number' });
    case 'tooManyHeld':
      return new AppError('LimitReached', { message: 'Too many orders of this customer wait for their time.', target: '/notBefore' });
    case 'overQuota': {
      const { limit, left } = accepted;
      const message = `Your quota of ${limit} numbers a day leaves ${left}; the next day begins at 00:00 UTC.`;
      return new AppError('LimitReached', { message, target: 'quota' });
    }
    case 'tooLarge':
      return new AppError('PayloadTooLarge', { message: 'The items have too many settings and references of their own for one order.' });
    case 'moved':
    case 'busy':
      return new AppError('ServiceBusy');
  }
};

export const makeCreateOrder =
  (effects: CreateOrderEffects): CreateOrder =>
  async (input) => {
    const { partner, wish, requestHash, idempotencyKey, retryOf } = input;
    const path = retryOf === undefined ? 'number-orders' : `number-orders/${retryOf.id}/retry`;
    const scope: KeyScope | undefined =
      idempotencyKey === undefined ? undefined : { partner: partner.id, method: 'POST', path, key: idempotencyKey };
    // Before everything else: what the first request found in order stays accepted, whatever has changed since.
    const repeat = scope && (await effects.findRepeat(scope, requestHash));
    if (repeat) return toAnswer(effects, repeat);
    const resolved = await lookedUp(effects, partner.id, input);
    if (resolved.outcome === 'invalid') return invalidOrder(resolved.problems);
    const { order } = resolved;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const customer = await effects.findCustomer(partner.id, wish.customerId);
      // Nobody waits for upstream to have an order accepted: of the tenant, what is stored has to do.
      const [service, tenant] = await Promise.all([
        serviceFacts(effects, partner.id, order.request, customer),
        tenantFacts(effects, partner.id, order, customer, 'stored'),
      ]);
      const draft = toDraft(input, order, customer, service, tenant, { nowMs: effects.now(), rules: effects.rules });
      if (draft instanceof AppError) return draft;
      const accepted = await effects.accept(draft, scope);
      if (accepted.kind !== 'moved') return toAnswer(effects, accepted);
    }
    return new AppError('ServiceBusy');
  };
