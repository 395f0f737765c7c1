/** Wires the partners: who calls, and what an operator does about partners, their numbers and their keys. */
import { makeHasCustomers } from '../shared/customers/has-customers.ts';
import { fromCustomerLane } from '../shared/customers/names.ts';
import { makeFindHeld } from '../shared/operations/held-numbers.ts';
import { makeAdmit, type Admit } from '../shared/partners/admit.ts';
import { apiKeyStore, revokeKeysOf } from '../shared/partners/api-key-store.ts';
import { makeIdentifyKey } from '../shared/partners/identify-key.ts';
import { makeManageApiKeys } from '../shared/partners/manage-api-keys.ts';
import { makeManagePartners } from '../shared/partners/manage-partners.ts';
import { makeManageRanges } from '../shared/partners/manage-ranges.ts';
import { partnerRegistry, type PartnerRegistry } from '../shared/partners/registry.ts';
import { readSeed, seededRegistry } from '../shared/partners/seed.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { makeAuthenticate } from '../shared/platform/identity/authenticate.ts';
import { tenantOf } from '../shared/platform/identity/verify-token.ts';
import type { Effects } from './effects.ts';
import { apiKeyUses, type ApiKeyUses } from './http/api-keys.ts';
import { partnerUses, type PartnerUses } from './http/operator-partners.ts';

export type Partners = { registry: PartnerRegistry; admit: Admit; uses: PartnerUses & ApiKeyUses };

/** Throws when SEED_PARTNERS is wrong. */
export const makePartners = (settings: Settings, { clock, table, verifyToken, newId, randomBytes }: Effects): Partners => {
  const now = (): number => clock.now();
  const seed = readSeed(settings.APP_ENV === 'local' ? settings.SEED_PARTNERS : []);
  const registry = seededRegistry(partnerRegistry({ partners: table('Partners'), principals: table('Principals') }), seed, now);
  const [firstIssuer = ''] = settings.AUTH_ISSUERS;
  const operatorTenantId = settings.AUTH_OPERATOR_TENANT_ID ?? tenantOf(firstIssuer);
  const keys = apiKeyStore(table('Principals'));
  const partner: PartnerRegistry['partner'] = (id) => registry.partner(id);
  const identifyKey = settings.API_KEYS_ALLOWED ? makeIdentifyKey({ keys, partner, now }) : undefined;
  const manage = makeManagePartners({
    registry,
    hasCustomers: makeHasCustomers(table('Lists')),
    revokeKeys: (partnerId) => revokeKeysOf(keys, partnerId, now()),
    now,
    publicBaseUrl: settings.PUBLIC_BASE_URL,
  });
  const ranges = makeManageRanges({
    registry,
    findHeld: makeFindHeld({ index: table('NumberIndex'), holderName: (lane) => fromCustomerLane(lane)?.customerId ?? lane }),
    now,
  });
  return {
    registry,
    admit: makeAdmit({ authenticate: makeAuthenticate(verifyToken), identifyKey, registry, operatorTenantId }),
    uses: { ...partnerUses(manage, ranges), ...apiKeyUses(makeManageApiKeys({ keys, partner, newId, randomBytes, now })) },
  };
};
