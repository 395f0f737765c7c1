/** One request's access token -> who calls: checked, looked up, allowed to use the route. */
import { AppError } from '../platform/errors/app-error.ts';
import { authorize, type Authorization, type NeededRole } from './authorize.ts';
import type { Caller, Partner, Principal } from './model.ts';
import type { PartnerRegistry } from './registry.ts';

export type Admission = {
  /** Throws AppError Unauthenticated or IdentityUnavailable. */
  authenticate: (authorization: string | undefined) => Promise<Caller>;
  registry: Pick<PartnerRegistry, 'partnerOf'>;
  operatorTenantId: string;
};

export type Admit = (authorization: string | undefined, needed: NeededRole) => Promise<Principal>;

/** Throws AppError with a code of 401, 403 or 503. */
export const makeAdmit =
  ({ authenticate, registry, operatorTenantId }: Admission): Admit =>
  async (authorization, needed) => {
    const caller = await authenticate(authorization);
    const decision = authorize(caller, await registry.partnerOf(caller), needed, operatorTenantId);
    if (decision.kind === 'allowed') return decision.principal;
    throw toError(decision);
  };

const toError = (refused: Extract<Authorization, { kind: 'refused' }>): AppError =>
  new AppError(refused.code, refused.code === 'InsufficientRole' ? { target: refused.role } : {});

/** The partner in whose name a principal acts. Throws AppError PartnerUnknown for an operator, who acts for none. */
export const actingPartner = (principal: Principal): Partner => {
  if (principal.kind === 'partner') return principal.partner;
  throw new AppError('PartnerUnknown', { message: 'An operator acts for no partner here.' });
};
