/** Pure: the events of a customer: that it was accepted, how a change of it has ended, and that one has not ended for a day. */
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

type Subject = Pick<EndedOperation, 'id' | 'customerId' | 'state' | 'view' | 'about'>;

const dataOf = (publicBaseUrl: string, { id, customerId, state, view, about }: Subject): Record<string, unknown> => ({
  customerId,
  operationId: id,
  ...(typeof view['reference'] === 'string' ? { externalReference: view['reference'] } : {}),
  ...(about?.service === undefined ? {} : { service: about.service }),
  status: state,
  href: customerHref(publicBaseUrl, customerId),
});

/** That a customer was accepted; the gateway follows. */
export const describeCustomerCreated = (publicBaseUrl: string, subject: Omit<Subject, 'state'>): EventDraft => ({
  type: 'customer.created',
  data: dataOf(publicBaseUrl, { ...subject, state: 'Pending' }),
});

/** Of a change that upstream has not confirmed for a day; undefined for operations of other kinds. */
export const describeCustomerStall =
  (publicBaseUrl: string) =>
  (operation: Subject & { kind: string }): EventDraft | undefined =>
    operation.kind === 'account' ? { type: 'customer.stalled', data: dataOf(publicBaseUrl, operation) } : undefined;

/** Undefined for operations of other kinds, and for a change that a later one overwrote: that one will tell. */
export const describeCustomerEnd =
  (publicBaseUrl: string) =>
  (operation: EndedOperation, lane: Told): EventDraft[] | undefined => {
    const { kind, state, counts, failures, about } = operation;
    if (kind !== 'account' || counts.superseded === counts.total) return undefined;
    const data = dataOf(publicBaseUrl, operation);
    if (state === 'Failed')
      return [{ type: 'customer.failed', data: { ...data, errors: Object.keys(failures).map((code) => ({ code })) } }];
    if (state !== 'Succeeded') return undefined;
    const end: EventDraft = { type: SUCCEEDED[about?.action ?? ''] ?? 'customer.synced', data };
    return tellsDns(operation, lane) ? [end, { type: 'customer.dns_provisioned', data }] : [end];
  };
