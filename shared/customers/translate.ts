/** Pure: a customer between the partner's words, upstream's and ours. */
import { etagOf } from '../platform/http/etag.ts';
import { SERVICES, type CustomerBody, type CustomerView, type PutCustomerRequest, type Service, type ServiceView } from './model.ts';
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

const toUpstreamService = (name: Service, { services }: PutCustomerRequest): Json | undefined => {
  if (!services[name]) return undefined;
  if (name === 'azureOperatorCallProtection') return { enabled: true };
  if (name === 'teamsDirectRouting') return services.teamsDirectRouting && toUpstreamRouting(services.teamsDirectRouting);
  return { enabled: true, syncEnabled: services[name].sync ?? false };
};

/** Switched off in so many words: an absent service could not be told from one that an earlier request left on. */
const switchedOff = (name: Service): Json => ({
  enabled: false,
  ...(name === 'azureOperatorCallProtection' ? {} : { syncEnabled: false }),
});

/** The services that matter now: those wanted, and those wanted at any time before. */
const concerned = (request: PutCustomerRequest, before: CustomerView | undefined): Service[] =>
  SERVICES.filter((name) => request.services[name] ?? before?.services[name]);

/** The account as upstream takes it, without its name. `before` is the view of the request before this one. */
export const toUpstreamAccount = (request: PutCustomerRequest, before: CustomerView | undefined): Json => ({
  serviceDetails: {
    ...(request.teamsTenantId === undefined ? {} : { teamsTenantId: request.teamsTenantId }),
    ...Object.fromEntries(concerned(request, before).map((name) => [name, toUpstreamService(name, request) ?? switchedOff(name)])),
  },
});

const toServiceView = (name: Service, { services }: PutCustomerRequest): ServiceView => {
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

/** `toView` made it. */
export const viewOf = (lane: CustomerLane): CustomerView => lane.account.view as CustomerView;

/** The customer as partners see it. */
export const fromLane = (lane: CustomerLane): CustomerBody => {
  const { status, errors, createdAt, updatedAt } = lane.account;
  const body = { id: lane.customerId, accountName: lane.accountName, ...viewOf(lane), status, errors, createdAt, updatedAt };
  return { ...body, etag: etagOf(body) };
};
