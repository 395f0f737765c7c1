/** Use cases: one number put or released by itself, as an order of one item. */
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import type { AskedNumbers } from './asked-numbers.ts';
import { numberNotFound, type FindNumber, type ReadNumber } from './get-number.ts';
import type { NumberBody } from './model.ts';
import type { LaneOf, ReadLastPut } from './ports.ts';

type Conditions = { ifMatch: string | undefined; ifNoneMatch: string | undefined };

/** `P`: a partner, `W`: what a number is to be, `O`: an order as partners see it. */
export type PlaceOrder<P, W, O> = (asked: {
  partner: P;
  customerId: string;
  telephoneNumber: string;
  /** Put as this says; released without it. */
  wish: W | undefined;
  /** The order fails when the customer has the number already. */
  mustBeNew: boolean;
  requestHash: string;
  /** Looked at in the moment of its acceptance: PreconditionFailed unless it holds. */
  onlyIf: (() => Promise<boolean>) | undefined;
}) => Promise<O | AppError>;

export type ReadPlacedOrder<O> = (partner: string, orderId: string) => Promise<O | AppError>;

export type PlacedOrder = { body: { id: string }; headers: Readonly<Record<string, string>> };

export type PutNumberInput<P, W> = { partner: P; customerId: string; digits: string; wish: W; requestHash: string } & Conditions;

/**
 * 201 when the customer did not have it. A repeat of what is under way, or was the last to succeed, is no new order. Errors: ResourceNotFound,
 * PreconditionFailed, and those of placing an order.
 */
export type PutNumber<P, W> = (
  input: PutNumberInput<P, W>,
) => Promise<{ status: 200 | 201; body: NumberBody; etag: string; headers: Record<string, string> } | AppError>;

export type ChangeNumberEffects<P extends { id: string }, W, O extends PlacedOrder> = {
  hasCustomer: (partner: string, customerId: string) => Promise<boolean>;
  readNumber: ReadNumber;
  findNumber: FindNumber;
  asked: Pick<AskedNumbers, 'keep'>;
  readLastPut: ReadLastPut;
  laneOf: LaneOf;
  placeOrder: PlaceOrder<P, W, O>;
  readOrder: ReadPlacedOrder<O>;
  /** The address of an order's monitor. */
  orderHref: (orderId: string) => string;
};

/** Sending and synchronising one number takes about that long. */
const RETRY_AFTER_S = 10;

const isAllowed = (known: NumberBody | undefined, { ifMatch, ifNoneMatch }: Conditions): boolean => {
  if (ifMatch !== undefined && (!known || !namesEtag(ifMatch, known.etag))) return false;
  return ifNoneMatch === undefined || !known || !namesEtag(ifNoneMatch, known.etag);
};

/** The conditions, as they are when the order is accepted: of several callers with the same ETag one is taken in. */
const stillAllowed = (readNumber: () => Promise<NumberBody | undefined>, conditions: Conditions): (() => Promise<boolean>) | undefined =>
  conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined
    ? undefined
    : async () => isAllowed(await readNumber(), conditions);

const preconditionFailed = (): AppError => new AppError('PreconditionFailed', { target: 'number' });

/** The number of the order is the one of the path. */
const toOwnPlace = (detail: ErrorDetail): ErrorDetail =>
  detail.target === '/numbers/0' ? { ...detail, target: '/telephoneNumber' } : detail;

const inOwnWords = (error: AppError): AppError => {
  const { details } = error.facts;
  if (!details) return error;
  const isOfPath = details.every(({ target }) => target === '/numbers/0');
  const target = isOfPath ? { target: 'path' } : {};
  return new AppError(error.code, { message: error.message, ...error.facts, ...target, details: details.map(toOwnPlace) });
};

const toAnswer = (status: 200 | 201, body: NumberBody, monitor: string) => ({
  status,
  body,
  etag: body.etag,
  headers: { 'Operation-Location': monitor, ...(body.status === 'Pending' ? { 'Retry-After': String(RETRY_AFTER_S) } : {}) },
});

export const makePutNumber =
  <P extends { id: string }, W, O extends PlacedOrder>(effects: ChangeNumberEffects<P, W, O>): PutNumber<P, W> =>
  async (input) => {
    const { partner, customerId, digits, wish, requestHash } = input;
    const { hasCustomer, asked, readLastPut, laneOf, placeOrder, orderHref } = effects;
    const readNumber = (): Promise<NumberBody | undefined> => effects.readNumber(partner.id, customerId, digits);
    if (!(await hasCustomer(partner.id, customerId))) return new AppError('ResourceNotFound', { target: 'customer' });
    const [known, before] = await Promise.all([readNumber(), readLastPut(laneOf(partner.id, customerId), digits)]);
    if (!isAllowed(known, input)) return preconditionFailed();
    const isUnderWay = known && before?.orderId === known.lastOrderId && ['Pending', 'Succeeded'].includes(known.status);
    if (isUnderWay && before?.requestHash === requestHash) return toAnswer(200, known, orderHref(before.orderId));
    const mustBeNew = input.ifNoneMatch?.trim() === '*';
    const onlyIf = stillAllowed(readNumber, input);
    const placed = await placeOrder({ partner, customerId, telephoneNumber: `+${digits}`, wish, mustBeNew, requestHash, onlyIf });
    if (placed instanceof AppError) return inOwnWords(placed);
    await asked.keep(partner.id, digits, customerId);
    const body = await readNumber();
    // It has ended within this moment, and the number is gone again.
    if (!body) return new AppError('ServiceBusy');
    return toAnswer(known ? 200 : 201, body, orderHref(placed.body.id));
  };

export type ReleaseNumberInput<P> = { partner: P; digits: string; requestHash: string } & Conditions;

/** The order that releases it; the one under way where there is one. Errors: ResourceNotFound, PreconditionFailed, and those of placing an order. */
export type ReleaseNumber<P, O> = (input: ReleaseNumberInput<P>) => Promise<O | AppError>;

export const makeReleaseNumber =
  <P extends { id: string }, W, O extends PlacedOrder>(effects: ChangeNumberEffects<P, W, O>): ReleaseNumber<P, O> =>
  async (input) => {
    const { partner, digits, requestHash } = input;
    const { findNumber, readNumber, placeOrder, readOrder } = effects;
    const customerId = await findNumber(partner.id, digits);
    const known = customerId === undefined ? undefined : await readNumber(partner.id, customerId, digits);
    if (customerId === undefined || !known) return numberNotFound();
    if (!isAllowed(known, input)) return preconditionFailed();
    if (known.status === 'Releasing' && known.lastOrderId !== undefined) return readOrder(partner.id, known.lastOrderId);
    const onlyIf = stillAllowed(() => readNumber(partner.id, customerId, digits), input);
    const order = { partner, customerId, telephoneNumber: `+${digits}`, wish: undefined, mustBeNew: false, requestHash, onlyIf };
    const placed = await placeOrder(order);
    return placed instanceof AppError ? inOwnWords(placed) : placed;
  };
