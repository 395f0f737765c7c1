/** Use case: takes an order in. After the 202 it survives the end of any process. */
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { screenOrder, settingsProblems, wantedFacts } from './check-order.ts';
import type { Rules } from './checks.ts';
import type { CsvSource } from './from-csv.ts';
import { expand } from './expand.ts';
import { orderHref } from './links.ts';
import { MAX_DETAILS, MAX_NUMBERS, type OrderBody, type OrderProfile } from './model.ts';
import type { OrderRequest, OrderWish } from './order-request.ts';
import { toOwnDraft } from './own-draft.ts';
import type {
  AcceptOrder,
  CustomerFacts,
  EnsureService,
  FindCustomer,
  FindRepeat,
  KeyScope,
  NumberSpan,
  OrderAccepted,
  OrderDraft,
  OrderOperation,
  ReadTenantFacts,
  TenantFacts,
} from './ports.ts';
import { resolveOrder, type Resolution, type ResolvedOrder } from './resolve-order.ts';
import { toOrder, toUpstreamNumber, toView } from './translate.ts';

/** Sending, synchronising and seeing it takes longer than that only for large orders. */
const RETRY_AFTER_S = 15;

/** Each lost race means that a change of the same customer went through. */
const MAX_TRIES = 5;

/** Who orders, and what it may. */
export type OrderingPartner = {
  id: string;
  ranges: readonly NumberSpan[];
  quota?: { numbersPerDay?: number | undefined } | undefined;
};

export type CreateOrderInput = {
  partner: OrderingPartner;
  wish: OrderWish;
  /** Where it comes from a file. */
  source?: CsvSource | undefined;
  requestHash: string;
  idempotencyKey: string | undefined;
  /** The ended order of the same customer that this one retries. */
  retryOf?: { id: string; seq: number };
};

export type CreateOrderAnswer = { status: 202; body: OrderBody; etag: string; headers: Record<string, string> };

/** Errors: EmptyOrder, TooManyNumbers, InvalidRequest with a detail for each problem, IdempotencyKeyReused, ServiceBusy. */
export type CreateOrder = (input: CreateOrderInput) => Promise<CreateOrderAnswer | AppError>;

/** A partner's own profile, or the operator's shared one. */
export type FindProfile = (partner: string, profileId: string) => Promise<OrderProfile | undefined>;

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

const CUSTOMER_NOT_FOUND: ErrorDetail = { code: 'CustomerNotFound', message: 'There is no such customer.', target: '/customerId' };
const SERVICE_NOT_ENABLED: ErrorDetail = {
  code: 'ServiceNotEnabled',
  message: 'The customer does not have this service.',
  target: '/profile/service',
};

const CONFIGURATION_REQUIRED: ErrorDetail = {
  code: 'ServiceConfigurationRequired',
  message: 'The customer does not have this service, and enabling it takes settings of its own: put the service first.',
  target: '/profile/service',
};

/** Everything that is wrong with a request, as one error. */
export const invalidOrder = (problems: readonly ErrorDetail[]): AppError =>
  new AppError('InvalidRequest', {
    message: problems.length === 1 ? '1 problem in the request.' : `${problems.length} problems in the request.`,
    target: 'body',
    details: problems.slice(0, MAX_DETAILS),
    detailsTruncated: problems.length > MAX_DETAILS,
  });

/** Cut-over windows are planned weeks ahead; further ones are mistakes. */
const MAX_NOT_BEFORE_DAYS = 90;
const DAY_MS = 86_400_000;

export const timeProblems = ({ notBefore }: OrderRequest, nowMs: number): ErrorDetail[] =>
  notBefore === undefined || Date.parse(notBefore) <= nowMs + MAX_NOT_BEFORE_DAYS * DAY_MS
    ? []
    : [{ code: 'InvalidValue', message: `Must lie within ${MAX_NOT_BEFORE_DAYS} days.`, target: '/notBefore' }];

/** What the customer's service has to say to an order: a problem, or what must come true before anything of it is sent. */
export type ServiceFacts = { problem?: ErrorDetail } & Pick<OrderDraft, 'first' | 'requires'>;

export const serviceFacts = async (
  { ensureService }: Pick<CreateOrderEffects, 'ensureService'>,
  partner: string,
  request: OrderRequest,
  customer: CustomerFacts | undefined,
): Promise<ServiceFacts> => {
  if (!customer) return { problem: CUSTOMER_NOT_FOUND };
  if (request.action === 'release') return {};
  const { service } = request.profile;
  if (request.ensureService === 'check') return customer.enabledServices.includes(service) ? {} : { problem: SERVICE_NOT_ENABLED };
  const ensured = await ensureService(partner, request.customerId, service);
  switch (ensured.kind) {
    case 'missing':
      return { problem: CUSTOMER_NOT_FOUND };
    case 'configurationRequired':
      return { problem: CONFIGURATION_REQUIRED };
    case 'off':
      return { first: ensured.change };
    case 'on':
      return ensured.pending === undefined ? {} : { requires: ensured.pending };
  }
};

