/** Pure: what partners may ask of an order, and the same once its settings are known. */
import { z } from 'zod';
import { CUSTOMER_ID } from '../platform/ids/id-patterns.ts';
import { checkedList } from '../platform/values/checked-list.ts';
import { MAX_RANGES, onExisting, orderProfile, type OrderProfile } from './model.ts';
import { checkedItems, documentedItems } from './order-items.ts';
import { PROFILE_ID } from './profile.ts';

/** The numbers themselves are checked by `expand.ts`, which names each bad one. */
const asked = <N extends z.ZodType<string[]>>(numbers: N) => ({
  customerId: z.string().regex(CUSTOMER_ID),
  numbers,
  ranges: z
    .array(z.strictObject({ from: z.string(), to: z.string() }))
    .max(MAX_RANGES)
    .default([]),
  externalReference: z.string().min(1).max(100).optional(),
  ticket: z.string().min(1).max(64).optional(),
  /** Nothing is sent before; from then on the order takes its place in the line. */
  notBefore: z.iso.datetime({ offset: true }).optional(),
  allowPartial: z
    .boolean()
    .default(false)
    .describe('Numbers that are not in order fail one by one; without it they refuse the whole order.'),
});

/** `check` refuses the order when the customer lacks the service; `enable` switches it on first where that takes nothing but a word. */
const ensureService = z.enum(['check', 'enable']).describe('What to do when the customer lacks the service.');

/** Up to 10,000 of each, which is why they are looked at in a quicker way than they are documented. */
type Lists<N, P, R> = { numbers: N; items: { provision: P; release: R } };

const requestWith = <N extends z.ZodType<string[]>, P extends z.ZodType, R extends z.ZodType>({ numbers, items }: Lists<N, P, R>) =>
  z
    .discriminatedUnion('action', [
      z.strictObject({
        action: z.literal('provision'),
        ...asked(numbers),
        items: items.provision.optional().describe('Numbers with settings or references of their own.'),
        profile: orderProfile.optional(),
        profileId: z.string().regex(PROFILE_ID).optional().describe('A profile of yours or a shared one, instead of `profile`.'),
        onExisting: onExisting.optional(),
        ensureService: ensureService.default('check'),
      }),
      /** Takes the numbers away from whoever uses them. */
      z.strictObject({ action: z.literal('release'), ...asked(numbers), items: items.release.optional() }),
    ])
    .meta({ id: 'NumberOrderRequest' });

const text = z.string();
const checkedNumbers = checkedList(text, () => (number) => typeof number === 'string');

export const orderRequest = requestWith({ numbers: checkedNumbers.default([]), items: checkedItems });
/** For the API document. */
export const documentedOrderRequest = (): z.ZodType => requestWith({ numbers: z.array(text).default([]), items: documentedItems });

/** As it was asked for. */
export type OrderWish = z.output<typeof orderRequest>;
export type ProvisionWish = Extract<OrderWish, { action: 'provision' }>;

type Provision = Omit<ProvisionWish, 'items' | 'profile' | 'profileId'> & { profile: OrderProfile; profileId?: string | undefined };
type Release = Omit<Extract<OrderWish, { action: 'release' }>, 'items'>;
/** The same with everything looked up: `numbers` holds those of the items too, and `profile` what all have that have nothing of their own. */
export type OrderRequest = Provision | Release;
