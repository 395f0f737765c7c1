/** The sample identities of the local stack: one operator, two partners, and this API as a client of upstream: pure. */
import type { IssuerClient } from '../token-issuer/token-claims.ts';

export const API_AUDIENCE = 'api://acg-facade';
/** Upstream contract: the one audience of every gateway, published in azure-rest-api-specs, voiceservices. */
export const UPSTREAM_AUDIENCE = 'https://func-voiceservice-rp-prod-eastuseuap.azurewebsites.net';

export type NumberRange = { from: string; to: string };

/** Somebody who calls this API. The secrets are samples: the issuer that takes them listens on loopback alone. */
export type Caller = {
  id: string;
  name: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  roles: string[];
  numberRanges: NumberRange[];
};

const PARTNER_ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide'];

export const OPERATOR: Caller = {
  id: 'operator',
  name: 'Operator',
  tenantId: '0a000000-0000-4000-8000-000000000001',
  clientId: '0a000000-0000-4000-8000-0000000000c1',
  clientSecret: 'local-operator-secret',
  roles: ['Operator.Read', 'Operator.Admin'],
  numberRanges: [],
};

/** Their ranges lie in 01632, an area code that belongs to no place. */
export const PARTNERS: readonly Caller[] = [
  {
    id: 'acme',
    name: 'Acme Telecom',
    tenantId: '0b000000-0000-4000-8000-000000000001',
    clientId: '0b000000-0000-4000-8000-0000000000c1',
    clientSecret: 'local-acme-secret',
    roles: PARTNER_ROLES,
    // A small block for orders by hand, a large one for runs of the demo.
    numberRanges: [
      { from: '+441632960000', to: '+441632979999' },
      { from: '+441632100000', to: '+441632899999' },
    ],
  },
  {
    id: 'globex',
    name: 'Globex',
    tenantId: '0c000000-0000-4000-8000-000000000001',
    clientId: '0c000000-0000-4000-8000-0000000000c1',
    clientSecret: 'local-globex-secret',
    roles: PARTNER_ROLES,
    numberRanges: [{ from: '+441632980000', to: '+441632999999' }],
  },
];

/** This API as the operator's tenant knows it: what it signs in to upstream with. */
export const UPSTREAM_CLIENT: IssuerClient = {
  tenantId: OPERATOR.tenantId,
  clientId: '0a000000-0000-4000-8000-0000000000c2',
  clientSecret: 'local-upstream-secret',
  roles: { [UPSTREAM_AUDIENCE]: ['ProvisioningAPI.Admin'] },
};

export const callers = (): readonly Caller[] => [OPERATOR, ...PARTNERS];

/** The registrations that the token issuer is given. */
export const issuerClients = (): IssuerClient[] => [
  ...callers().map(({ tenantId, clientId, clientSecret, roles }) => ({
    tenantId,
    clientId,
    clientSecret,
    roles: { [API_AUDIENCE]: roles },
  })),
  UPSTREAM_CLIENT,
];
