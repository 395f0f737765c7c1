import { expect, test } from 'vitest';
import { authorize, type NeededRole } from '../../../shared/partners/authorize.ts';
import { ROLES, type Partner } from '../../../shared/partners/model.ts';

const HOME = 'operator-tenant';
const acme: Partner = { id: 'acme', name: 'Acme', state: 'active', ranges: [] };

const outcome = (roles: string[], partner: Partner | undefined, needed: NeededRole, tenantId = 'partner-tenant'): string => {
  const decision = authorize({ tenantId, clientId: 'c', roles }, partner, needed, HOME);
  return decision.kind === 'allowed' ? decision.principal.kind : decision.code;
};

test.each(ROLES)('lets a partner with %s use exactly the routes of that role and those for anybody', (held) => {
  if (held.startsWith('Operator.')) return;
  for (const needed of ROLES) expect(outcome([held], acme, needed), needed).toBe(held === needed ? 'partner' : 'InsufficientRole');
  expect(outcome([held], acme, 'any')).toBe('partner');
});

test('lets an operator read what partners read, and an administrator do everything', () => {
  const allowed = (held: string): NeededRole[] => ROLES.filter((needed) => outcome([held], undefined, needed, HOME) === 'operator');
  expect(allowed('Operator.Read')).toEqual(['Partner.Read', 'Operator.Read']);
  expect(allowed('Operator.Admin')).toEqual([...ROLES]);
});

test('gives nothing to operator roles that a partner granted itself in its own tenant', () => {
  expect(outcome(['Operator.Admin'], acme, 'Operator.Admin')).toBe('InsufficientRole');
  expect(outcome(['Operator.Admin'], acme, 'any')).toBe('partner');
  expect(outcome(['Operator.Admin'], undefined, 'Operator.Admin')).toBe('PartnerUnknown');
});

test('refuses an application of no partner and one of a suspended partner, whatever the route', () => {
  expect(outcome(['Partner.Read'], undefined, 'any')).toBe('PartnerUnknown');
  expect(outcome(['Partner.Read'], { ...acme, state: 'suspended' }, 'any')).toBe('PartnerSuspended');
});

test('ignores roles it does not know', () => {
  expect(outcome(['partner.read', 'Everything'], acme, 'Partner.Read')).toBe('InsufficientRole');
});

test('says which role is missing', () => {
  const decision = authorize({ tenantId: 't', clientId: 'c', roles: [] }, acme, 'Partner.Write', HOME);
  expect(decision).toEqual({ kind: 'refused', code: 'InsufficientRole', role: 'Partner.Write' });
});
