/** Wires the audit: where changes are recorded, who reads them, and when they are removed. */
import { makeListAudit } from '../shared/audit/list.ts';
import { auditStore } from '../shared/audit/store.ts';
import { ownerOf, type Principal } from '../shared/partners/model.ts';
import type { PartnerRegistry } from '../shared/partners/registry.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import type { AuditEffects } from '../shared/platform/http/audited.ts';
import { OPERATOR_ID } from '../shared/platform/identity/operator-id.ts';
import { errorFields } from '../shared/platform/telemetry/log.ts';
import type { Effects } from './effects.ts';
import { auditUses, type AuditUses } from './http/audit-events.ts';

const MS_PER_DAY = 86_400_000;

export type Audit = {
  effects: AuditEffects<Principal>;
  uses: AuditUses;
  /** The operator, and all partners that are or were. */
  everybody: () => Promise<string[]>;
  expire: () => Promise<void>;
};

export const makeAudit = (settings: Settings, { clock, table, log }: Effects, registry: Pick<PartnerRegistry, 'records'>): Audit => {
  const store = auditStore(table('Audit'));
  /** Those that are partners no more, too. */
  const everybody = async (): Promise<string[]> => [OPERATOR_ID, ...(await registry.records()).map(({ partner }) => partner.id)];
  return {
    effects: {
      record: ({ principal, ...change }) =>
        store.add({ v: 1, atMs: clock.now(), owner: ownerOf(principal), actor: { kind: principal.kind, ...principal.caller }, ...change }),
      onLost: ({ requestId, action, status }, error) =>
        log('error', 'a change was made and not recorded', { requestId, kind: action, status, ...errorFields(error) }),
    },
    everybody,
    uses: auditUses({ listAudit: makeListAudit({ store, publicBaseUrl: settings.PUBLIC_BASE_URL }), everybody }),
    expire: async () => {
      const beforeMs = clock.now() - settings.AUDIT_KEEP_DAYS * MS_PER_DAY;
      for (const owner of await everybody()) await store.expire(owner, beforeMs);
    },
  };
};
