/** One request's credential -> who calls: checked, looked up, allowed to use the route. */
import { AppError } from '../platform/errors/app-error.ts';
import { authorize, type Authorization, type NeededRole } from './authorize.ts';
import type { IdentifyKey } from './identify-key.ts';
import { ownerOf, type Caller, type Partner, type PartnerClient, type Principal } from './model.ts';
import type { PartnerRegistry } from './registry.ts';

export type Admission = {
  /** By access token. Throws AppError Unauthenticated or IdentityUnavailable. */
  authenticate: (authorization: string | undefined) => Promise<PartnerClient & { roles: readonly string[] }>;
  /** By API key, where keys are allowed; undefined for a header that holds none. Throws AppError Unauthenticated. */
  identifyKey?: IdentifyKey | undefined;
  registry: Pick<PartnerRegistry, 'partnerOf'>;
  operatorTenantId: string;
};

export type Admit = (authorization: string | undefined, needed: NeededRole) => Promise<Principal>;

/** Throws AppError with a code of 401, 403 or 503. */
export const makeAdmit =
  (admission: Admission): Admit =>
  async (authorization, needed) => {
    const { caller, partner } = (await admission.identifyKey?.(authorization)) ?? (await identifyApplication(admission, authorization));
    const decision = authorize(caller, partner, needed, admission.operatorTenantId);
    if (decision.kind === 'allowed') return decision.principal;
    throw toError(decision);
  };

const identifyApplication = async (
  { authenticate, registry }: Admission,
  authorization: string | undefined,
): Promise<{ caller: Caller; partner: Partner | undefined }> => {
  const caller = await authenticate(authorization);
  return { caller, partner: await registry.partnerOf(caller) };
};

const toError = (refused: Extract<Authorization, { kind: 'refused' }>): AppError =>
  new AppError(refused.code, refused.code === 'InsufficientRole' ? { target: refused.role } : {});

/** The partner in whose name a principal acts. Throws AppError PartnerUnknown for an operator, who acts for none. */
export const actingPartner = (principal: Principal): Partner => {
  if (principal.kind === 'partner') return principal.partner;
  throw new AppError('PartnerUnknown', { message: 'An operator acts for no partner here.' });
};

const inQuery = (code: string, message: string): AppError =>
  new AppError('InvalidRequest', {
    message: '1 problem in the request.',
    target: 'query',
    details: [{ code, message, target: '/partnerId' }],
  });

/** Whose thing is meant: the caller's own, or that of the partner that an operator names. Throws AppError InvalidRequest. */
export const ownerAsked = (principal: Principal, partnerId: string | undefined): string => {
  if (principal.kind === 'operator') return partnerId ?? ownerOf(principal);
  if (partnerId !== undefined) throw inQuery('UnknownProperty', 'For operators alone.');
  return ownerOf(principal);
};

/** Whose things a list shows: the caller's own, or those of the partner that an operator names. Throws AppError InvalidRequest. */
export const listedPartner = (principal: Principal, partnerId: string | undefined): string => {
  if (principal.kind === 'operator') {
    if (partnerId === undefined) throw inQuery('Required', 'An operator says whose.');
    return partnerId;
  }
  if (partnerId !== undefined) throw inQuery('UnknownProperty', 'For operators alone.');
  return principal.partner.id;
};
