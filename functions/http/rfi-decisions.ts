/** POST /rfis/{tenantId}/accept and /decline, PUT .../relationship: what is said to the customer who asked. */
import { z } from 'zod';
import { putCustomerRequest } from '../../shared/customers/model.ts';
import { operationBody } from '../../shared/operations/read-operation.ts';
import { ownerOf, type Principal } from '../../shared/partners/model.ts';
import type { RfiStatusMap } from '../../shared/platform/config/value-schemas.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { canonicalJson } from '../../shared/platform/values/canonical-json.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { CUSTOMER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { SERVICES } from '../../shared/platform/upstream/services.ts';
import type { Decided, DecideInput, DecideRfi } from '../../shared/rfis/decide.ts';
import { toDecisionAnswer } from '../../shared/rfis/decision-view.ts';
import { rfiView, toRfiView } from '../../shared/rfis/view.ts';
import { ACCEPT_REQUEST, ACCEPTING, DECLINE_REQUEST, DECLINING, RELATIONSHIP_REQUEST, RFI } from './rfi-examples.ts';
import { rfiParams, rfiReaderOf } from './rfis.ts';

/** Upstream publishes no limit; the customer reads it. */
const comment = z.string().trim().min(1).max(1_000);
/** Of the partner's own system; comes back in events as `externalReference`. */
const ticket = z.string().trim().min(1).max(64).optional();

/** Direct Routing takes settings of its own: `PUT /customers/{id}/services/teams-direct-routing` adds it afterwards. */
const createdService = z.enum(SERVICES).exclude(['teamsDirectRouting']);

const acceptRequest = z
  .strictObject({
    comment: comment.optional(),
    ticket,
    /** The customer to create with it, with the tenant of this request for information. */
    createCustomer: z
      .strictObject({
        customerId: z.string().regex(CUSTOMER_ID),
        services: z.array(createdService).min(1).max(createdService.options.length),
        reference: z.string().min(1).max(100).optional(),
      })
      .optional(),
  })
  .meta({ id: 'AcceptRfiRequest' });

const declineRequest = z.strictObject({ reason: comment, ticket }).meta({ id: 'DeclineRfiRequest' });

const relationshipRequest = z
  .strictObject({ status: z.string().trim().min(1).max(200), comment: comment.optional(), ticket })
  .meta({ id: 'RfiRelationshipRequest' });

const common = {
  role: 'Partner.Decide',
  params: rfiParams,
  errors: ['RfiClosed', 'AccountExists', 'LimitReached', 'PreconditionFailed', 'ServiceBusy'],
} as const;

export const acceptRfi = defineRoute({
  ...common,
  name: 'acceptRfi',
  method: 'POST',
  path: 'rfis/{tenantId}/accept',
  summary: 'Accept a request for information',
  description:
    'With `createCustomer` one operation of two steps: the relationship first, then the customer with its services. It goes on by itself; follow `Operation-Location`.',
  body: acceptRequest,
  idempotency: 'optional',
  bindsKey: true,
  examples: { body: ACCEPT_REQUEST, answer: ACCEPTING },
  success: { 202: operationBody },
});

export const declineRfi = defineRoute({
  ...common,
  name: 'declineRfi',
  method: 'POST',
  path: 'rfis/{tenantId}/decline',
  summary: 'Decline a request for information',
  body: declineRequest,
  idempotency: 'optional',
  bindsKey: true,
  examples: { body: DECLINE_REQUEST, answer: DECLINING },
  success: { 202: operationBody },
});

export const putRfiRelationship = defineRoute({
  ...common,
  name: 'putRfiRelationship',
  method: 'PUT',
  path: 'rfis/{tenantId}/relationship',
  summary: 'Set any other relationship with the customer',
  description: 'The status goes to the gateway as it is. Ending or declining a relationship takes a comment.',
  body: relationshipRequest,
  examples: { body: RELATIONSHIP_REQUEST, answer: RFI },
  success: { 200: rfiView },
});

export type RfiDecisionUses = {
  acceptRfi: UseCase<typeof acceptRfi, Principal>;
  declineRfi: UseCase<typeof declineRfi, Principal>;
  putRfiRelationship: UseCase<typeof putRfiRelationship, Principal>;
};

export type RfiDecisionParts = { decide: DecideRfi; statusMap: RfiStatusMap; hash: (text: string) => string };

type Accept = z.output<typeof acceptRequest>;

const toCustomer = (wanted: NonNullable<Accept['createCustomer']>, teamsTenantId: string, hash: (text: string) => string) => {
  const { customerId, services, reference } = wanted;
  const named = Object.fromEntries(services.map((service) => [service, {}]));
  const request = putCustomerRequest.parse({ teamsTenantId, ...(reference === undefined ? {} : { reference }), services: named });
  return { customerId, request, requestHash: hash(canonicalJson(request)) };
};

type Input<C extends keyof RfiDecisionUses> = Parameters<RfiDecisionUses[C]>[0];

/** What all decisions have of their request; an Idempotency-Key stands for one path. */
const toInput = (
  {
    principal,
    params: { tenantId },
    requestHash,
    ifMatch,
    idempotencyKey,
  }: Input<'acceptRfi'> | Input<'declineRfi'> | Input<'putRfiRelationship'>,
  path: string,
): Pick<DecideInput, 'reader' | 'tenantId' | 'requestHash' | 'ifMatch' | 'scope'> => ({
  reader: rfiReaderOf(principal),
  tenantId,
  requestHash,
  ifMatch,
  ...(idempotencyKey === undefined
    ? {}
    : { scope: { partner: ownerOf(principal), method: 'POST', path: `rfis/${tenantId}/${path}`, key: idempotencyKey } }),
});

const toAccepted = (decided: Decided | AppError, publicBaseUrl: string) => {
  if (decided instanceof AppError) return decided;
  const { body, headers } = toDecisionAnswer(decided.decision, publicBaseUrl);
  return { status: 202 as const, body, headers: { ...headers, ...(decided.replayed ? { 'Idempotency-Replayed': 'true' } : {}) } };
};

const commentMissing = (): AppError => {
  const details = [{ code: 'Required', message: 'This relationship takes a comment that gives the reason.', target: '/comment' }];
  return new AppError('InvalidRequest', { target: 'body', details });
};

export const rfiDecisionUses = ({ decide, statusMap, hash }: RfiDecisionParts, publicBaseUrl: string): RfiDecisionUses => ({
  acceptRfi: async (input) => {
    const { body, params } = input;
    const relationship = { status: statusMap.accept, ...(body.comment === undefined ? {} : { comment: body.comment }) };
    const customer = body.createCustomer && toCustomer(body.createCustomer, params.tenantId, hash);
    const wanted = { kind: 'rfi.accept', event: 'rfi.accepted', relationship, ticket: body.ticket, customer } as const;
    return toAccepted(await decide({ ...toInput(input, 'accept'), ...wanted }), publicBaseUrl);
  },
  declineRfi: async (input) => {
    const { reason, ticket: reference } = input.body;
    const relationship = { status: statusMap.decline, comment: reason };
    const wanted = { kind: 'rfi.decline', event: 'rfi.declined', relationship, ticket: reference } as const;
    return toAccepted(await decide({ ...toInput(input, 'decline'), ...wanted }), publicBaseUrl);
  },
  putRfiRelationship: async (input) => {
    const { status, comment: reason, ticket: reference } = input.body;
    if (reason === undefined && (status === statusMap.decline || status === statusMap.terminate)) return commentMissing();
    const relationship = { status, ...(reason === undefined ? {} : { comment: reason }) };
    const event = status === statusMap.accept ? 'rfi.accepted' : status === statusMap.decline ? 'rfi.declined' : 'rfi.updated';
    const wanted = { kind: 'rfi.relationship', event, relationship, ticket: reference } as const;
    const decided = await decide({ ...toInput(input, 'relationship'), ...wanted });
    if (decided instanceof AppError) return decided;
    const body = toRfiView({ ...decided.lane, ...decided.lane.rfi }, rfiReaderOf(input.principal));
    return { status: 200, body, headers: toDecisionAnswer(decided.decision, publicBaseUrl).headers };
  },
});
