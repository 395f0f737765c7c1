/** GET /audit-events: who changed what, when, with which credential. */
import { z } from 'zod';
import { auditPage, auditQuery, type ListAudit } from '../../shared/audit/list.ts';
import { listedPartner } from '../../shared/partners/admit.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { AUDIT_EVENT } from './operator-examples.ts';

export const listAuditEvents = defineRoute({
  name: 'listAuditEvents',
  method: 'GET',
  path: 'audit-events',
  role: 'Partner.Read',
  summary: 'Who changed what, the newest first',
  description:
    'Each request that changed something, or failed in a way that leaves it open, with who made it and its x-ms-request-id; refused ones are not ' +
    'kept. A partner sees its own. An operator sees all, or with `partnerId` those of one partner (`operator`: its own).',
  query: auditQuery.extend({ partnerId: z.string().regex(PARTNER_ID).optional() }),
  errors: ['InvalidContinuationToken', 'InvalidRequest'],
  examples: { query: { action: 'createOrder', occurredAfter: '2026-11-22T00:00:00Z' }, answer: { value: [AUDIT_EVENT] } },
  success: { 200: auditPage },
});

export type AuditUses = { listAuditEvents: UseCase<typeof listAuditEvents, Principal> };

export type AuditUseEffects = { listAudit: ListAudit; everybody: () => Promise<readonly string[]> };

export const auditUses = ({ listAudit, everybody }: AuditUseEffects): AuditUses => ({
  listAuditEvents: async ({ principal, query }) => {
    const { partnerId } = query;
    const isOfAll = principal.kind === 'operator' && partnerId === undefined;
    return listAudit(isOfAll ? await everybody() : [listedPartner(principal, partnerId)], query);
  },
});
