/** Creates a customer that must not be there yet, once for each key, for whoever carries out a longer piece of work and may do a step twice. */
import type { PutCustomerRequest } from './model.ts';
import { customerLaneOf } from './names.ts';
import type { AccountAccepted, AccountDraft, ReadCustomerLane } from './ports.ts';
import { toDraft } from './put-customer.ts';

/** Each lost race means that another change of the same customer went through. */
const MAX_TRIES = 5;

export type WantedCustomer = { partner: string; customerId: string; request: PutCustomerRequest; requestHash: string };

export type CreateOnceEffects = {
  readLane: ReadCustomerLane;
  /** The operation that an earlier try with this key has led to. */
  findRepeat: (wanted: WantedCustomer, key: string) => Promise<AccountAccepted | undefined>;
  accept: (draft: AccountDraft, key: string) => Promise<AccountAccepted>;
  publicBaseUrl: string;
};

/** `AccountExists` where a customer of this name is there that another request has made. */
export type CreateCustomerOnce = (
  wanted: WantedCustomer,
  key: string,
) => Promise<{ kind: 'accepted'; operationId: string } | { kind: 'refused'; code: 'AccountExists' } | { kind: 'busy' }>;

export type CustomerExists = (partner: string, customerId: string) => Promise<boolean>;

/** One whose removal has begun exists no more. */
export const makeCustomerExists =
  ({ readLane }: Pick<CreateOnceEffects, 'readLane'>): CustomerExists =>
  async (partner, customerId) => {
    const lane = await readLane(customerLaneOf(partner, customerId));
    return lane !== undefined && lane.value.account.removal === undefined;
  };

export const makeCreateCustomerOnce =
  ({ readLane, findRepeat, accept, publicBaseUrl }: CreateOnceEffects): CreateCustomerOnce =>
  async (wanted, key) => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const repeat = await findRepeat(wanted, key);
      if (repeat?.kind === 'accepted') return { kind: 'accepted', operationId: repeat.operation.id };
      const old = (await readLane(customerLaneOf(wanted.partner, wanted.customerId)))?.value;
      if (old && old.account.removal === undefined) return { kind: 'refused', code: 'AccountExists' };
      const accepted = await accept(toDraft(wanted, old, publicBaseUrl), key);
      if (accepted.kind === 'accepted') return { kind: 'accepted', operationId: accepted.operation.id };
      if (accepted.kind !== 'moved') return { kind: 'busy' };
    }
    return { kind: 'busy' };
  };
