/** Pure: what is kept of a request that changed something: who, what, where, when, with what outcome. Never bodies, secrets, contacts or whole numbers. */
import { z } from 'zod';
import type { ChangeFacts } from '../platform/http/change.ts';
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';

export const actor = z.strictObject({
  kind: z.enum(['partner', 'operator']),
  /** The calling application, for callers that sign in with Entra. */
  tenantId: z.string().optional(),
  clientId: z.string().optional(),
  /** The calling key, for callers that use one. */
  apiKeyId: z.string().optional(),
});
export type Actor = z.infer<typeof actor>;

/** A row of table `Audit`: inserted once, never changed. */
export type AuditRow = ChangeFacts & {
  v: 1;
  atMs: number;
  /** The partner that acted, or `OPERATOR_ID`. */
  owner: string;
  actor: Actor;
};

export const auditEvent = z
  .strictObject({
    id: z.string(),
    occurredAt: z.string(),
    /** The partner that acted; absent where the operator did. */
    partnerId: z.string().optional(),
    actor,
    action: z.string(),
    method: z.string(),
    resource: z.string(),
    resourceId: z.string().optional(),
    status: z.int(),
    code: z.string().optional(),
    requestId: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof auditEvent>;

/** A row as readers see it; the operator's own has no `partnerId`. */
export const toAuditEvent = ({
  atMs,
  requestId,
  owner,
  actor: who,
  action,
  method,
  resource,
  resourceId,
  status,
  code,
}: AuditRow): AuditEvent => ({
  id: requestId,
  occurredAt: new Date(atMs).toISOString(),
  ...(owner === OPERATOR_ID ? {} : { partnerId: owner }),
  actor: who,
  action,
  method,
  resource,
  ...(resourceId === undefined ? {} : { resourceId }),
  status,
  ...(code === undefined ? {} : { code }),
  requestId,
});
