/** Use case: a customer goes, with its numbers or while it has none; the gateway follows later (ADR 0027). */
import { AppError } from '../platform/errors/app-error.ts';
import { customerLaneOf } from './names.ts';
import type { AcceptAccount, CustomerLane, ListNumbers, ReadCustomerLane } from './ports.ts';
import { isAllowed } from './put-customer.ts';

const MAX_TRIES = 5;

export type DeleteCustomerInput = {
  partner: string;
  customerId: string;
  releaseNumbers: boolean;
  requestHash: string;
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
};

/** `gone`: there is none. Errors: CustomerHasNumbers, PreconditionFailed, ServiceBusy. */
export type DeleteCustomer = (
  input: DeleteCustomerInput,
) => Promise<{ kind: 'accepted'; operationId: string } | { kind: 'gone' } | AppError>;

export type DeleteCustomerEffects = { readLane: ReadCustomerLane; accept: AcceptAccount; listNumbers: ListNumbers };

type Once = Awaited<ReturnType<DeleteCustomer>> | 'moved';

const ask = async (accept: AcceptAccount, lane: CustomerLane, input: DeleteCustomerInput): Promise<Once> => {
  const accepted = await accept({
    lane: lane.lane,
    partner: lane.partner,
    customerId: lane.customerId,
    accountName: lane.accountName,
    kind: 'account',
    sentAs: 'accountDelete',
    about: { action: 'customer.delete' },
    numbers: [''],
    payload: { deleteNumbers: input.releaseNumbers },
    view: lane.account.view,
    requestHash: `delete:${input.requestHash}`,
    basedOn: lane.account.operationSeq,
  });
  if (accepted.kind === 'accepted') return { kind: 'accepted', operationId: accepted.operation.id };
  // Asked to go meanwhile, or changed: read it and decide again.
  return accepted.kind === 'moved' || accepted.kind === 'noLane' ? 'moved' : new AppError('ServiceBusy');
};

const deleteOnce = async ({ readLane, accept, listNumbers }: DeleteCustomerEffects, input: DeleteCustomerInput): Promise<Once> => {
  const lane = (await readLane(customerLaneOf(input.partner, input.customerId)))?.value;
  if (!lane || lane.account.removal === 'done') return { kind: 'gone' };
  if (lane.account.removal === 'asked') return { kind: 'accepted', operationId: lane.account.operationId };
  if (!isAllowed(lane, input)) return new AppError('PreconditionFailed', { target: 'customer' });
  if (!input.releaseNumbers && (await listNumbers(lane.lane, 1)).length > 0)
    return new AppError('CustomerHasNumbers', { target: 'releaseNumbers' });
  return ask(accept, lane, input);
};

export const makeDeleteCustomer =
  (effects: DeleteCustomerEffects): DeleteCustomer =>
  async (input) => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const answer = await deleteOnce(effects, input);
      if (answer !== 'moved') return answer;
    }
    return new AppError('ServiceBusy');
  };
