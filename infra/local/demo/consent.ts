/** A request for information comes in: its customer consents, the operator pulls, the partner sees it. */
import type { Clock } from '../lib/clock.ts';
import { rfiPage } from './answers.ts';
import { Refused } from './client.ts';
import { anything, type Connections } from './connections.ts';
import { lookUntil } from './wait.ts';

const DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** The customer's tenant asks the operator, as the Teams admin centre would let it. */
export const requestInformation = async ({ upstreamControl }: Connections, tenantId: string): Promise<void> => {
  const contact = { fullName: 'Dana Demo', email: 'dana@demo.example', companyName: 'Demo Ltd', companySize: 'L1_U1' };
  await upstreamControl(anything, 'POST', '/rfis', { body: { rfis: [{ tenantId, consentedCountries: ['UK'], contacts: [contact] }] } });
};

/** Pulls now; a pull that runs already may have begun too early, so it is asked again. */
export const pullRequests = async ({ operator }: Connections, clock: Clock): Promise<void> => {
  const pull = (): Promise<boolean> =>
    operator(anything, 'POST', '/rfis/sync').then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refused && error.code === 'SyncInProgress') return false;
        throw error;
      },
    );
  const done = await lookUntil({ clock, deadlineMs: DEADLINE_MS, everyMs: LOOK_EVERY_MS }, pull, Boolean);
  if (!done) throw new Error('Another pull of the requests for information does not end.');
};

/** Whether the partner sees the request of this tenant before the deadline. */
export const seesRequest = ({ partner }: Connections, tenantId: string, clock: Clock): Promise<boolean> => {
  const look = async (): Promise<boolean> => {
    for (let next: string | undefined = '/rfis'; next !== undefined;) {
      const { body }: { body: { value: { tenantId: string }[]; nextLink?: string | undefined } } = await partner(rfiPage, 'GET', next);
      if (body.value.some((rfi) => rfi.tenantId.toLowerCase() === tenantId)) return true;
      next = body.nextLink;
    }
    return false;
  };
  return lookUntil({ clock, deadlineMs: DEADLINE_MS, everyMs: LOOK_EVERY_MS }, look, Boolean);
};
