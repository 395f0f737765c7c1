/** POST /rfis/sync: asks for a scan, which some timer begins; the request survives whatever ends meanwhile. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { request } from './scan-state.ts';
import { scanLease } from './scan-lease.ts';

export const rfiSyncView = z.strictObject({ status: z.literal('NotStarted'), requestedAt: z.string() });
export type RfiSyncView = z.infer<typeof rfiSyncView>;

export type SyncRfis = () => Promise<{ status: 202; body: RfiSyncView } | AppError>;

export type SyncEffects = { leases: RowStore; now: () => number; newId: () => string; /** Best effort. */ wake?: () => Promise<void> };

/** SyncInProgress while a scan runs or waits already. A request repeated after a lost answer meets its own and hears the same. */
export const makeSyncRfis =
  ({ leases, now, newId, wake }: SyncEffects): SyncRfis =>
  async () => {
    const id = newId();
    const atMs = now();
    // A try that was committed unheard shows as a conflict: the next one finds its own id.
    const asked = await scanLease(leases).change((state) => (state.requested?.id === id ? state : request(state, id, atMs)));
    if (!asked) return new AppError('SyncInProgress');
    await wake?.().catch(() => undefined);
    return { status: 202, body: { status: 'NotStarted', requestedAt: new Date(atMs).toISOString() } };
  };
