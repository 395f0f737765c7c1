/** The writable part of an account as the specification declares it; read-only and unknown members are dropped, not refused. */
import { z } from 'zod';
import { SERVICES, type Service } from './services.ts';

const NAME = /^([A-Za-z0-9_-]+)$/;
const TOKEN = /^([A-Za-z0-9=_-]+)$/;

export const accountNameSchema = z.string().min(1).max(100).regex(NAME);
const tokenSchema = z.string().min(1).max(100).regex(TOKEN);
const syncedServiceSchema = z.object({ enabled: z.boolean(), syncEnabled: z.boolean() });

const directRoutingSchema = syncedServiceSchema.extend({
  configuration: z
    .object({
      callScreening: z.boolean(),
      subdomain: z.string().min(1).max(10).regex(NAME),
      subdomainTokens: z.object({ region1Token: tokenSchema, region2Token: tokenSchema }),
    })
    .optional(),
});

const accountServicesSchema = z.object({
  teamsTenantId: z.string().optional(),
  teamsOperatorConnect: syncedServiceSchema.optional(),
  teamsPhoneMobile: syncedServiceSchema.optional(),
  teamsDirectRouting: directRoutingSchema.optional(),
  zoomPhoneCloudPeering: syncedServiceSchema.optional(),
  azureOperatorCallProtection: z.object({ enabled: z.boolean() }).optional(),
});

export const accountSchema = z.object({
  name: accountNameSchema,
  correlationId: z.string().optional(),
  serviceDetails: accountServicesSchema.optional(),
});

export type AccountContent = z.infer<typeof accountSchema>;

export const isEnabled = (account: AccountContent, service: Service): boolean => account.serviceDetails?.[service]?.enabled === true;

/** Operator Connect and Phone Mobile sync when asked to, Call Protection by itself, the others have no backend. */
export const isSynced = (account: AccountContent, service: Service): boolean => {
  const details = account.serviceDetails;
  if (service === 'azureOperatorCallProtection') return details?.[service]?.enabled === true;
  if (service !== 'teamsOperatorConnect' && service !== 'teamsPhoneMobile') return false;
  return details?.[service]?.enabled === true && details[service].syncEnabled;
};

export const syncedServicesOfAccount = (account: AccountContent): Service[] => SERVICES.filter((service) => isSynced(account, service));
