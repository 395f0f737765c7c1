/** Pure: every error code that a route can answer, from what its contract says. */
import { entryOf, type ErrorCode } from '../../errors/catalogue.ts';
import { idempotencyOf, type Contract } from '../contract.ts';

const SIGNED_IN: readonly ErrorCode[] = ['Unauthenticated', 'PartnerUnknown', 'PartnerSuspended', 'TooManyRequests', 'IdentityUnavailable'];
const WITH_BODY: readonly ErrorCode[] = ['InvalidJson', 'PayloadTooLarge', 'UnsupportedMediaType'];
const WITH_KEY: readonly ErrorCode[] = ['InvalidIdempotencyKey', 'IdempotencyKeyInUse', 'IdempotencyKeyReused'];
const ALWAYS: readonly ErrorCode[] = [
  'UnknownQueryParameter',
  'UnsupportedApiVersionValue',
  'NotAcceptable',
  'InternalError',
  'ServiceBusy',
];

/** Each once, by status and then as the catalogue has them. */
export const errorCodesOf = (contract: Contract): ErrorCode[] => {
  const { role, params, query, body, errors = [] } = contract;
  const needsRole = role !== 'anonymous' && role !== 'any';
  const codes: ErrorCode[] = [
    ...ALWAYS,
    ...(role === 'anonymous' ? [] : SIGNED_IN),
    ...(needsRole ? (['InsufficientRole'] as const) : []),
    ...(params || query || body ? (['InvalidRequest'] as const) : []),
    ...(params ? (['ResourceNotFound'] as const) : []),
    ...(body ? WITH_BODY : []),
    ...(idempotencyOf(contract) === undefined ? [] : WITH_KEY),
    ...errors,
  ];
  return [...new Set(codes)].sort((a, b) => entryOf(a).status - entryOf(b).status);
};
