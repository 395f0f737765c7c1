/** The switched-on part of the control port: make things go wrong, and let them go right again. */
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import type { ControlRoute } from './control.ts';
import type { Namespace } from './engine/namespace.ts';
import type { Faults } from './faults.ts';

const MAX_DELAY_MS = 600_000;

const faultSchema = z
  .strictObject({
    kind: z.enum(['server-busy', 'slow', 'duplicate']),
    queue: z.string().optional(),
    operation: z.enum(['attach', 'send', 'manage']).default('send'),
    times: z.int().min(1).default(1),
    delayMs: z.int().min(0).max(MAX_DELAY_MS).default(0),
  })
  .refine(({ kind, operation }) => kind !== 'duplicate' || operation === 'send', 'duplicate is for send only')
  .refine(({ kind, operation }) => kind !== 'slow' || operation !== 'attach', 'slow is for send and manage only');

const expireSchema = z.strictObject({ queue: z.string() });

export type ControlTargets = { faults: Faults; namespace: Namespace; dropConnections: () => number };

/** POST /faults, GET /faults, DELETE /faults, POST /connections/drop, POST /locks/expire. */
export const createControlRoutes = ({ faults, namespace, dropConnections }: ControlTargets): ReadonlyMap<string, ControlRoute> => {
  const knows = (queue: string | undefined): boolean => queue === undefined || namespace.find(queue) !== undefined;
  return new Map<string, ControlRoute>([
    ['GET /faults', async () => ({ status: 200, body: { faults: faults.list() } })],
    [
      'POST /faults',
      (request) =>
        withBody(request, faultSchema, (fault) => {
          if (!knows(fault.queue)) return notFound(fault.queue);
          faults.add({ ...fault, queue: fault.queue });
          return { status: 200, body: { faults: faults.list() } };
        }),
    ],
    [
      'DELETE /faults',
      async () => {
        faults.clear();
        return { status: 200, body: { faults: [] } };
      },
    ],
    ['POST /connections/drop', async () => ({ status: 200, body: { dropped: dropConnections() } })],
    [
      'POST /locks/expire',
      (request) =>
        withBody(request, expireSchema, ({ queue }) => {
          const found = namespace.find(queue)?.queue;
          return found ? { status: 200, body: found.expireLocks() } : notFound(queue);
        }),
    ],
  ]);
};

type Answer = Awaited<ReturnType<ControlRoute>>;

const notFound = (queue: string | undefined): Answer => ({ status: 404, body: { error: `There is no queue '${queue ?? ''}'.` } });

const withBody = async <T>(request: IncomingMessage, schema: z.ZodType<T>, action: (body: T) => Answer): Promise<Answer> => {
  const body = await json(request).catch(() => undefined);
  const parsed = schema.safeParse(body);
  return parsed.success ? action(parsed.data) : { status: 400, body: { error: z.prettifyError(parsed.error) } };
};
