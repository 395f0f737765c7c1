/** Pure: an order whose settings and facts are known -> what the engine is asked for, or everything that is wrong with it. */
import type { AppError, ErrorDetail } from '../platform/errors/app-error.ts';
import { screenOrder, settingsProblems } from './check-order.ts';
import type { Rules } from './checks.ts';
import { expand } from './expand.ts';
import { invalidOrder, sourceProblems, timeProblems, wrongCount, type SourceAccounts } from './order-problems.ts';
import { toOwnDraft } from './own-draft.ts';
import type { AloneOrder, CustomerFacts, NumberSpan, OrderDraft, TenantFacts } from './ports.ts';
import type { ResolvedOrder } from './resolve-order.ts';
import { toUpstreamNumber, toView } from './translate.ts';

/** Who orders, and what it may. */
export type OrderingPartner = {
  id: string;
  ranges: readonly NumberSpan[];
  quota?: { numbersPerDay?: number | undefined } | undefined;
};

/** Whatever comes with an order beside its wish. */
export type AskedOrder = {
  partner: OrderingPartner;
  /** Where it comes from a file. */
  source?: SourceAccounts | undefined;
  requestHash: string;
  idempotencyKey: string | undefined;
  /** The ended order of the same customer that this one retries. */
  retryOf?: { id: string; seq: number };
  alone?: AloneOrder;
};

/** What the customer's service has to say to an order: a problem, or what must come true before anything of it is sent. */
export type ServiceFacts = { problem?: ErrorDetail } & Pick<OrderDraft, 'first' | 'requires'>;

/** Errors: EmptyOrder, TooManyNumbers, and InvalidRequest with a detail for each problem, told by the places in which the partner wrote it. */
export const toDraft = (
  asked: AskedOrder,
  order: ResolvedOrder,
  customer: CustomerFacts | undefined,
  { problem, ...before }: ServiceFacts,
  tenant: TenantFacts,
  { nowMs, rules }: { nowMs: number; rules: Rules },
): OrderDraft | AppError => {
  const { partner, source, requestHash, idempotencyKey, retryOf, alone } = asked;
  const { request, point } = order;
  const profile = request.action === 'release' ? undefined : request.profile;
  const expanded = expand(request, partner.ranges, request.allowPartial, screenOrder(order, tenant, rules));
  if (expanded.outcome === 'empty' || expanded.outcome === 'tooMany') return wrongCount(expanded.outcome);
  const problems = [
    ...(problem ? [problem] : []),
    ...timeProblems(request, nowMs),
    ...settingsProblems(order, tenant, rules),
    ...(expanded.outcome === 'invalid' ? expanded.problems : []),
  ];
  const foreign = sourceProblems(source, customer);
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
    ...toOwnDraft(order, expanded.warnings.length > 0),
    view: { ...toView(request, expanded.warnings.map(point)), ...(retryOf === undefined ? {} : { retryOf: retryOf.id }) },
    requestHash,
    ...before,
    ...(partner.quota?.numbersPerDay === undefined ? {} : { numbersPerDay: partner.quota.numbersPerDay }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(request.notBefore === undefined ? {} : { notBeforeMs: Date.parse(request.notBefore) }),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(alone === undefined ? {} : { alone }),
  };
};
