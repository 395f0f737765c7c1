/** Pure: every error code that a route can answer, from what its contract says. */
import { entryOf, type ErrorCode } from '../../errors/catalogue.ts';
import { idempotencyOf, type Contract } from '../contract.ts';

const SIGNED_IN: readonly ErrorCode[] = ['Unauthenticated', 'PartnerUnknown', 'PartnerSuspended', 'TooManyRequests', 'IdentityUnavailable'];
const WITH_BODY: readonly ErrorCode[] = ['InvalidJson', 'PayloadTooLarge', 'UnsupportedMediaType'];
const WITH_KEY: readonly ErrorCode[] = ['InvalidIdempotencyKey', 'IdempotencyKeyInUse', 'IdempotencyKeyReused'];
const ALWAYS: readonly ErrorCode[] = [
  'InvalidRequest',
  'UnknownQueryParameter',
  'UnsupportedApiVersionValue',
  'NotAcceptable',
  'InternalError',
  'ServiceBusy',
];

/** Each once, by status and then as the catalogue has them. */
export const errorCodesOf = (contract: Contract): ErrorCode[] => {
  const { method, role, params, query, errors = [] } = contract;
  // A route that needs no body looks at one all the same.
  const mayHaveBody = method !== 'GET' && method !== 'DELETE';
  const needsRole = role !== 'anonymous' && role !== 'any';
  const codes: ErrorCode[] = [
    ...ALWAYS,
    ...(role === 'anonymous' ? [] : SIGNED_IN),
    ...(needsRole ? (['InsufficientRole'] as const) : []),
    ...(params ? (['ResourceNotFound'] as const) : []),
    ...(query && 'continuationToken' in query.shape ? (['InvalidContinuationToken'] as const) : []),
    ...(mayHaveBody ? WITH_BODY : []),
    ...(contract.csv ? (['InvalidCsv'] as const) : []),
    ...(idempotencyOf(contract) === undefined ? [] : WITH_KEY),
    ...errors,
  ];
  return [...new Set(codes)].sort((a, b) => entryOf(a).status - entryOf(b).status);
};
