/** Pure: a Request for Information as callers see it; contacts are for those who decide, and for the operator. */
import { z } from 'zod';
import { etagOf } from '../platform/http/etag.ts';
import { UNASSIGNED, type RfiLane, type StoredRfi } from './model.ts';

const contactView = z.strictObject({
  fullName: z.string().optional(),
  email: z.string().optional(),
  telephoneNumber: z.string().optional(),
  companyName: z.string().optional(),
  companySize: z.string().optional(),
});

export const rfiView = z
  .strictObject({
    tenantId: z.string(),
    id: z.string().optional(),
    customerId: z.string().optional(),
    /** `active`, `suspended`, `removed` or what else upstream says. */
    status: z.string().optional(),
    consentedCountries: z.array(z.string()),
    consentedAt: z.string().optional(),
    updatedAt: z.string().optional(),
    /** Absent for callers that may not decide. */
    contacts: z.array(contactView).optional(),
    relationship: z
      .strictObject({ status: z.string().optional(), comment: z.string().optional(), updatedAt: z.string().optional() })
      .optional(),
    /** Absent while it is the operator's. */
    assignedPartnerId: z.string().optional(),
    syncStatus: z.string().optional(),
    etag: z.string(),
  })
  .meta({ id: 'Rfi' });
export type RfiView = z.infer<typeof rfiView>;

/** Who reads: a partner sees what is assigned to it, without a partner everything is seen. */
export type RfiReader = { partner?: string; seesContacts: boolean };

export type RfiFacts = Pick<RfiLane, 'partner' | 'customerId'> & Pick<StoredRfi, 'tenantId' | 'open' | 'content'>;

const SYNC_STATES: Readonly<Record<string, string>> = { pending: 'Pending', synced: 'Succeeded', failed: 'Failed' };

const relationshipView = ({ relationship }: StoredRfi['content']): RfiView['relationship'] =>
  relationship && { status: relationship.status, comment: relationship.comment, updatedAt: relationship.lastModifiedOn };

/** Without contacts for whoever may not see them. */
export const toRfiView = ({ tenantId, partner, customerId, open, content }: RfiFacts, { seesContacts }: RfiReader): RfiView => {
  const { provisioningStatus } = content;
  const view = {
    tenantId,
    id: content.id,
    customerId,
    status: open ? content.status : 'removed',
    consentedCountries: content.consentedCountries,
    consentedAt: content.consentedOn,
    updatedAt: content.lastModifiedOn,
    contacts: seesContacts ? content.contacts : undefined,
    relationship: relationshipView(content),
    assignedPartnerId: partner === UNASSIGNED ? undefined : partner,
    syncStatus: provisioningStatus && (SYNC_STATES[provisioningStatus] ?? provisioningStatus),
  };
  return { ...view, etag: etagOf(view) };
};
