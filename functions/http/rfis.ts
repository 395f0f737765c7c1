/** GET /rfis, GET /rfis/{tenantId} and /rfis/sync: the Requests for Information that concern the caller, and fetching them now. */
import { z } from 'zod';
import type { Principal } from '../../shared/partners/model.ts';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import type { EraseContacts } from '../../shared/rfis/erase-contacts.ts';
import type { GetRfi } from '../../shared/rfis/get.ts';
import { rfiListQuery, rfiPage, type ListRfis } from '../../shared/rfis/list.ts';
import { rfiScanView, rfiSyncView, type GetRfiScan, type SyncRfis } from '../../shared/rfis/sync.ts';
import { rfiView, type RfiReader } from '../../shared/rfis/view.ts';
import { RFI, RFI_SCAN } from './rfi-examples.ts';

export const listRfis = defineRoute({
  name: 'listRfis',
  method: 'GET',
  path: 'rfis',
  role: 'Partner.Read',
  summary: 'Requests for information that concern you',
  query: rfiListQuery,
  examples: { answer: { value: [RFI] } },
  success: { 200: rfiPage },
});

export const syncRfis = defineRoute({
  name: 'syncRfis',
  method: 'POST',
  path: 'rfis/sync',
  role: 'Operator.Admin',
  summary: 'Fetch requests for information now',
  description: 'One at a time; `Operation-Location` tells how it goes.',
  errors: ['SyncInProgress'],
  examples: { answer: { status: 'NotStarted', requestedAt: '2026-11-22T02:00:00.000Z' } },
  success: { 202: rfiSyncView },
});

export const getRfiScan = defineRoute({
  name: 'getRfiScan',
  method: 'GET',
  path: 'rfis/sync',
  role: 'Operator.Read',
  summary: 'How fetching requests for information goes, and how it went last',
  examples: { answer: RFI_SCAN },
  success: { 200: rfiScanView },
});

export const rfiParams = z.strictObject({ tenantId: z.guid().toLowerCase() });

export const getRfi = defineRoute({
  name: 'getRfi',
  method: 'GET',
  path: 'rfis/{tenantId}',
  role: 'Partner.Read',
  summary: 'One request for information',
  conditional: true,
  params: rfiParams,
  /** `true` asks the gateway first. */
  query: z.strictObject({ refresh: z.enum(['true', 'false']).optional() }),
  errors: ['TooManyRequests', 'UpstreamUnavailable'],
  examples: { answer: RFI },
  success: { 200: rfiView },
});

export const deleteRfiContacts = defineRoute({
  name: 'deleteRfiContacts',
  method: 'DELETE',
  path: 'rfis/{tenantId}/contacts',
  role: 'Operator.Admin',
  summary: 'Erase the contacts of a request for information here',
  description: 'For good: while the gateway goes on showing them, those of this request are not taken in again.',
  params: rfiParams,
  errors: ['ServiceBusy'],
  examples: {},
  success: { 204: z.undefined() },
});

/** Contacts are personal data: for those who decide about an RFI, and for the operator. */
export const rfiReaderOf = (principal: Principal): RfiReader =>
  principal.kind === 'operator'
    ? { seesContacts: true }
    : { partner: principal.partner.id, seesContacts: principal.roles.includes('Partner.Decide') };

export type RfiUses = {
  listRfis: UseCase<typeof listRfis, Principal>;
  syncRfis: UseCase<typeof syncRfis, Principal>;
  getRfiScan: UseCase<typeof getRfiScan, Principal>;
  getRfi: UseCase<typeof getRfi, Principal>;
  deleteRfiContacts: UseCase<typeof deleteRfiContacts, Principal>;
};

export type RfiUsesParts = {
  listRfis: ListRfis;
  syncRfis: SyncRfis;
  getRfiScan: GetRfiScan;
  getRfi: GetRfi;
  eraseContacts: EraseContacts;
};

export const rfiUses = (use: RfiUsesParts, publicBaseUrl: string): RfiUses => ({
  listRfis: ({ principal, query }) => use.listRfis(rfiReaderOf(principal), query),
  syncRfis: async () => {
    const asked = await use.syncRfis();
    if (asked instanceof AppError) return asked;
    const headers = { 'Operation-Location': `${publicBaseUrl}/api/rfis/sync?api-version=${DEFAULT_API_VERSION}`, 'Retry-After': '10' };
    return { ...asked, headers };
  },
  getRfiScan: () => use.getRfiScan(),
  getRfi: ({ principal, params: { tenantId }, query }) => use.getRfi(rfiReaderOf(principal), tenantId, query.refresh === 'true'),
  deleteRfiContacts: async ({ params: { tenantId } }) => (await use.eraseContacts(tenantId)) ?? { status: 204 },
});
