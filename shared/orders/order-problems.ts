/** Pure: problems that placing an order and validating one tell in the same words. */
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { MAX_DETAILS, MAX_NUMBERS } from './model.ts';
import type { OrderRequest } from './order-request.ts';
import type { CustomerFacts } from './ports.ts';

/** Cut-over windows are planned weeks ahead; further ones are mistakes. */
const MAX_NOT_BEFORE_DAYS = 90;
const DAY_MS = 86_400_000;

export const CUSTOMER_NOT_FOUND: ErrorDetail = { code: 'CustomerNotFound', message: 'There is no such customer.', target: '/customerId' };

/** Everything that is wrong with a request, as one error. */
export const invalidOrder = (problems: readonly ErrorDetail[]): AppError =>
  new AppError('InvalidRequest', {
    message: problems.length === 1 ? '1 problem in the request.' : `${problems.length} problems in the request.`,
    target: 'body',
    details: problems.slice(0, MAX_DETAILS),
    detailsTruncated: problems.length > MAX_DETAILS,
  });

/** The error for an order that names no number or more than one may. */
export const wrongCount = (outcome: 'empty' | 'tooMany'): AppError =>
  outcome === 'empty'
    ? new AppError('EmptyOrder', { target: 'body' })
    : new AppError('TooManyNumbers', { message: `An order may name ${MAX_NUMBERS} numbers.`, target: 'body' });

/** What is wrong with the time before which nothing of the order is to be sent. */
export const timeProblems = ({ notBefore }: OrderRequest, nowMs: number): ErrorDetail[] =>
  notBefore === undefined || Date.parse(notBefore) <= nowMs + MAX_NOT_BEFORE_DAYS * DAY_MS
    ? []
    : [{ code: 'InvalidValue', message: `Must lie within ${MAX_NOT_BEFORE_DAYS} days.`, target: '/notBefore' }];

/** Accounts that a file names, each with the first line that does. */
export type SourceAccounts = { accounts: readonly { name: string; row: number }[] };

/** What a file says of its customer that is not so, by the row; nothing where there is no file or no such customer. */
export const sourceProblems = (source: SourceAccounts | undefined, customer: CustomerFacts | undefined): ErrorDetail[] =>
  (source?.accounts ?? [])
    .filter(({ name }) => customer !== undefined && name !== customer.accountName)
    .map(({ row }) => ({ code: 'InvalidValue', message: "Not the account of the order's customer.", target: 'accountName', row }));
