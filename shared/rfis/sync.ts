/** POST and GET /rfis/sync: asks for a scan, which some timer begins, and tells where it stands; the request survives whatever ends meanwhile. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { isRunning, request, type ScanState } from './scan-state.ts';
import { scanLease } from './scan-lease.ts';

export const rfiSyncView = z.strictObject({ status: z.literal('NotStarted'), requestedAt: z.string() }).meta({ id: 'RfiSync' });
export type RfiSyncView = z.infer<typeof rfiSyncView>;

const at = (ms: number): string => new Date(ms).toISOString();
const count = z.int().min(0);

export const rfiScanView = z
  .strictObject({
    /** `NotStarted` while a requested one waits for its timer, or when there never was any. */
    status: z.enum(['NotStarted', 'Running', 'Succeeded', 'Failed']),
    requestedAt: z.string().optional(),
    startedAt: z.string().optional(),
    /** The one that ended last. */
    last: z
      .strictObject({
        startedAt: z.string(),
        finishedAt: z.string(),
        /** `complete`, or why it came to no end; what a scan that did not complete has shown is recorded, but nothing counts as gone. */
        outcome: z.string(),
        counts: z.strictObject({
          pages: count,
          seen: count,
          received: count,
          /** Given to another partner than before. */
          assigned: count.optional(),
          updated: count,
          removed: count,
          refreshed: count,
          failed: count,
        }),
      })
      .optional(),
  })
  .meta({ id: 'RfiScan' });
export type RfiScanView = z.infer<typeof rfiScanView>;

const statusOf = (state: ScanState, nowMs: number): RfiScanView['status'] => {
  if (isRunning(state, nowMs)) return 'Running';
  if (state.requested || !state.last) return 'NotStarted';
  return state.last.end === 'complete' ? 'Succeeded' : 'Failed';
};

export const toScanView = (state: ScanState, nowMs: number): RfiScanView => {
  const { requested, running, last } = state;
  const status = statusOf(state, nowMs);
  return {
    status,
    ...(requested ? { requestedAt: at(requested.atMs) } : {}),
    ...(running && status === 'Running' ? { startedAt: at(running.beganMs) } : {}),
    ...(last ? { last: { startedAt: at(last.beganMs), finishedAt: at(last.endedMs), outcome: last.end, counts: last.counts } } : {}),
  };
};

const RETRY_AFTER_S = 10;

export type GetRfiScan = () => Promise<{ body: RfiScanView; headers: Record<string, string> }>;

export const makeGetRfiScan =
  ({ leases, now }: Pick<SyncEffects, 'leases' | 'now'>): GetRfiScan =>
  async () => {
    const body = toScanView(await scanLease(leases).read(), now());
    const isOpen = body.status === 'Running' || body.requestedAt !== undefined;
    return { body, headers: isOpen ? { 'Retry-After': String(RETRY_AFTER_S) } : {} };
  };

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
    return { status: 202, body: { status: 'NotStarted', requestedAt: at(atMs) } };
  };