/** What is stored of the customer's tenant: nobody waits for upstream to have an order accepted. */
const storedFacts = async (
  { readTenantFacts }: Pick<CreateOrderEffects, 'readTenantFacts'>,
  partner: string,
  order: ResolvedOrder,
  customer: CustomerFacts | undefined,
): Promise<TenantFacts> => {
  const wanted = wantedFacts(order);
  return customer && wanted ? readTenantFacts(partner, customer, wanted, 'stored') : {};
};

/** What the engine is asked for, or everything that is wrong with the request. */
const toDraft = (
  input: CreateOrderInput,
  order: ResolvedOrder,
  customer: CustomerFacts | undefined,
  { problem, ...before }: ServiceFacts,
  tenant: TenantFacts,
  { now, rules }: Pick<CreateOrderEffects, 'now' | 'rules'>,
): OrderDraft | AppError => {
  const { partner, requestHash, idempotencyKey, retryOf } = input;
  const { request, own, point } = order;
  const profile = request.action === 'release' ? undefined : request.profile;
  const expanded = expand(request, partner.ranges, request.allowPartial, screenOrder(order, tenant, rules));
  if (expanded.outcome === 'empty') return new AppError('EmptyOrder', { target: 'body' });
  if (expanded.outcome === 'tooMany')
    return new AppError('TooManyNumbers', { message: `An order may name ${MAX_NUMBERS} numbers.`, target: 'body' });
  const problems = [
    ...(problem ? [problem] : []),
    ...timeProblems(request, now()),
    ...settingsProblems(order, tenant, rules),
    ...(expanded.outcome === 'invalid' ? expanded.problems : []),
  ];
  const foreign = sourceProblems(input.source, customer);
  if (problems.length + foreign.length > 0 || !customer || expanded.outcome === 'invalid')
    return invalidOrder([...problems.map(point), ...foreign]);
  return {
    lane: customer.lane,
    partner: partner.id,
    customerId: request.customerId,
    accountName: customer.accountName,
    kind: 'numbers',
    numbers: expanded.digits,
    refused: expanded.refused,
    sentAs: request.action === 'release' ? 'release' : 'upsert',
    ...(request.action === 'release' || request.onExisting === undefined ? {} : { onExisting: request.onExisting }),
    payload: profile ? toUpstreamNumber(profile) : {},
    ...toOwnDraft(own, expanded.digits, profile),
    view: { ...toView(request, expanded.warnings.map(point)), ...(retryOf === undefined ? {} : { retryOf: retryOf.id }) },
    requestHash,
    ...before,
    ...(partner.quota?.numbersPerDay === undefined ? {} : { numbersPerDay: partner.quota.numbersPerDay }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(request.notBefore === undefined ? {} : { notBeforeMs: Date.parse(request.notBefore) }),
    ...(retryOf === undefined ? {} : { retryOf }),
  };
};

const foreignAccounts = ({ accounts }: CsvSource, customer: CustomerFacts | undefined): ErrorDetail[] =>
  accounts
    .filter(({ name }) => customer !== undefined && name !== customer.accountName)
    .map(({ row }) => ({ code: 'InvalidValue', message: "Not the account of the order's customer.", target: 'accountName', row }));

/** What a file says of its customer that is not so. */
export const sourceProblems = (source: CsvSource | undefined, customer: CustomerFacts | undefined): ErrorDetail[] =>
  source ? foreignAccounts(source, customer) : [];

type Wish = Pick<CreateOrderInput, 'wish' | 'source'>;

/** The order with the profile that it names looked up; its problems are told by the places in which its partner wrote it. */
export const lookedUp = async (
  { findProfile }: Pick<CreateOrderEffects, 'findProfile'>,
  partner: string,
  { wish, source }: Wish,
): Promise<Resolution> => {
  const profileId = wish.action === 'release' ? undefined : wish.profileId;
  const resolved = resolveOrder(wish, profileId === undefined ? undefined : await findProfile(partner, profileId));
  if (!source) return resolved;
  if (resolved.outcome === 'invalid') return { outcome: 'invalid', problems: resolved.problems.map(source.point) };
  const { order } = resolved;
  return { outcome: 'resolved', order: { ...order, point: (detail) => source.point(order.point(detail)) } };
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
      const [service, tenant] = await Promise.all([
        serviceFacts(effects, partner.id, order.request, customer),
        storedFacts(effects, partner.id, order, customer),
      ]);
      const draft = toDraft(input, order, customer, service, tenant, effects);
      if (draft instanceof AppError) return draft;
      const accepted = await effects.accept(draft, scope);
      if (accepted.kind !== 'moved') return toAnswer(effects, accepted);
    }
    return new AppError('ServiceBusy');
  };
