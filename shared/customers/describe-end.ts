/** Pure: the event that the end of a customer's change makes. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import { customerHref } from './links.ts';
import type { EndedOperation } from './ports.ts';

/** Undefined for operations of other kinds, and for a change that a later one overwrote: that one will tell. */
export const describeCustomerEnd =
  (publicBaseUrl: string) =>
  (operation: EndedOperation): EventDraft | undefined => {
    const { id, kind, customerId, state, counts, failures, view } = operation;
    if (kind !== 'account' || counts.superseded === counts.total) return undefined;
    const data = {
      customerId,
      operationId: id,
      ...(typeof view['reference'] === 'string' ? { externalReference: view['reference'] } : {}),
      status: state,
      href: customerHref(publicBaseUrl, customerId),
    };
    if (state === 'Succeeded') return { type: 'customer.synced', data };
    if (state !== 'Failed') return undefined;
    return { type: 'customer.failed', data: { ...data, errors: Object.keys(failures).map((code) => ({ code })) } };
  };
