/** Where a resource stands with its backend, and the steps that time will bring without any further request. */
import type { ApiError } from '../http/answer.ts';

export type ProvisioningStatus = 'pending' | 'synced' | 'failed';

/** One background step: when it happens and what it does to the resource. */
export type Step =
  | { atMs: number; becomes: 'synced' }
  | { atMs: number; becomes: 'failed'; errors: ApiError[] }
  | { atMs: number; becomes: 'assigned' }
  | { atMs: number; becomes: 'gone' };

export type SyncState = { status: ProvisioningStatus; errors: ApiError[]; plan: Step[] };

/** Nothing to sync: done with the answer itself. */
export const settled = (): SyncState => ({ status: 'synced', errors: [], plan: [] });

export const pending = (plan: Step[]): SyncState => ({ status: 'pending', errors: [], plan });

export const isLeaving = (state: SyncState): boolean => state.plan.some((step) => step.becomes === 'gone');
