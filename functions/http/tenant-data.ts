/** What the gateway knows of a customer's Teams tenant: emergency addresses, capability plans and what numbers can do. */
import { z } from 'zod';
import {
  addressListQuery,
  availableCapabilitiesBody,
  capabilityPlanList,
  civicAddressPage,
  refreshQuery,
  type ReadTenantData,
} from '../../shared/customers/read-tenant-data.ts';
import { availableCapabilitiesRequest, civicAddressBody } from '../../shared/customers/tenant-data.ts';
import { actingPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { CUSTOMER_ID } from '../../shared/platform/ids/id-patterns.ts';
import {
  AVAILABLE_CAPABILITIES,
  CAPABILITIES_REQUEST,
  CAPABILITY_PLAN_LIST,
  CIVIC_ADDRESS,
  CIVIC_ADDRESS_PAGE,
} from './tenant-data-examples.ts';

const params = z.strictObject({ customerId: z.string().regex(CUSTOMER_ID) });
/** Upstream's own ids, without what a path could mistake for its own parts. */
const CIVIC_ADDRESS_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/;

const READS =
  'Answered from a copy of up to 10 minutes, whose age in seconds Age tells; refresh=true asks the gateway. While the gateway does not answer, a copy of up to a day is better than none.';
const errors = ['TooManyRequests', 'UpstreamRejected', 'UpstreamUnavailable', 'UpstreamTimeout'] as const;

export const listCivicAddresses = defineRoute({
  name: 'listCivicAddresses',
  method: 'GET',
  path: 'customers/{customerId}/civic-addresses',
  role: 'Partner.Read',
  summary: "Emergency addresses set in the customer's tenant",
  description: READS,
  params,
  query: addressListQuery,
  examples: { answer: CIVIC_ADDRESS_PAGE },
  success: { 200: civicAddressPage },
  errors: [...errors, 'InvalidContinuationToken'],
});

export const getCivicAddress = defineRoute({
  name: 'getCivicAddress',
  method: 'GET',
  path: 'customers/{customerId}/civic-addresses/{civicAddressId}',
  role: 'Partner.Read',
  summary: 'One emergency address with its locations',
  description: READS,
  params: params.extend({ civicAddressId: z.string().regex(CIVIC_ADDRESS_ID) }),
  query: refreshQuery,
  examples: { answer: CIVIC_ADDRESS },
  success: { 200: civicAddressBody },
  errors,
});

export const listCapabilityPlans = defineRoute({
  name: 'listCapabilityPlans',
  method: 'GET',
  path: 'customers/{customerId}/capability-plans',
  role: 'Partner.Read',
  summary: 'Usages and capabilities that numbers of the customer may have',
  description: READS,
  params,
  query: refreshQuery,
  examples: { answer: CAPABILITY_PLAN_LIST },
  success: { 200: capabilityPlanList },
  errors,
});

export const getAvailableCapabilities = defineRoute({
  name: 'getAvailableCapabilities',
  method: 'POST',
  audit: false,
  changesNothing: true,
  path: 'customers/{customerId}/available-capabilities',
  role: 'Partner.Read',
  summary: 'The capabilities that these numbers of the customer have in common',
  description: `Changes nothing. ${READS} 404 when one of the numbers is not the customer's.`,
  params,
  query: refreshQuery,
  body: availableCapabilitiesRequest,
  examples: { body: CAPABILITIES_REQUEST, answer: AVAILABLE_CAPABILITIES },
  success: { 200: availableCapabilitiesBody },
  errors,
});

export type TenantDataUses = {
  listCivicAddresses: UseCase<typeof listCivicAddresses, Principal>;
  getCivicAddress: UseCase<typeof getCivicAddress, Principal>;
  listCapabilityPlans: UseCase<typeof listCapabilityPlans, Principal>;
  getAvailableCapabilities: UseCase<typeof getAvailableCapabilities, Principal>;
};

export const tenantDataUses = (read: ReadTenantData): TenantDataUses => ({
  listCivicAddresses: ({ principal, params: { customerId }, query }) => read.addresses(actingPartner(principal).id, customerId, query),
  getCivicAddress: ({ principal, params: { customerId, civicAddressId }, query }) =>
    read.address(actingPartner(principal).id, customerId, civicAddressId, query.refresh === 'true'),
  listCapabilityPlans: ({ principal, params: { customerId }, query }) =>
    read.plans(actingPartner(principal).id, customerId, query.refresh === 'true'),
  getAvailableCapabilities: ({ principal, params: { customerId }, query, body }) =>
    read.capabilities(actingPartner(principal).id, customerId, body.numbers, query.refresh === 'true'),
});
