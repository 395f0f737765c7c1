/** Pure: how services are spelled in paths, and what a request for one of them may say. */
import { z } from 'zod';
import type { AppError } from '../platform/errors/app-error.ts';
import { invalidRequest } from '../platform/http/problem-details.ts';
import type { Service } from '../platform/upstream/services.ts';
import { wantedServices, type PutCustomerRequest } from './model.ts';

const PATHS = {
  'teams-operator-connect': 'teamsOperatorConnect',
  'teams-phone-mobile': 'teamsPhoneMobile',
  'teams-direct-routing': 'teamsDirectRouting',
  'zoom-phone-cloud-peering': 'zoomPhoneCloudPeering',
  'azure-operator-call-protection': 'azureOperatorCallProtection',
} as const satisfies Record<string, Service>;

export const servicePath = z.enum(Object.keys(PATHS) as (keyof typeof PATHS)[]);
export const serviceAt = (path: z.infer<typeof servicePath>): Service => PATHS[path];

/** The members of every service; which of them one service takes, `readService` says. */
export const putServiceRequest = z
  .looseObject({
    sync: z.boolean().optional(),
    subdomain: z.string().optional(),
    txtTokens: z.array(z.string()).optional(),
    callerIdScreening: z.boolean().optional(),
  })
  .meta({ id: 'PutServiceRequest' });

export type ServiceWish = PutCustomerRequest['services'];

/** The request for one service as part of a customer's services; error: InvalidRequest with the place of each problem. */
export const readService = (service: Service, body: unknown): ServiceWish | AppError => {
  const result = wantedServices.shape[service].unwrap().safeParse(body);
  return result.success ? { [service]: result.data } : invalidRequest('body', result.error, body);
};
