/** Pure: the event that one number of an order makes as it ends. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import { adviceFor } from './item-advice.ts';
import { numberHref } from './links.ts';
import type { ItemWish, OrderOperation, StoredItem } from './ports.ts';
import { telephoneNumberOf, viewOf } from './translate.ts';

/** What one event says of a number's errors, and of each of them. */
const MAX_ERRORS = 10;
const MAX_CODE_LETTERS = 100;
const MAX_MESSAGE_LETTERS = 1_000;

type Error = NonNullable<StoredItem['error']>;

/** Our own word first, then the backend's. */
const errorsOf = ({ code, upstream = [] }: Error): { code: string; message: string }[] =>
  [{ code, message: adviceFor(code).message }, ...upstream].slice(0, MAX_ERRORS).map((error) => ({
    code: error.code.slice(0, MAX_CODE_LETTERS),
    message: error.message.slice(0, MAX_MESSAGE_LETTERS),
  }));

/** Undefined for operations of other kinds, and for what has changed nothing of its number. */
export const describeOrderNumber =
  (publicBaseUrl: string) =>
  (
    operation: OrderOperation & { sentAs: string },
    item: StoredItem,
    { reference }: Pick<ItemWish, 'reference'>,
  ): EventDraft | undefined => {
    const { id, kind, sentAs, customerId, idempotencyKey } = operation;
    const { state, error } = item;
    if (kind !== 'numbers' || (state !== 'succeeded' && state !== 'failed')) return undefined;
    const { externalReference } = viewOf(operation);
    const data = {
      telephoneNumber: telephoneNumberOf(item),
      customerId,
      orderId: id,
      ...(externalReference === undefined ? {} : { externalReference }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(reference === undefined ? {} : { reference }),
    };
    if (state === 'failed')
      return { type: 'number.failed', data: { ...data, status: 'Failed', ...(error ? { errors: errorsOf(error) } : {}) } };
    if (sentAs === 'release') return { type: 'number.released', data };
    return { type: 'number.synced', data: { ...data, status: 'Succeeded', href: numberHref(publicBaseUrl, item.digits) } };
  };
