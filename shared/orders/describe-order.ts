/** Pure: the events that the start and the end of an order make. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import { itemsHref, orderHref } from './links.ts';
import { MAX_DETAILS, type OrderState } from './model.ts';
import type { OrderOperation } from './ports.ts';
import { toFailures, viewOf } from './translate.ts';

const TYPES: Partial<Record<OrderState, string>> = {
  Running: 'number_order.started',
  Succeeded: 'number_order.succeeded',
  PartiallySucceeded: 'number_order.partially_succeeded',
  Failed: 'number_order.failed',
  Canceled: 'number_order.canceled',
};

/** Of an order that has come into its state; undefined for operations of other kinds and for states without an event. */
export const describeOrderState =
  (publicBaseUrl: string) =>
  (operation: OrderOperation): EventDraft | undefined =>
    describeAs(publicBaseUrl, operation, TYPES[operation.state]);

/** Of an order that upstream has not confirmed for a day; undefined for operations of other kinds. */
export const describeOrderStall =
  (publicBaseUrl: string) =>
  (operation: OrderOperation): EventDraft | undefined =>
    describeAs(publicBaseUrl, operation, 'number_order.stalled');

const describeAs = (publicBaseUrl: string, operation: OrderOperation, type: string | undefined): EventDraft | undefined => {
  const { id, kind, customerId, state, counts, idempotencyKey } = operation;
  if (kind !== 'numbers' || type === undefined) return undefined;
  const { externalReference, action } = viewOf(operation);
  const failures = toFailures(operation.failures).slice(0, MAX_DETAILS);
  const data = {
    orderId: id,
    customerId,
    ...(externalReference === undefined ? {} : { externalReference }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    action,
    status: state,
    counts,
    failures,
    href: orderHref(publicBaseUrl, id),
    ...(counts.failed === 0 ? {} : { failedItemsHref: itemsHref(publicBaseUrl, id, { status: 'failed' }) }),
  };
  return { type, data };
};
