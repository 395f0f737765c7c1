/** Pure: every error code a caller can meet, with its HTTP status and public title. The codes are part of the API's contract. */

type Entry = { status: number; title: string; retryAfterS?: number };

/** DNS moves a failed gateway to another region within a minute. */
const FAILOVER_S = 60;

export const ERRORS = {
  InvalidJson: { status: 400, title: 'The body is not JSON.' },
  InvalidRequest: { status: 400, title: 'The request is not valid.' },
  InvalidCsv: { status: 400, title: 'The CSV body is not valid.' },
  EmptyOrder: { status: 400, title: 'The order names no number.' },
  TooManyNumbers: { status: 400, title: 'The order names too many numbers.' },
  UnknownQueryParameter: { status: 400, title: 'The query parameter is unknown.' },
  UnsupportedApiVersionValue: { status: 400, title: 'The api-version is not supported.' },
  InvalidIdempotencyKey: { status: 400, title: 'The Idempotency-Key header is missing or not valid.' },
  InvalidContinuationToken: { status: 400, title: 'The continuation token is not valid.' },
  SyncNotSupported: { status: 400, title: 'The service has no backend sync.' },
  Unauthenticated: { status: 401, title: 'A valid access token is required.' },
  InsufficientRole: { status: 403, title: 'The caller lacks the role that this needs.' },
  PartnerUnknown: { status: 403, title: 'The caller belongs to no partner.' },
  PartnerSuspended: { status: 403, title: 'The partner is suspended.' },
  ResourceNotFound: { status: 404, title: 'There is no such resource.' },
  MethodNotAllowed: { status: 405, title: 'The resource does not support this method.' },
  NotAcceptable: { status: 406, title: 'The answer exists in none of the accepted media types.' },
  CustomerHasNumbers: { status: 409, title: 'The customer still has numbers.' },
  ServiceInUse: { status: 409, title: 'Numbers still use the service.' },
  TenantIdLocked: { status: 409, title: 'The tenant id is fixed while such numbers exist.' },
  AccountTaken: { status: 409, title: 'The account belongs to another customer.' },
  CustomerExists: { status: 409, title: 'The customer exists already.' },
  OperationUnderWay: { status: 409, title: 'Something of the customer is under way right now.', retryAfterS: 30 },
  NumberHeld: { status: 409, title: 'Another customer holds the number.' },
  AdoptionInProgress: { status: 409, title: 'The customer is being taken over right now.' },
  AccountExists: { status: 409, title: 'The account exists upstream already.' },
  OrderNotCancelable: { status: 409, title: 'The order can no longer be cancelled.' },
  OrderNotRetryable: { status: 409, title: 'The order has nothing to retry.' },
  IdempotencyKeyInUse: { status: 409, title: 'A request with this Idempotency-Key is being served.', retryAfterS: 1 },
  RfiClosed: { status: 409, title: 'The request for information is closed.' },
  SyncInProgress: { status: 409, title: 'A sync is running already.' },
  ReplayInProgress: { status: 409, title: 'A replay of this subscription is under way.' },
  PartnerHasCustomers: { status: 409, title: 'The partner still has customers.' },
  ClientInUse: { status: 409, title: 'The application belongs to another partner.' },
  RangeAllocated: { status: 409, title: 'The numbers are allocated to another partner.' },
  NumbersInUse: { status: 409, title: 'Numbers that would go are in use.' },
  NothingToReplay: { status: 409, title: 'The message asked for nothing that could be done again.' },
  UpstreamConflict: { status: 409, title: 'The resource keeps changing upstream.' },
  LimitReached: { status: 409, title: 'A limit is reached.' },
  SequenceExpired: { status: 410, title: 'Events that old are no longer kept.' },
  PreconditionFailed: { status: 412, title: 'The resource is not in the state that the request asks for.' },
  PayloadTooLarge: { status: 413, title: 'The body is too large.' },
  UnsupportedMediaType: { status: 415, title: 'The media type of the body is not supported.' },
  IdempotencyKeyReused: { status: 422, title: 'The Idempotency-Key was used with another request.' },
  TooManyRequests: { status: 429, title: 'Too many requests.' },
  InternalError: { status: 500, title: 'Something went wrong on our side.' },
  UpstreamRejected: { status: 502, title: 'The gateway refused the request.' },
  ServiceBusy: { status: 503, title: 'The service is busy.', retryAfterS: 1 },
  IdentityUnavailable: { status: 503, title: 'Access tokens cannot be checked right now.', retryAfterS: 5 },
  UpstreamUnavailable: { status: 503, title: 'The gateway does not answer.', retryAfterS: FAILOVER_S },
  UpstreamTimeout: { status: 504, title: 'The gateway did not answer in time.', retryAfterS: FAILOVER_S },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

/** What is fixed for `code`. */
export const entryOf = (code: ErrorCode): Entry => ERRORS[code];
