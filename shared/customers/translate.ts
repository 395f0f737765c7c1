/** Pure: a customer between the partner's words, upstream's and ours. */
import { etagOf } from '../platform/http/etag.ts';
import { SERVICES, type Service } from '../platform/upstream/services.ts';
import type { CustomerBody, CustomerView, PutCustomerRequest, ServiceBody, ServiceView } from './model.ts';
import type { CustomerLane } from './ports.ts';

type Json = Record<string, unknown>;
type DirectRouting = NonNullable<PutCustomerRequest['services']['teamsDirectRouting']>;

const MASK = '***';

const toUpstreamRouting = ({ subdomain, txtTokens, callerIdScreening }: DirectRouting): Json => ({
  enabled: true,
  syncEnabled: false,
  configuration: {
    callScreening: callerIdScreening,
    subdomain,
    subdomainTokens: { region1Token: txtTokens[0], region2Token: txtTokens[1] },
  },
});

const toUpstreamService = (name: Service, { services }: Pick<PutCustomerRequest, 'services'>): Json | undefined => {
  if (!services[name]) return undefined;
  if (name === 'azureOperatorCallProtection') return { enabled: true };
  if (name === 'teamsDirectRouting') return services.teamsDirectRouting && toUpstreamRouting(services.teamsDirectRouting);
  return { enabled: true, syncEnabled: services[name].sync ?? false };
};

/** Switched off in so many words: an absent service could not be told from one that an earlier request left on. */
export const switchedOff = (name: Service): Json => ({
  enabled: false,
  ...(name === 'azureOperatorCallProtection' ? {} : { syncEnabled: false }),
  ...(name === 'teamsDirectRouting' ? { configuration: null } : {}),
});

/** The services that matter now: those wanted, and those wanted at any time before. */
const concerned = (request: PutCustomerRequest, before: CustomerView | undefined): Service[] =>
  SERVICES.filter((name) => request.services[name] ?? before?.services[name]);

/** Named: set. No longer named: gone. Never named: none of ours, left as it is. */
const wantedText = (name: string, now: string | undefined, before: string | undefined): Json =>
  now === undefined ? (before === undefined ? {} : { [name]: null }) : { [name]: now };

/** What is wanted of the account, without its name, null for what must go. `before` is the view of the request before this one. */
export const toUpstreamAccount = (request: PutCustomerRequest, before: CustomerView | undefined): Json => ({
  ...wantedText('correlationId', request.reference, before?.reference),
  serviceDetails: {
    ...wantedText('teamsTenantId', request.teamsTenantId, before?.teamsTenantId),
    ...Object.fromEntries(concerned(request, before).map((name) => [name, toUpstreamService(name, request) ?? switchedOff(name)])),
  },
});

/** The same for one service; without a wish it is switched off. */
export const toUpstreamChange = (service: Service, services: PutCustomerRequest['services']): Json => ({
  serviceDetails: { [service]: toUpstreamService(service, { services }) ?? switchedOff(service) },
});

const toServiceView = (name: Service, { services }: Pick<PutCustomerRequest, 'services'>): ServiceView => {
  if (!services[name]) return { enabled: false };
  if (name === 'azureOperatorCallProtection') return { enabled: true };
  const shown = { enabled: true, sync: services[name].sync ?? false };
  if (name !== 'teamsDirectRouting' || !services.teamsDirectRouting) return shown;
  const { subdomain, callerIdScreening, txtTokens } = services.teamsDirectRouting;
  return { ...shown, subdomain, txtTokens: txtTokens.map(() => MASK), callerIdScreening };
};

/** What is kept for answers; secrets are masked before they are kept. */
export const toView = (request: PutCustomerRequest, before: CustomerView | undefined): CustomerView => ({
  ...(request.teamsTenantId === undefined ? {} : { teamsTenantId: request.teamsTenantId }),
  ...(request.reference === undefined ? {} : { reference: request.reference }),
  services: Object.fromEntries(concerned(request, before).map((name) => [name, toServiceView(name, request)])),
});

/** The view with one service as it is wanted now. */
export const withService = (view: CustomerView, service: Service, services: PutCustomerRequest['services']): CustomerView => ({
  ...view,
  services: { ...view.services, [service]: toServiceView(service, { services }) },
});

/** `toView` made it. */
export const viewOf = (lane: CustomerLane): CustomerView => lane.account.view as CustomerView;

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const toServiceBody = (name: Service, view: ServiceView, seen: CustomerLane['account']['seen']): ServiceBody => {
  const numberCount = seen?.numberCounts[name];
  const counted = { ...view, ...(numberCount === undefined ? {} : { numberCount }) };
  if (name !== 'teamsDirectRouting' || !view.enabled) return counted;
  return { ...counted, dns: { status: capitalised(seen?.subdomainStatus ?? 'notProvisioned') } };
};

/** The customer as partners see it. */
export const fromLane = (lane: CustomerLane): CustomerBody => {
  const { errors, createdAt, updatedAt, removal, seen } = lane.account;
  const status: CustomerBody['status'] = removal === undefined ? lane.account.status : 'Deleting';
  const view = viewOf(lane);
  const shown = SERVICES.flatMap((name) => (view.services[name] ? [[name, toServiceBody(name, view.services[name], seen)] as const] : []));
  const services = Object.fromEntries(shown);
  const body = { id: lane.customerId, accountName: lane.accountName, ...view, services, status, errors, createdAt, updatedAt };
  return { ...body, etag: etagOf(body) };
};
