/** Pure: customers as partners ask for them and as they see them. */
import { z } from 'zod';
import { SERVICES, type Service } from '../platform/upstream/services.ts';

/** Upstream's schema takes 10 characters, but with its own domain names only 9 can ever be verified (Learn, "Support for Teams Direct Routing"). */
const SUBDOMAIN = /^[A-Za-z0-9_-]{1,9}$/;
const TXT_TOKEN = /^[A-Za-z0-9=_-]{1,100}$/;

const syncedService = z.strictObject({ sync: z.boolean().default(true) });
/** `sync` is known here only to be refused with a code of its own, see `unsupportedSync`. */
const plainService = z.strictObject({ sync: z.boolean().optional() });

const directRouting = plainService.extend({
  subdomain: z.string().regex(SUBDOMAIN),
  /** What the customer's DNS must show, by region: first region 1, then region 2. */
  txtTokens: z.tuple([z.string().regex(TXT_TOKEN), z.string().regex(TXT_TOKEN)]),
  callerIdScreening: z.boolean().default(true),
});

/** A named service is enabled, one left out is disabled. */
export const wantedServices = z.strictObject({
  teamsOperatorConnect: syncedService.optional(),
  teamsPhoneMobile: syncedService.optional(),
  teamsDirectRouting: directRouting.optional(),
  zoomPhoneCloudPeering: plainService.optional(),
  azureOperatorCallProtection: plainService.optional(),
});

export const putCustomerRequest = z
  .strictObject({
    /** The customer's Microsoft Entra tenant. */
    teamsTenantId: z.guid().toLowerCase().optional(),
    /** The partner's own name for this customer. */
    reference: z.string().min(1).max(100).optional(),
    services: wantedServices,
  })
  .refine(({ teamsTenantId, services }) => teamsTenantId !== undefined || !(services.teamsOperatorConnect ?? services.teamsPhoneMobile), {
    error: 'Operator Connect and Teams Phone Mobile need the tenant id.',
    path: ['teamsTenantId'],
    params: { code: 'Required' },
  })
  .meta({ id: 'PutCustomerRequest' });
export type PutCustomerRequest = z.output<typeof putCustomerRequest>;

/** Services that have no sync to switch although the request switches it. Call Protection syncs by itself, so even `false` is refused. */
export const unsupportedSync = ({ services }: Pick<PutCustomerRequest, 'services'>): Service[] => {
  const found: Service[] = [];
  if (services.teamsDirectRouting?.sync === true) found.push('teamsDirectRouting');
  if (services.zoomPhoneCloudPeering?.sync === true) found.push('zoomPhoneCloudPeering');
  if (services.azureOperatorCallProtection?.sync !== undefined) found.push('azureOperatorCallProtection');
  return found;
};

const serviceView = z.strictObject({
  enabled: z.boolean(),
  sync: z.boolean().optional(),
  subdomain: z.string().optional(),
  /** Masked. */
  txtTokens: z.array(z.string()).optional(),
  callerIdScreening: z.boolean().optional(),
});
/** As partners see it: with what the gateway said last. */
const serviceBody = serviceView.extend({
  /** Absent while the gateway has not said it. */
  numberCount: z.int().min(0).optional(),
  /** Of Direct Routing's subdomain. */
  dns: z.strictObject({ status: z.string(), domains: z.array(z.string()).optional() }).optional(),
});
export type ServiceBody = z.infer<typeof serviceBody>;
export type ServiceView = z.infer<typeof serviceView>;

/** What is kept of the last request for answers. Services once wanted stay, disabled. */
const customerView = z.strictObject({
  teamsTenantId: z.string().optional(),
  reference: z.string().optional(),
  services: z.partialRecord(z.enum(SERVICES), serviceView),
});
export type CustomerView = z.infer<typeof customerView>;

export const customerBody = customerView
  .extend({
    services: z.partialRecord(z.enum(SERVICES), serviceBody),
    id: z.string(),
    /** The account's name in the gateway. */
    accountName: z.string(),
    status: z.enum(['Pending', 'Succeeded', 'Failed', 'Deleting']),
    /** The backend's own words, when the last change failed. */
    errors: z.array(z.strictObject({ code: z.string(), message: z.string(), target: z.string().optional() })),
    createdAt: z.string(),
    updatedAt: z.string(),
    etag: z.string(),
  })
  .meta({ id: 'Customer' });
export type CustomerBody = z.infer<typeof customerBody>;
