/** GET /rfis and POST /rfis/sync: the Requests for Information that concern the caller, and fetching them now. */
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { rfiListQuery, rfiPage, type ListRfis } from '../../shared/rfis/list.ts';
import { rfiSyncView, type SyncRfis } from '../../shared/rfis/sync.ts';
import type { RfiReader } from '../../shared/rfis/view.ts';

export const listRfis = defineRoute({
  name: 'listRfis',
  method: 'GET',
  path: 'rfis',
  role: 'Partner.Read',
  query: rfiListQuery,
  success: { 200: rfiPage },
});

export const syncRfis = defineRoute({
  name: 'syncRfis',
  method: 'POST',
  path: 'rfis/sync',
  role: 'Operator.Admin',
  success: { 202: rfiSyncView },
});

/** Contacts are personal data: for those who decide about an RFI, and for the operator. */
export const rfiReaderOf = (principal: Principal): RfiReader =>
  principal.kind === 'operator'
    ? { seesContacts: true }
    : { partner: principal.partner.id, seesContacts: principal.roles.includes('Partner.Decide') };

export type RfiUses = {
  listRfis: UseCase<typeof listRfis, Principal>;
  syncRfis: UseCase<typeof syncRfis, Principal>;
};

export const rfiUses = (use: { listRfis: ListRfis; syncRfis: SyncRfis }): RfiUses => ({
  listRfis: ({ principal, query }) => use.listRfis(rfiReaderOf(principal), query),
  syncRfis: () => use.syncRfis(),
});
