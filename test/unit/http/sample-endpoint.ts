/** A small route table over effects that a test can read, for testing what every route does alike. */
import { z } from 'zod';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { defineRoute } from '../../../shared/platform/http/contract.ts';
import { makeEndpoint, type Endpoint } from '../../../shared/platform/http/endpoint.ts';

export type SamplePrincipal = { name: string };
export type SampleRole = 'Reader' | 'Writer';

/** Knows one caller, `Bearer ada`, who may read and write; time moves by 7 ms a look. */
export const sampleEndpoint = (): Endpoint<SamplePrincipal, SampleRole> => {
  let looks = 0;
  let ids = 0;
  return makeEndpoint<SamplePrincipal, SampleRole>({
    admit: (authorization) => {
      if (authorization === 'Bearer ada') return Promise.resolve({ name: 'ada' });
      return Promise.reject(new AppError('Unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } }));
    },
    nowMs: () => 7 * looks++,
    newId: () => `request-${++ids}`,
  });
};

export const SIGNED_IN = { authorization: 'Bearer ada' };

export const putThing = defineRoute({
  name: 'putThing',
  method: 'PUT',
  path: 'things/{thingId}',
  role: 'Writer',
  params: z.strictObject({ thingId: z.string().regex(/^[a-z]+$/) }),
  query: z.strictObject({ dryRun: z.enum(['true', 'false']).optional() }),
  body: z.strictObject({
    size: z.int().min(1),
    tags: z.array(z.string().max(3)).default([]),
    owner: z
      .string()
      .refine((text) => text !== 'nobody', { params: { code: 'OwnerUnknown' }, message: 'There is no such owner.' })
      .optional(),
  }),
  idempotency: 'optional',
  maxBodyBytes: 10_000,
  success: { 200: z.object({ id: z.string(), size: z.int() }), 201: z.object({ id: z.string(), size: z.int() }) },
});

export const getThing = defineRoute({
  name: 'getThing',
  method: 'GET',
  path: 'things/{thingId}',
  role: 'Reader',
  params: z.strictObject({ thingId: z.string() }),
  success: { 200: z.object({ id: z.string() }) },
});

export const runThing = defineRoute({
  name: 'runThing',
  method: 'POST',
  path: 'things/{thingId}/run',
  role: 'Writer',
  params: z.strictObject({ thingId: z.string() }),
  idempotency: 'required',
  success: { 204: z.undefined() },
});
