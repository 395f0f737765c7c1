/** /numbers and /customers/{customerId}/numbers: what a partner's customers have. */
import { z } from 'zod';
import type { PutNumber, ReleaseNumber } from '../../shared/numbers/change-number.ts';
import type { GetNumber } from '../../shared/numbers/get-number.ts';
import type { ListCustomerNumbers, ListNumbers } from '../../shared/numbers/list-numbers.ts';
import {
  allNumbersQuery,
  numberBody,
  numberListQuery,
  numberPage,
  telephoneNumberPath,
  type NumberPage,
} from '../../shared/numbers/model.ts';
import { toNumbersCsv } from '../../shared/numbers/numbers-csv.ts';
import type { CreateOrderAnswer } from '../../shared/orders/create-order.ts';
import { orderBody } from '../../shared/orders/model.ts';
import { putNumberRequest, type PutNumberRequest } from '../../shared/orders/put-number-request.ts';
import { actingPartner, listedPartner } from '../../shared/partners/admit.ts';
import type { Partner, Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { CUSTOMER_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { NUMBER, RELEASE_ORDER } from './number-examples.ts';
import { PROFILE_SETTINGS } from './order-examples.ts';

const EVENTUALLY = 'A number appears once the gateway has taken it; until then its order shows it.';

export const listCustomerNumbers = defineRoute({
  name: 'listCustomerNumbers',
  method: 'GET',
  path: 'customers/{customerId}/numbers',
  role: 'Partner.Read',
  summary: "A customer's numbers",
  description: `${EVENTUALLY} As CSV with \`Accept: text/csv\`; the \`Link\` header leads to the next page.`,
  params: z.strictObject({ customerId: z.string().regex(CUSTOMER_ID) }),
  query: numberListQuery,
  produces: 'text/csv',
  errors: ['InvalidContinuationToken'],
  examples: { query: { service: 'teamsOperatorConnect' }, answer: { value: [NUMBER] } },
  success: { 200: numberPage },
});

export const listNumbers = defineRoute({
  name: 'listNumbers',
  method: 'GET',
  path: 'numbers',
  role: 'Partner.Read',
  summary: 'All your numbers, customer by customer',
  description: `${EVENTUALLY} A page of a rare filter may end short; nextLink says whether there is more. As CSV with \`Accept: text/csv\`; the \`Link\` header leads to the next page. An operator names the partner.`,
  query: allNumbersQuery.extend({ partnerId: z.string().regex(PARTNER_ID).optional() }),
  produces: 'text/csv',
  errors: ['InvalidContinuationToken'],
  examples: { query: { status: 'Succeeded' }, answer: { value: [NUMBER] } },
  success: { 200: numberPage },
});

export const getNumber = defineRoute({
  name: 'getNumber',
  method: 'GET',
  path: 'numbers/{telephoneNumber}',
  role: 'Partner.Read',
  summary: 'One number',
  description: `${EVENTUALLY} \`refresh=true\` asks the gateway first.`,
  conditional: true,
  params: z.strictObject({ telephoneNumber: telephoneNumberPath }),
  query: z.strictObject({ refresh: z.enum(['true', 'false']).optional() }),
  errors: ['TooManyRequests', 'UpstreamUnavailable', 'UpstreamTimeout', 'UpstreamRejected'],
  examples: { answer: NUMBER },
  success: { 200: numberBody },
});

export const putNumber = defineRoute({
  name: 'putNumber',
  method: 'PUT',
  path: 'customers/{customerId}/numbers/{telephoneNumber}',
  role: 'Partner.Write',
  summary: 'Make one number what it is to be',
  description:
    'An order of one item, which Operation-Location follows. With `If-None-Match: *` only a number that the customer does not have, with `If-Match` only one that is as you know it.',
  params: z.strictObject({ customerId: z.string().regex(CUSTOMER_ID), telephoneNumber: telephoneNumberPath }),
  body: putNumberRequest,
  errors: ['PreconditionFailed', 'LimitReached'],
  examples: {
    headers: { 'If-None-Match': '*' },
    body: { profile: PROFILE_SETTINGS, ticket: 'CHG0042' },
    answer: { ...NUMBER, status: 'Pending' },
  },
  success: { 200: numberBody, 201: numberBody },
});

export const releaseNumber = defineRoute({
  name: 'releaseNumber',
  method: 'DELETE',
  path: 'numbers/{telephoneNumber}',
  role: 'Partner.Release',
  summary: 'Release one number',
  description: 'An order of one item. While it is being released, a repeat is told of the same order.',
  params: z.strictObject({ telephoneNumber: telephoneNumberPath }),
  errors: ['PreconditionFailed'],
  examples: { answer: RELEASE_ORDER },
  success: { 202: orderBody },
});

export type NumberUses = {
  putNumber: UseCase<typeof putNumber, Principal>;
  releaseNumber: UseCase<typeof releaseNumber, Principal>;
  listCustomerNumbers: UseCase<typeof listCustomerNumbers, Principal>;
  listNumbers: UseCase<typeof listNumbers, Principal>;
  getNumber: UseCase<typeof getNumber, Principal>;
};

/** In the form that the caller prefers. */
const toPage = (page: NumberPage | AppError, wantsText: boolean) => {
  if (page instanceof AppError || !wantsText) return page instanceof AppError ? page : { body: page };
  const headers: Record<string, string> = page.nextLink === undefined ? {} : { Link: `<${page.nextLink}>; rel="next"` };
  return { body: page, text: toNumbersCsv(page.value), headers };
};

type Uses = {
  listCustomerNumbers: ListCustomerNumbers;
  listNumbers: ListNumbers;
  getNumber: GetNumber;
  putNumber: PutNumber<Partner, PutNumberRequest>;
  releaseNumber: ReleaseNumber<Partner, CreateOrderAnswer>;
};

export const numberUses = (use: Uses): NumberUses => ({
  listCustomerNumbers: async ({ principal, params: { customerId }, query, wantsText }) =>
    toPage(await use.listCustomerNumbers(actingPartner(principal).id, customerId, query), wantsText),
  listNumbers: async ({ principal, query, wantsText }) => {
    const partner = listedPartner(principal, query.partnerId);
    return toPage(await use.listNumbers({ partner, customerId: query.customerId, query, path: 'numbers' }), wantsText);
  },
  getNumber: ({ principal, params: { telephoneNumber }, query }) =>
    use.getNumber(actingPartner(principal).id, telephoneNumber, query.refresh === 'true'),
  putNumber: ({ principal, params: { customerId, telephoneNumber }, body, requestHash, ifMatch, ifNoneMatch }) => {
    const input = { partner: actingPartner(principal), customerId, digits: telephoneNumber, wish: body };
    return use.putNumber({ ...input, requestHash, ifMatch, ifNoneMatch });
  },
  releaseNumber: ({ principal, params: { telephoneNumber }, requestHash, ifMatch, ifNoneMatch }) =>
    use.releaseNumber({ partner: actingPartner(principal), digits: telephoneNumber, requestHash, ifMatch, ifNoneMatch }),
});
