/** PUT and GET /operator/partners/{partnerId}/customers/{customerId}: an account of the gateway is taken over for a customer. */
import { z } from 'zod';
import { adoptionBody, adoptRequest, findingPage } from '../../shared/operations/adopt/adoption-body.ts';
import type { ManageAdoptions } from '../../shared/operations/adopt/manage-adoptions.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { CUSTOMER_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { ADOPTION, FINDING } from './operator-upstream-examples.ts';

const params = z.strictObject({ partnerId: z.string().regex(PARTNER_ID), customerId: z.string().regex(CUSTOMER_ID) });
const PATH = 'operator/partners/{partnerId}/customers/{customerId}';

export const adoptAccount = defineRoute({
  name: 'adoptAccount',
  method: 'PUT',
  path: PATH,
  role: 'Operator.Admin',
  summary: 'Take an account of the gateway over for a customer, with its numbers',
  description:
    'Changes nothing at the gateway. The numbers are read page by page in the background; the customer is there when all of them are. ' +
    'Numbers that another customer holds are left out and listed as findings. Operation-Location tells how far it is.',
  params,
  body: adoptRequest,
  errors: ['AccountTaken', 'CustomerExists', 'AdoptionInProgress', 'ServiceBusy'],
  examples: { body: { accountName: ADOPTION.accountName, outsideRanges: 'adopt' }, answer: ADOPTION },
  success: { 200: adoptionBody, 201: adoptionBody },
});

export const getAdoption = defineRoute({
  name: 'getAdoption',
  method: 'GET',
  path: PATH,
  role: 'Operator.Read',
  summary: 'How far the taking over of an account is',
  params,
  examples: { answer: ADOPTION },
  success: { 200: adoptionBody },
});

export const listAdoptionFindings = defineRoute({
  name: 'listAdoptionFindings',
  method: 'GET',
  path: `${PATH}/findings`,
  role: 'Operator.Read',
  summary: 'Numbers that were left out, and those outside the ranges of the partner',
  params,
  query: z.strictObject(pagingQuery),
  errors: ['InvalidContinuationToken'],
  examples: { answer: { value: [FINDING] } },
  success: { 200: findingPage },
});

export type AdoptionUses = {
  adoptAccount: UseCase<typeof adoptAccount, Principal>;
  getAdoption: UseCase<typeof getAdoption, Principal>;
  listAdoptionFindings: UseCase<typeof listAdoptionFindings, Principal>;
};

export const adoptionUses = (use: ManageAdoptions): AdoptionUses => ({
  adoptAccount: ({ params: { partnerId, customerId }, body }) => use.adopt(partnerId, customerId, body),
  getAdoption: ({ params: { partnerId, customerId } }) => use.get(partnerId, customerId),
  listAdoptionFindings: ({ params: { partnerId, customerId }, query }) => use.findings(partnerId, customerId, query),
});
