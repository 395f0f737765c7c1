/** Use case: says all that is wrong with an order, as placing it would and beyond, and stores and sends nothing. */
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { checkSettings, namesAddress, needsTenant, screenOf } from './checks.ts';
import { serviceFacts, timeProblems, type CreateOrderEffects } from './create-order.ts';
import { estimatedCompletionMs, NUMBERS_A_WRITE } from './estimate.ts';
import { expandAll } from './expand.ts';
import { MAX_DETAILS, MAX_NUMBERS, type OrderProfile, type OrderRequest } from './model.ts';
import type { CustomerFacts, ForeseeNumbers, NumberSpan, TenantFacts } from './ports.ts';
import { toChecks, toInvalidItems, type NumberCodes, type Validation } from './validation.ts';

export type ValidateOrderInput = { partner: { id: string; ranges: readonly NumberSpan[] }; request: OrderRequest };

/** Errors: EmptyOrder, TooManyNumbers. Whatever else is wrong is told in the answer. */
export type ValidateOrder = (input: ValidateOrderInput) => Promise<{ body: Validation } | AppError>;

export type ValidateOrderEffects = Pick<
  CreateOrderEffects,
  'findCustomer' | 'ensureService' | 'readTenantFacts' | 'rules' | 'now' | 'upstreamRequestsPerMinute'
> & { foreseeNumbers: ForeseeNumbers };

/** What switching a service on takes: the account is read and written back. */
const SERVICE_REQUESTS = 2;
const MS_PER_S = 1_000;

const readFacts = async (
  { readTenantFacts }: ValidateOrderEffects,
  partner: string,
  customer: CustomerFacts | undefined,
  profile: OrderProfile | undefined,
): Promise<TenantFacts> =>
  customer && profile && needsTenant(profile)
    ? readTenantFacts(partner, customer, { plans: true, addresses: namesAddress(profile) }, 'fresh')
    : {};

/** Who holds what of a release does not matter: what is not the customer's is gone for it. */
const foresee = async (
  { foreseeNumbers }: ValidateOrderEffects,
  { partner, request }: ValidateOrderInput,
  customer: CustomerFacts | undefined,
  digits: readonly string[],
): Promise<Map<string, string>> =>
  customer && request.action === 'provision'
    ? foreseeNumbers(customer.lane, { partner: partner.id, ...(request.onExisting ? { onExisting: request.onExisting } : {}) }, digits)
    : new Map<string, string>();

/** `refused`: by places among `digits`, what is wrong with the number as it stands; the others are held against who holds them. */
const codesOf = async (
  effects: ValidateOrderEffects,
  input: ValidateOrderInput,
  customer: CustomerFacts | undefined,
  { digits, refused }: { digits: readonly string[]; refused: Readonly<Record<number, string>> },
): Promise<NumberCodes> => {
  const held = await foresee(
    effects,
    input,
    customer,
    digits.filter((_, place) => refused[place] === undefined),
  );
  return digits.map((one, place) => [one, refused[place] ?? held.get(one)]);
};

export const makeValidateOrder =
  (effects: ValidateOrderEffects): ValidateOrder =>
  async (input) => {
    const { partner, request } = input;
    const { rules, now, upstreamRequestsPerMinute } = effects;
    const profile = request.action === 'release' ? undefined : request.profile;
    const customer = await effects.findCustomer(partner.id, request.customerId);
    const [service, tenant] = await Promise.all([
      serviceFacts(effects, input, customer),
      readFacts(effects, partner.id, customer, profile),
    ]);
    const expanded = expandAll(request, partner.ranges, screenOf(profile, tenant));
    if (expanded.outcome === 'empty') return new AppError('EmptyOrder', { target: 'body' });
    if (expanded.outcome === 'tooMany')
      return new AppError('TooManyNumbers', { message: `An order may name ${MAX_NUMBERS} numbers.`, target: 'body' });
    const codes = await codesOf(effects, input, customer, expanded);
    const settings = profile ? checkSettings(profile, tenant, rules, '/profile') : [];
    const problems: ErrorDetail[] = [
      ...(service.problem ? [service.problem] : []),
      ...timeProblems(request, now()),
      ...settings.flatMap((check) => check.problems),
      ...expanded.problems,
    ];
    const items = toInvalidItems(codes);
    const total = codes.length;
    const pending = total - items.length;
    const doneMs = estimatedCompletionMs({ pending, submitted: 0 }, upstreamRequestsPerMinute, 0) ?? 0;
    return {
      body: {
        valid: problems.length === 0 && items.length === 0,
        counts: { total, valid: pending, invalid: items.length },
        upstreamRequestsNeeded: Math.ceil(pending / NUMBERS_A_WRITE) + (service.first ? SERVICE_REQUESTS : 0),
        estimatedSeconds: Math.ceil(doneMs / MS_PER_S),
        checks: toChecks({ service, settings, codes, consentKnown: tenant.consent !== undefined, isProvision: profile !== undefined }),
        problems: problems.slice(0, MAX_DETAILS),
        warnings: expanded.warnings.slice(0, MAX_DETAILS),
        items,
      },
    };
  };
