/** /numbers and /customers/{customerId}/numbers: what a partner's customers have. */
import { z } from 'zod';
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
import { CUSTOMER_ID } from '../../shared/customers/model.ts';
import { actingPartner, listedPartner } from '../../shared/partners/admit.ts';
import { PARTNER_ID, type Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { NUMBER } from './number-examples.ts';

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

export type NumberUses = {
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

export const numberUses = (use: {
  listCustomerNumbers: ListCustomerNumbers;
  listNumbers: ListNumbers;
  getNumber: GetNumber;
}): NumberUses => ({
  listCustomerNumbers: async ({ principal, params: { customerId }, query, wantsText }) =>
    toPage(await use.listCustomerNumbers(actingPartner(principal).id, customerId, query), wantsText),
  listNumbers: async ({ principal, query, wantsText }) => {
    const partner = listedPartner(principal, query.partnerId);
    return toPage(await use.listNumbers({ partner, customerId: query.customerId, query, path: 'numbers' }), wantsText);
  },
  getNumber: ({ principal, params: { telephoneNumber }, query }) =>
    use.getNumber(actingPartner(principal).id, telephoneNumber, query.refresh === 'true'),
});
