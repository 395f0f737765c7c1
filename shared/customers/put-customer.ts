/** Use case: makes a customer what the partner wants it to be; the gateway follows later. */
import { hasAccount } from './account-owner.ts';
import { AppError } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import { describeCustomerCreated } from './describe-end.ts';
import { operationHref } from './links.ts';
import { unsupportedSync, type CustomerBody, type PutCustomerRequest } from './model.ts';
import { accountNameOf, customerLaneOf } from './names.ts';
import { domainProblem, withDomains } from './gateway-names.ts';
import type { AcceptAccount, AccountDraft, CustomerLane, IsReserved, ListNumbers, ReadCustomerLane } from './ports.ts';
import { tenantLock } from './tenant-lock.ts';
import { fromLane, toUpstreamAccount, toView, viewOf } from './translate.ts';

/** Synchronising an account takes about that long. */
const RETRY_AFTER_S = 10;
/** Each lost race means that another PUT of the same customer went through. */
const MAX_TRIES = 5;

export type PutCustomerInput = {
  partner: string;
  customerId: string;
  request: PutCustomerRequest;
  requestHash: string;
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
};

export type PutCustomerAnswer = { status: 200 | 201; body: CustomerBody; etag: string; headers: Record<string, string> };

/** 201 when it is new. Errors: SyncNotSupported, InvalidRequest (a name too long), TenantIdLocked, PreconditionFailed, AdoptionInProgress, AccountExists, ServiceBusy. */
export type PutCustomer = (input: PutCustomerInput) => Promise<PutCustomerAnswer | AppError>;

export type PutCustomerEffects = AnswerSettings & {
  readLane: ReadCustomerLane;
  accept: AcceptAccount;
  isReserved: IsReserved;
  listNumbers: ListNumbers;
};

/** `gatewayDomain`: what the gateway's names end in, where the operator has said it. */
export type AnswerSettings = { publicBaseUrl: string; gatewayDomain?: string | undefined };

/** SyncNotSupported with each service whose `sync` was named although it has none. */
export const syncProblem = (request: Pick<PutCustomerRequest, 'services'>): AppError | undefined => {
  const services = unsupportedSync(request);
  if (services.length === 0) return undefined;
  const details = services.map((name) => ({
    code: 'SyncNotSupported',
    message: 'Sync cannot be switched for this service.',
    target: `/services/${name}/sync`,
  }));
  return new AppError('SyncNotSupported', { target: 'body', details });
};

/** Whether the request may go on under its `If-Match` and `If-None-Match`; a customer that is gone has no ETag. */
export const isAllowed = (
  old: CustomerLane | undefined,
  { ifMatch, ifNoneMatch }: Pick<PutCustomerInput, 'ifMatch' | 'ifNoneMatch'>,
): boolean => {
  const etag = old && old.account.removal !== 'done' ? fromLane(old).etag : undefined;
  if (ifMatch !== undefined && (etag === undefined || !namesEtag(ifMatch, etag))) return false;
  return ifNoneMatch === undefined || etag === undefined || !namesEtag(ifNoneMatch, etag);
};

const saysTheSame = (old: CustomerLane | undefined, requestHash: string): boolean =>
  old?.account.requestHash === requestHash && old.account.status !== 'Failed' && old.account.removal === undefined;

/** What the engine is asked for; `old` is the customer as it is now. */
export const toDraft = (
  { partner, customerId, request, requestHash }: Omit<PutCustomerInput, 'ifMatch' | 'ifNoneMatch'>,
  old: CustomerLane | undefined,
  publicBaseUrl: string,
): AccountDraft => {
  const before = old && old.account.removal === undefined ? viewOf(old) : undefined;
  const view = toView(request, before);
  return {
    lane: customerLaneOf(partner, customerId),
    partner,
    customerId,
    accountName: accountNameOf(partner, customerId),
    kind: 'account',
    about: { action: 'customer.put' },
    numbers: [''],
    payload: toUpstreamAccount(request, before),
    view,
    requestHash,
    basedOn: old?.account.operationSeq ?? 0,
    ...(before ? {} : { told: (id: string) => describeCustomerCreated(publicBaseUrl, { id, customerId, view }) }),
  };
};

/** `Retry-After` comes as long as the gateway has not confirmed the customer. */
export const toAnswer = (status: 200 | 201, lane: CustomerLane, { publicBaseUrl, gatewayDomain }: AnswerSettings): PutCustomerAnswer => {
  const body = withDomains(fromLane(lane), gatewayDomain);
  const headers = {
    'Operation-Location': operationHref(publicBaseUrl, lane.account.operationId),
    ...(body.status === 'Pending' ? { 'Retry-After': String(RETRY_AFTER_S) } : {}),
  };
  return { status, body, etag: body.etag, headers };
};

/** Why no customer may begin under this name now. */
const reservation = async (
  { isReserved }: PutCustomerEffects,
  { partner, customerId }: PutCustomerInput,
): Promise<AppError | undefined> => {
  const reserved = await isReserved(partner, customerId);
  if (reserved === 'free') return undefined;
  return new AppError(reserved === 'adopting' ? 'AdoptionInProgress' : 'AccountExists', { target: 'customer' });
};

/** One decision on the customer as it is now; `moved` when it was changed before this could be accepted. */
const putOnce = async (effects: PutCustomerEffects, input: PutCustomerInput) => {
  const { readLane, accept, publicBaseUrl } = effects;
  const name = customerLaneOf(input.partner, input.customerId);
  const old = (await readLane(name))?.value;
  if (!isAllowed(old, input)) return new AppError('PreconditionFailed', { target: 'customer' });
  if (old && saysTheSame(old, input.requestHash)) return toAnswer(200, old, effects);
  const isKept = old?.account.removal === undefined;
  const locked = old && isKept ? await tenantLock(effects.listNumbers, old, input.request) : undefined;
  const problem = locked ?? (old && hasAccount(old) ? undefined : await reservation(effects, input));
  if (problem) return problem;
  const accepted = await accept(toDraft(input, old, publicBaseUrl));
  if (accepted.kind === 'moved') return 'moved';
  if (accepted.kind !== 'accepted') return new AppError('ServiceBusy');
  const lane = await readLane(name);
  if (!lane) throw new Error('the lane of an accepted operation is gone');
  const isNew = old === undefined || old.account.removal !== undefined;
  return toAnswer(isNew ? 201 : 200, lane.value, effects);
};

export const makePutCustomer =
  (effects: PutCustomerEffects): PutCustomer =>
  async (input) => {
    const { subdomain } = input.request.services.teamsDirectRouting ?? {};
    const problem = syncProblem(input.request) ?? domainProblem(subdomain, effects.gatewayDomain, '/services/teamsDirectRouting/subdomain');
    if (problem) return problem;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const answer = await putOnce(effects, input);
      if (answer !== 'moved') return answer;
    }
    return new AppError('ServiceBusy');
  };
