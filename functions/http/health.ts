/** GET /health/live and /health/ready: for whoever starts, restarts and routes to this app. */
import { z } from 'zod';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute } from '../../shared/platform/http/contract.ts';

export const getLive = defineRoute({
  name: 'getLive',
  method: 'GET',
  path: 'health/live',
  role: 'anonymous',
  summary: 'Whether the process answers',
  examples: { answer: { status: 'live' } },
  success: { 200: z.strictObject({ status: z.literal('live') }).meta({ id: 'Liveness' }) },
});

export const getReady = defineRoute({
  name: 'getReady',
  method: 'GET',
  path: 'health/ready',
  role: 'anonymous',
  summary: 'Whether everything that this app stands on answers',
  examples: { answer: { status: 'ready' } },
  success: { 200: z.strictObject({ status: z.literal('ready') }).meta({ id: 'Readiness' }) },
});

export type HealthUses = { live: () => { body: { status: 'live' } }; ready: () => Promise<{ body: { status: 'ready' } } | AppError> };

/** `isReady` says whether everything this app stands on answers; which part does not is for the log, not for the caller. */
export const healthUses = (isReady: () => Promise<boolean>): HealthUses => ({
  live: () => ({ body: { status: 'live' } }),
  ready: async () => ((await isReady()) ? { body: { status: 'ready' } } : new AppError('ServiceBusy', { message: 'Not ready.' })),
});
