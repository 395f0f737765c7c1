/** Pure: the event that the end of a customer's change makes. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import { customerHref } from './links.ts';
import type { EndedOperation } from './ports.ts';

type Told = { account: { createdBySeq?: number; seen?: { subdomainStatus?: string } } };

const SUCCEEDED: Readonly<Record<string, string>> = {
  'customer.delete': 'customer.deleted',
  'customer.service.put': 'customer.service_enabled',
  'customer.service.delete': 'customer.service_disabled',
};

const isProvisioned = ({ view }: EndedOperation, { account }: Told): boolean => {
  const { teamsDirectRouting } = (view['services'] ?? {}) as { teamsDirectRouting?: { enabled?: boolean } };
  return teamsDirectRouting?.enabled === true && account.seen?.subdomainStatus?.toLowerCase() === 'provisioned';
};

/** Direct Routing was asked for by this very change, and its names are there. */
const tellsDns = (operation: EndedOperation, lane: Told): boolean => {
  const { action, service } = operation.about ?? {};
  const concerns = action === 'customer.put' || (action === 'customer.service.put' && service === 'teamsDirectRouting');
  return concerns && isProvisioned(operation, lane);
};

/** Undefined for operations of other kinds, and for a change that a later one overwrote: that one will tell. */
export const describeCustomerEnd =
  (publicBaseUrl: string) =>
  (operation: EndedOperation, lane: Told): EventDraft[] | undefined => {
    const { id, kind, customerId, state, counts, failures, view, about } = operation;
    if (kind !== 'account' || counts.superseded === counts.total) return undefined;
    const data = {
      customerId,
      operationId: id,
      ...(typeof view['reference'] === 'string' ? { externalReference: view['reference'] } : {}),
      ...(about?.service === undefined ? {} : { service: about.service }),
      status: state,
      href: customerHref(publicBaseUrl, customerId),
    };
    if (state === 'Failed')
      return [{ type: 'customer.failed', data: { ...data, errors: Object.keys(failures).map((code) => ({ code })) } }];
    if (state !== 'Succeeded') return undefined;
    const end: EventDraft = { type: SUCCEEDED[about?.action ?? ''] ?? 'customer.synced', data };
    return tellsDns(operation, lane) ? [end, { type: 'customer.dns_provisioned', data }] : [end];
  };
