import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../../shared/partners/model.ts';
import type { Contract } from '../../../shared/platform/http/contract.ts';
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';

/** The routes that each role opens, in words of its own: what a partner's role says, and an operator's reading or everything. */
const OPENS: Readonly<Record<Role, (needed: Contract['role']) => boolean>> = {
  'Partner.Read': (needed) => needed === 'Partner.Read',
  'Partner.Write': (needed) => needed === 'Partner.Write',
  'Partner.Release': (needed) => needed === 'Partner.Release',
  'Partner.Decide': (needed) => needed === 'Partner.Decide',
  'Operator.Read': (needed) => needed === 'Operator.Read' || needed === 'Partner.Read',
  'Operator.Admin': () => true,
};
const isForEverybody = (needed: Contract['role']): boolean => needed === 'anonymous' || needed === 'any';

const nameOf = (role: Role): string => role.replace('.', '').toLowerCase();
const tokenFor = (role: Role): TokenCheck => ({
  kind: 'verified',
  tenantId: role.startsWith('Operator.') ? TENANT : PARTNER_TENANT,
  clientId: ACME_CLIENT,
  roles: [role],
});
const grantedAtHome = (role: Role): TokenCheck => ({ kind: 'verified', tenantId: PARTNER_TENANT, clientId: ACME_CLIENT, roles: [role] });

const { call, routes } = composedApp({
  ...Object.fromEntries(ROLES.map((role) => [nameOf(role), tokenFor(role)])),
  none: { kind: 'verified', tenantId: PARTNER_TENANT, clientId: ACME_CLIENT, roles: [] },
  usurper: grantedAtHome('Operator.Admin'),
  stranger: { kind: 'verified', tenantId: PARTNER_TENANT, clientId: TENANT, roles: [...ROLES] },
});

/** The path with something in place of every parameter, which no route is asked to find. */
const pathOf = ({ path }: Contract): string => path.replaceAll(/\{\w+\}/g, 'x');

const codeFor = async (contract: Contract, token: string | undefined): Promise<string> => {
  const { error } = await call(pathOf(contract), { method: contract.method, ...(token === undefined ? {} : { token }) });
  return error.code;
};

describe.each(routes.map(({ contract }) => [`${contract.method} /${contract.path}`, contract] as const))('%s', (_name, contract) => {
  test.each(ROLES)('with %s', async (role) => {
    const isOpen = isForEverybody(contract.role) || OPENS[role](contract.role);
    expect((await codeFor(contract, nameOf(role))) === 'InsufficientRole').toBe(!isOpen);
  });

  test('without a token', async () =>
    expect((await codeFor(contract, undefined)) === 'Unauthenticated').toBe(contract.role !== 'anonymous'));

  test('without a role', async () => expect((await codeFor(contract, 'none')) === 'InsufficientRole').toBe(!isForEverybody(contract.role)));

  test("with an operator's role that a partner granted itself", async () =>
    expect((await codeFor(contract, 'usurper')) === 'InsufficientRole').toBe(!isForEverybody(contract.role)));

  test('as an application of no partner, whatever its roles', async () =>
    expect((await codeFor(contract, 'stranger')) === 'PartnerUnknown').toBe(contract.role !== 'anonymous'));
});
