/** Pure: may this caller use a route of this role, and in whose name. */
import { ROLES, type Caller, type CallerId, type Partner, type Principal, type Role } from './model.ts';

export type NeededRole = Role | 'any';

export type Authorization =
  | { kind: 'allowed'; principal: Principal }
  | { kind: 'refused'; code: 'PartnerUnknown' | 'PartnerSuspended' }
  | { kind: 'refused'; code: 'InsufficientRole'; role: Role };

/** The routes that an operator role opens beside its own. */
const OPENED_BY: Readonly<Record<Role, readonly Role[]>> = {
  'Partner.Read': [],
  'Partner.Write': [],
  'Partner.Release': [],
  'Partner.Decide': [],
  'Operator.Read': ['Partner.Read'],
  'Operator.Admin': ROLES,
};

const isRole = (text: string): text is Role => ROLES.some((known) => known === text);
const isOperatorRole = (role: Role): boolean => role.startsWith('Operator.');

const toCallerId = (caller: Caller): CallerId =>
  'apiKeyId' in caller ? { apiKeyId: caller.apiKeyId } : { tenantId: caller.tenantId, clientId: caller.clientId };

/**
 * Decides for one request. App roles are granted inside the caller's own Entra tenant, so a partner's administrator could grant
 * its app any of them: operator roles count only in tokens of `operatorTenantId`, and never with an API key.
 */
export const authorize = (caller: Caller, partner: Partner | undefined, needed: NeededRole, operatorTenantId: string): Authorization => {
  const id = toCallerId(caller);
  const isHome = 'tenantId' in id && id.tenantId === operatorTenantId;
  const roles = caller.roles.filter(isRole).filter((role) => isHome || !isOperatorRole(role));
  const isOperator = roles.some(isOperatorRole);
  if (!isOperator && partner === undefined) return { kind: 'refused', code: 'PartnerUnknown' };
  if (!isOperator && partner?.state === 'suspended') return { kind: 'refused', code: 'PartnerSuspended' };
  const opened = new Set(roles.flatMap((role) => [role, ...OPENED_BY[role]]));
  if (needed !== 'any' && !opened.has(needed)) return { kind: 'refused', code: 'InsufficientRole', role: needed };
  const common = { caller: id, roles };
  return {
    kind: 'allowed',
    principal: isOperator || partner === undefined ? { kind: 'operator', ...common } : { kind: 'partner', ...common, partner },
  };
};
