/** Pure: what one number is to be, and the order of one item that makes it so. */
import { z } from 'zod';
import { orderProfile } from './model.ts';
import type { OrderWish } from './order-request.ts';
import { PROFILE_ID } from './profile.ts';

export const putNumberRequest = z
  .strictObject({
    profile: orderProfile.optional(),
    profileId: z.string().regex(PROFILE_ID).optional().describe('A profile of yours or a shared one, instead of `profile`.'),
    ensureService: z.enum(['check', 'enable']).default('check').describe('What to do when the customer lacks the service.'),
    externalReference: z.string().min(1).max(100).optional(),
    ticket: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'PutNumberRequest' });
export type PutNumberRequest = z.output<typeof putNumberRequest>;

type Asked = { customerId: string; telephoneNumber: string; wish: PutNumberRequest | undefined; mustBeNew: boolean };

/** The number put as `wish` says, or released without one. */
export const toOrderWish = ({ customerId, telephoneNumber, wish, mustBeNew }: Asked): OrderWish => {
  const common = { customerId, numbers: [telephoneNumber], ranges: [], allowPartial: false };
  if (!wish) return { action: 'release', ...common };
  return { action: 'provision', ...common, ...wish, onExisting: mustBeNew ? 'fail' : 'update' };
};
