/** Pure: what the routes of one webhook subscription share. */
import { z } from 'zod';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { GIVEN_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';

export const SUBSCRIPTION_PATH = 'webhook-subscriptions/{subscriptionId}';
export const subscriptionParams = z.strictObject({ subscriptionId: z.string().regex(GIVEN_ID) });

/** Whose subscription it is, where an operator looks after one. */
export const whose = { partnerId: z.string().regex(PARTNER_ID).optional() };
export const whoseQuery = z.strictObject(whose);

export const testAccepted = z.object({ eventId: z.string(), subscriptionId: z.string() }).meta({ id: 'TestAccepted' });

const RETRY_AFTER_S = 2;

/** Where to follow what a 202 has promised: the attempts themselves. */
export const deliveriesLink = (
  publicBaseUrl: string,
  subscriptionId: string,
  { partnerId, ...filter }: Readonly<Record<string, string | undefined>>,
): Record<string, string> => {
  const asked = partnerId === undefined ? {} : { partnerId };
  const query = new URLSearchParams({ 'api-version': DEFAULT_API_VERSION, ...filter, ...asked } as Record<string, string>);
  const url = `${publicBaseUrl}/api/webhook-subscriptions/${subscriptionId}/deliveries?${query.toString()}`;
  return { 'Operation-Location': url, 'Retry-After': String(RETRY_AFTER_S) };
};

/** A query parameter that is a whole number. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,10}$/, 'must be a whole number')
  .transform(Number);
