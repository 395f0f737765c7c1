/** /operator/partners: who is a partner, which applications call in its name, and which numbers it may order. */
import { z } from 'zod';
import type { ManagePartners } from '../../shared/partners/manage-partners.ts';
import { numberRangesBody, numberRangesRequest, type ManageRanges } from '../../shared/partners/manage-ranges.ts';
import { partnerId, type Principal } from '../../shared/partners/model.ts';
import { partnerBody, partnerPage, putPartnerRequest } from '../../shared/partners/partner-body.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { NUMBER_RANGES, PARTNER } from './operator-examples.ts';

const params = z.strictObject({ partnerId: z.string().regex(PARTNER_ID) });
const PATH = 'operator/partners/{partnerId}';
const RANGES = `${PATH}/number-ranges`;

export const listPartners = defineRoute({
  name: 'listPartners',
  method: 'GET',
  path: 'operator/partners',
  role: 'Operator.Read',
  summary: 'All partners, by id',
  query: z.strictObject(pagingQuery),
  errors: ['InvalidContinuationToken'],
  examples: { answer: { value: [PARTNER] } },
  success: { 200: partnerPage },
});

export const putPartner = defineRoute({
  name: 'putPartner',
  method: 'PUT',
  path: PATH,
  role: 'Operator.Admin',
  summary: 'Make a partner what it is to be',
  description:
    'What is left out is as if it had never been said, number ranges apart. A suspended partner is refused from the next request on, ' +
    'and nothing of it leaves for the gateway some seconds later. An application calls for one partner only.',
  params: z.strictObject({ partnerId }),
  body: putPartnerRequest,
  errors: ['ClientInUse', 'PreconditionFailed'],
  examples: { body: { name: PARTNER.name, clients: PARTNER.clients, quota: PARTNER.quota }, answer: PARTNER },
  success: { 200: partnerBody, 201: partnerBody },
});

export const getPartner = defineRoute({
  name: 'getPartner',
  method: 'GET',
  path: PATH,
  role: 'Operator.Read',
  summary: 'One partner',
  conditional: true,
  params,
  examples: { answer: PARTNER },
  success: { 200: partnerBody },
});

export const deletePartner = defineRoute({
  name: 'deletePartner',
  method: 'DELETE',
  path: PATH,
  role: 'Operator.Admin',
  summary: 'Remove a partner that has no customers',
  description: 'Its applications and API keys open nothing from the next request on. Also answers 204 when there is none.',
  params,
  errors: ['PartnerHasCustomers', 'PreconditionFailed'],
  examples: {},
  success: { 204: z.undefined() },
});

export const getNumberRanges = defineRoute({
  name: 'getNumberRanges',
  method: 'GET',
  path: RANGES,
  role: 'Operator.Read',
  summary: 'Which numbers a partner may order',
  conditional: true,
  params,
  examples: { answer: NUMBER_RANGES },
  success: { 200: numberRangesBody },
});

export const putNumberRanges = defineRoute({
  name: 'putNumberRanges',
  method: 'PUT',
  path: RANGES,
  role: 'Operator.Admin',
  summary: 'Say which numbers a partner may order',
  description:
    'Numbers of another partner are refused, naming it. So is taking away numbers that a customer holds: the details name up to a hundred ' +
    'of them. One request looks through ten million numbers that would go. Orders that were accepted before go on.',
  params,
  body: numberRangesRequest,
  maxBodyBytes: 512 * 1024,
  errors: ['RangeAllocated', 'NumbersInUse', 'LimitReached', 'PreconditionFailed'],
  examples: { body: { ranges: NUMBER_RANGES.ranges }, answer: NUMBER_RANGES },
  success: { 200: numberRangesBody },
});

export type PartnerUses = {
  listPartners: UseCase<typeof listPartners, Principal>;
  putPartner: UseCase<typeof putPartner, Principal>;
  getPartner: UseCase<typeof getPartner, Principal>;
  deletePartner: UseCase<typeof deletePartner, Principal>;
  getNumberRanges: UseCase<typeof getNumberRanges, Principal>;
  putNumberRanges: UseCase<typeof putNumberRanges, Principal>;
};

export const partnerUses = (partners: ManagePartners, ranges: ManageRanges): PartnerUses => ({
  listPartners: ({ query }) => partners.list(query),
  putPartner: ({ params: { partnerId: id }, body, ifMatch, ifNoneMatch }) =>
    partners.put({ partnerId: id, request: body, ifMatch, ifNoneMatch }),
  getPartner: ({ params: { partnerId: id } }) => partners.get(id),
  deletePartner: async ({ params: { partnerId: id }, ifMatch, ifNoneMatch }) =>
    (await partners.remove({ partnerId: id, ifMatch, ifNoneMatch })) ?? { status: 204 },
  getNumberRanges: ({ params: { partnerId: id } }) => ranges.get(id),
  putNumberRanges: ({ params: { partnerId: id }, body, ifMatch }) => ranges.put({ partnerId: id, ranges: body.ranges, ifMatch }),
});
