/** Use case: says all that is wrong with an order, as placing it would and beyond, and stores and sends nothing. */
import type { AppError, ErrorDetail } from '../platform/errors/app-error.ts';
import { screenOrder, settingsChecks } from './check-order.ts';
import type { CreateOrderEffects } from './create-order.ts';
import { estimatedCompletionMs, NUMBERS_A_WRITE } from './estimate.ts';
import { expandAll } from './expand.ts';
import type { CsvSource } from './from-csv.ts';
import { MAX_DETAILS } from './model.ts';
import { lookedUp, serviceFacts, tenantFacts } from './order-facts.ts';
import { invalidOrder, sourceProblems, timeProblems, wrongCount } from './order-problems.ts';
import type { OrderRequest, OrderWish } from './order-request.ts';
import type { CustomerFacts, ForeseeNumbers, NumberSpan } from './ports.ts';
import { toChecks, toInvalidItems, type NumberCodes, type Validation } from './validation.ts';

export type ValidateOrderInput = {
  partner: { id: string; ranges: readonly NumberSpan[] };
  wish: OrderWish;
  source?: CsvSource | undefined;
};

/** Errors: EmptyOrder, TooManyNumbers, and InvalidRequest where the settings cannot even be told. Whatever else is wrong is told in the answer. */
export type ValidateOrder = (input: ValidateOrderInput) => Promise<{ body: Validation } | AppError>;

export type ValidateOrderEffects = Pick<
  CreateOrderEffects,
  'findProfile' | 'findCustomer' | 'ensureService' | 'readTenantFacts' | 'rules' | 'now' | 'upstreamRequestsPerMinute'
> & { foreseeNumbers: ForeseeNumbers };

/** What switching a service on takes: the account is read and written back. */
const SERVICE_REQUESTS = 2;
const MS_PER_S = 1_000;

/** Who holds what of a release does not matter: what is not the customer's is gone for it. */
const foresee = async (
  { foreseeNumbers }: ValidateOrderEffects,
  partner: string,
  request: OrderRequest,
  customer: CustomerFacts | undefined,
  digits: readonly string[],
): Promise<Map<string, string>> =>
  customer && request.action === 'provision'
    ? foreseeNumbers(customer.lane, { partner, ...(request.onExisting ? { onExisting: request.onExisting } : {}) }, digits)
    : new Map<string, string>();

/** `refused`: by places among `digits`, what is wrong with the number as it stands; the others are held against who holds them. */
const codesOf = async (
  effects: ValidateOrderEffects,
  partner: string,
  request: OrderRequest,
  customer: CustomerFacts | undefined,
  { digits, refused }: { digits: readonly string[]; refused: Readonly<Record<number, string>> },
): Promise<NumberCodes> => {
  const held = await foresee(
    effects,
    partner,
    request,
    customer,
    digits.filter((_, place) => refused[place] === undefined),
  );
  return digits.map((one, place) => [one, refused[place] ?? held.get(one)]);
};

export const makeValidateOrder =
  (effects: ValidateOrderEffects): ValidateOrder =>
  async ({ partner, wish, source }) => {
    const { rules, now, upstreamRequestsPerMinute } = effects;
    const resolved = await lookedUp(effects, partner.id, { wish, source });
    if (resolved.outcome === 'invalid') return invalidOrder(resolved.problems);
    const { order } = resolved;
    const { request } = order;
    const customer = await effects.findCustomer(partner.id, request.customerId);
    const [service, tenant] = await Promise.all([
      serviceFacts(effects, partner.id, request, customer),
      tenantFacts(effects, partner.id, order, customer, 'fresh'),
    ]);
    const expanded = expandAll(request, partner.ranges, screenOrder(order, tenant, rules));
    if (expanded.outcome === 'empty' || expanded.outcome === 'tooMany') return wrongCount(expanded.outcome);
    const codes = await codesOf(effects, partner.id, request, customer, expanded);
    const settings = settingsChecks(order, tenant, rules);
    const problems: ErrorDetail[] = [
      ...(service.problem ? [service.problem] : []),
      ...timeProblems(request, now()),
      ...settings.flatMap((check) => check.problems),
      ...expanded.problems,
    ];
    const foreign = sourceProblems(source, customer);
    const items = toInvalidItems(codes);
    const total = codes.length;
    const pending = total - items.length;
    const doneMs = estimatedCompletionMs({ pending, submitted: 0 }, upstreamRequestsPerMinute, 0) ?? 0;
    return {
      body: {
        valid: problems.length + foreign.length + items.length === 0,
        counts: { total, valid: pending, invalid: items.length },
        upstreamRequestsNeeded: Math.ceil(pending / NUMBERS_A_WRITE) + (service.first ? SERVICE_REQUESTS : 0),
        estimatedSeconds: Math.ceil(doneMs / MS_PER_S),
        checks: toChecks({
          service,
          settings,
          codes,
          consentKnown: tenant.consent !== undefined,
          isProvision: request.action === 'provision',
        }),
        problems: [...problems.map(order.point), ...foreign].slice(0, MAX_DETAILS),
        warnings: expanded.warnings.slice(0, MAX_DETAILS).map(order.point),
        items,
      },
    };
  };
