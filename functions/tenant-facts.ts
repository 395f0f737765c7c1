/** Joins what customers and requests for information know of a tenant into what orders ask for. */
import type { ReadTenantOffers } from '../shared/customers/tenant-facts.ts';
import type { ReadTenantFacts } from '../shared/orders/ports.ts';
import type { ReadConsent } from '../shared/rfis/read-consent.ts';

export type TenantFactsParts = { readOffers: ReadTenantOffers; readConsent: ReadConsent };

export const makeReadTenantFacts =
  ({ readOffers, readConsent }: TenantFactsParts): ReadTenantFacts =>
  async (partner, { lane, accountName, tenantState, teamsTenantId }, wants, how) => {
    const [offers, consent] = await Promise.all([
      readOffers({ lane, accountName, partner, tenantState }, wants, how),
      teamsTenantId === undefined ? undefined : readConsent(partner, teamsTenantId),
    ]);
    return { ...offers, ...(consent ? { consent } : {}) };
  };
