/** Who calls in tests of the API: the partners acme and beta, and the operator, by tokens that say so. */
import { makeAdmit, type Admit } from '../../../shared/partners/admit.ts';
import { ROLES, type Partner } from '../../../shared/partners/model.ts';

const HOME = 'home';
const PARTNER_ROLES = ROLES.filter((role) => role.startsWith('Partner.'));

const partnerNamed = (id: string): Partner => ({
  id,
  name: id,
  state: 'active',
  ranges: [
    { from: '+441632960000', to: '+441632979999' },
    { from: '+18005550100', to: '+18005550199' },
  ],
});
const PARTNERS = new Map(['acme', 'beta'].map((id) => [id, partnerNamed(id)]));

export const admitCallers = (): Admit =>
  makeAdmit({
    authenticate: async (authorization) => {
      // `acme.writer` calls for acme and may only write.
      const [who = '', restricted] = (authorization?.replace('Bearer ', '') ?? '').split('.');
      const operator = who === 'operator';
      const partnerRoles = restricted === 'writer' ? ['Partner.Write'] : PARTNER_ROLES;
      return { tenantId: operator ? HOME : 'elsewhere', clientId: who, roles: operator ? ['Operator.Admin'] : partnerRoles };
    },
    registry: { partnerOf: async ({ clientId }) => PARTNERS.get(clientId) },
    operatorTenantId: HOME,
  });
