/** Use cases: an operator halts what leaves for the gateway, sees what is halted, and lets it go on. */
import { z } from 'zod';
import type { Stop, Stops } from './stops.ts';

export const stopBody = z
  .strictObject({
    id: z.string(),
    scope: z.enum(['all', 'partner', 'customer']),
    partnerId: z.string().optional(),
    customerId: z.string().optional(),
    reason: z.string(),
    since: z.string(),
  })
  .meta({ id: 'Stop' });
export type StopBody = z.infer<typeof stopBody>;

export const stopList = z.strictObject({ value: z.array(stopBody) }).meta({ id: 'StopList' });

export const stopRequest = z.strictObject({ reason: z.string().min(1).max(500) }).meta({ id: 'PutStopRequest' });

export type ManageStops = {
  list: () => Promise<{ body: z.infer<typeof stopList> }>;
  /** From some seconds after the answer on nothing new leaves; what is in flight finishes. */
  put: (id: string, reason: string) => Promise<{ body: StopBody }>;
  /** What waited goes on by itself within seconds. */
  remove: (id: string) => Promise<{ status: 204 }>;
};

const toBody = ({ id, reason, since }: Stop): StopBody => {
  const [scope = 'all', partnerId, customerId] = id.split('.');
  return {
    id,
    scope: scope as StopBody['scope'],
    ...(partnerId === undefined ? {} : { partnerId }),
    ...(customerId === undefined ? {} : { customerId }),
    reason,
    since,
  };
};

export const makeManageStops = ({ stops, now }: { stops: Stops; now: () => number }): ManageStops => ({
  list: async () => ({ body: { value: (await stops.list()).map(toBody) } }),
  put: async (id, reason) => ({ body: toBody(await stops.put(id, reason, now())) }),
  remove: async (id) => {
    await stops.remove(id);
    return { status: 204 };
  },
});
