/** Pure: an account as the gateway shows it, in the words that customers are kept in. */
import { z } from 'zod';
import { SERVICES, type Service } from '../platform/upstream/services.ts';
import { switchedOff } from './translate.ts';
import type { CustomerView, ServiceView } from './model.ts';

const MASK = '***';

const service = z.looseObject({ enabled: z.boolean(), syncEnabled: z.boolean().nullish(), configuration: z.unknown().optional() });
const routing = z.looseObject({
  callScreening: z.boolean().nullish(),
  subdomain: z.string().nullish(),
  subdomainTokens: z.unknown().optional(),
});
const account = z.looseObject({
  correlationId: z.string().nullish(),
  serviceDetails: z.looseObject({ teamsTenantId: z.string().nullish() }).nullish(),
});

const toRouting = (configuration: unknown): Partial<ServiceView> => {
  const read = routing.safeParse(configuration);
  if (!read.success) return {};
  const { callScreening, subdomain, subdomainTokens } = read.data;
  return {
    ...(typeof subdomain === 'string' ? { subdomain } : {}),
    ...(typeof subdomainTokens === 'object' && subdomainTokens !== null ? { txtTokens: [MASK, MASK] } : {}),
    // Upstream screens unless told otherwise.
    callerIdScreening: callScreening ?? true,
  };
};

/** Undefined for a service that the account does not have. */
const toServiceView = (name: Service, value: unknown): ServiceView | undefined => {
  const read = service.safeParse(value);
  if (!read.success || !read.data.enabled) return undefined;
  if (name === 'azureOperatorCallProtection') return { enabled: true };
  const shown = { enabled: true, sync: read.data.syncEnabled ?? false };
  return name === 'teamsDirectRouting' ? { ...shown, ...toRouting(read.data.configuration) } : shown;
};

/** The services that are enabled, the tenant and the reference; secrets are masked. */
export const viewOfAccount = (resource: Readonly<Record<string, unknown>>): CustomerView => {
  const read = account.safeParse(resource);
  const { correlationId, serviceDetails } = read.success ? read.data : {};
  const { teamsTenantId, ...details } = serviceDetails ?? {};
  const services = SERVICES.flatMap((name) => {
    const view = toServiceView(name, (details as Record<string, unknown>)[name]);
    return view ? [[name, view] as const] : [];
  });
  return {
    ...(typeof teamsTenantId === 'string' ? { teamsTenantId: teamsTenantId.toLowerCase() } : {}),
    ...(typeof correlationId === 'string' ? { reference: correlationId } : {}),
    services: Object.fromEntries(services),
  };
};

const toWanted = (name: Service, view: ServiceView | undefined): Record<string, unknown> => {
  if (!view?.enabled) return switchedOff(name);
  if (name === 'azureOperatorCallProtection') return { enabled: true };
  const { subdomain, callerIdScreening } = view;
  const configuration = {
    ...(subdomain === undefined ? {} : { subdomain }),
    ...(callerIdScreening === undefined ? {} : { callScreening: callerIdScreening }),
  };
  const isRouting = name === 'teamsDirectRouting' && subdomain !== undefined;
  return { enabled: true, syncEnabled: view.sync ?? false, ...(isRouting ? { configuration } : {}) };
};

/** What is to be asked of the account so that it is as this view says, every service included; secrets stay as the gateway has them. */
export const toAccountChange = (view: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { teamsTenantId, reference, services } = view as CustomerView;
  return {
    correlationId: reference ?? null,
    serviceDetails: {
      teamsTenantId: teamsTenantId ?? null,
      ...Object.fromEntries(SERVICES.map((name) => [name, toWanted(name, services[name])])),
    },
  };
};
