/** What checking a token says of the callers whom tests know: the operator's application, and acme's. */
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';
import { ACME_CLIENT, PARTNER_TENANT, TENANT } from './composed-app.ts';

export const PARTNER_ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide'];

export const verified = (tenantId: string, clientId: string, roles: readonly string[]): TokenCheck => ({
  kind: 'verified',
  tenantId,
  clientId,
  roles,
});

/** The operator's application with these roles, or with all. */
export const operatorToken = (...roles: string[]): TokenCheck => verified(TENANT, TENANT, roles.length === 0 ? ['Operator.Admin'] : roles);
/** Acme's application with these roles, or with all. */
export const acmeToken = (...roles: string[]): TokenCheck =>
  verified(PARTNER_TENANT, ACME_CLIENT, roles.length === 0 ? PARTNER_ROLES : roles);
