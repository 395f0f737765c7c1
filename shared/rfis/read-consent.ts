/** What the stored Request for Information of a tenant says of its consent, for orders of the partner whom it concerns. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { rfiLaneOf } from './model.ts';
import { readRfi } from './rfi-store.ts';

/** Countries as upstream spells them. */
export type Consent = { active: boolean; countries: string[] };

/** Undefined where nothing is known: no such RFI, another partner's, or a status that nobody has published. */
export type ReadConsent = (partner: string, tenantId: string) => Promise<Consent | undefined>;

/** Open enum (azure-rest-api-specs voiceservices 2024-02-29-preview). */
const ACTIVE = 'active';
const INACTIVE: readonly string[] = ['suspended', 'removed'];

export const makeReadConsent =
  ({ state }: { state: RowStore }): ReadConsent =>
  async (partner, tenantId) => {
    const lane = (await readRfi(state, rfiLaneOf(tenantId.toLowerCase())))?.value;
    if (lane?.partner !== partner) return undefined;
    const { open, content } = lane.rfi;
    const status = content.status?.toLowerCase();
    if (INACTIVE.includes(status ?? '')) return { active: false, countries: [] };
    // One that upstream no longer lists may have been settled rather than withdrawn.
    return open && status === ACTIVE ? { active: true, countries: content.consentedCountries } : undefined;
  };
