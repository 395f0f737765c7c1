/** Asks the API for the events of a subscription that a receiver has missed. Needs nothing but Node. */
import type { EventPage, Fetched } from './inbox.ts';

const GONE = 410;
const TIMEOUT_MS = 30_000;

export type FetchOptions = {
  /** Such as `https://provisioning.example/api`. */
  apiUrl: string;
  /** An access token or an API key that may read. */
  token: () => Promise<string>;
};

type ExpiredBody = { error?: { details?: { code: string; message?: string }[] } };

const firstSequenceOf = ({ error }: ExpiredBody): number =>
  Number(error?.details?.find(({ code }) => code === 'FirstSequence')?.message ?? Number.NaN);

/** For `makeInbox`. Rejects when the API cannot be asked; then the delivery fails and comes again. */
export const fetchEventsFrom =
  ({ apiUrl, token }: FetchOptions) =>
  async (subscriptionId: string, afterSequence: number): Promise<Fetched> => {
    const url = `${apiUrl}/webhook-subscriptions/${encodeURIComponent(subscriptionId)}/events?afterSequence=${afterSequence}`;
    const headers = { authorization: `Bearer ${await token()}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json();
    if (response.ok) return { outcome: 'page', page: body as EventPage };
    const firstSequence = response.status === GONE ? firstSequenceOf(body as ExpiredBody) : Number.NaN;
    if (Number.isNaN(firstSequence)) throw new Error(`GET ${url} was answered ${response.status}`);
    return { outcome: 'expired', firstSequence };
  };
