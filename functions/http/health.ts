/** GET /health/live and /health/ready: for whoever starts, restarts and routes to this app. */
import { z } from 'zod';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute } from '../../shared/platform/http/contract.ts';

export const getLive = defineRoute({
  name: 'getLive',
  method: 'GET',
  path: 'health/live',
  role: 'anonymous',
  success: { 200: z.strictObject({ status: z.literal('live') }) },
});

export const getReady = defineRoute({
  name: 'getReady',
  method: 'GET',
  path: 'health/ready',
  role: 'anonymous',
  success: { 200: z.strictObject({ status: z.literal('ready') }) },
});

export type HealthUses = { live: () => { body: { status: 'live' } }; ready: () => Promise<{ body: { status: 'ready' } } | AppError> };

/** `isReady` says whether everything this app stands on answers; which part does not is for the log, not for the caller. */
export const healthUses = (isReady: () => Promise<boolean>): HealthUses => ({
  live: () => ({ body: { status: 'live' } }),
  ready: async () => ((await isReady()) ? { body: { status: 'ready' } } : new AppError('ServiceBusy', { message: 'Not ready.' })),
});
