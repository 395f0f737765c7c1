/** Use cases: what is known of one number, freshly where the caller asks for that. */
import { AppError } from '../platform/errors/app-error.ts';
import { toUnansweredError } from '../platform/upstream/unanswered.ts';
import type { NumberBody } from './model.ts';
import type { AskedNumbers } from './asked-numbers.ts';
import type { HolderOf, LaneOf, PlaceOf, ReadNow, RefreshNumber } from './ports.ts';
import { toNumberBody } from './translate.ts';

/** The partner's customer that has the number, or is about to; undefined where it is another partner's, or nobody's. */
export type FindNumber = (partner: string, digits: string) => Promise<string | undefined>;

export type FindNumberEffects = { holderOf: HolderOf; placeOf: PlaceOf; asked: Pick<AskedNumbers, 'read'> };

export const makeFindNumber =
  ({ holderOf, placeOf, asked }: FindNumberEffects): FindNumber =>
  async (partner, digits) => {
    const [holder, askedFor] = await Promise.all([holderOf(digits), asked.read(partner, digits)]);
    const place = holder?.partner === partner ? placeOf(holder.lane) : undefined;
    return place?.customerId ?? askedFor;
  };

export const numberNotFound = (): AppError => new AppError('ResourceNotFound', { target: 'number' });

/** Undefined for a number that the customer does not have. */
export type ReadNumber = (partner: string, customerId: string, digits: string) => Promise<NumberBody | undefined>;

/** An order that puts or releases it by itself counts as soon as it is accepted. */
export const makeReadNumber =
  ({ readNow, laneOf }: { readNow: ReadNow; laneOf: LaneOf }): ReadNumber =>
  async (partner, customerId, digits) => {
    const number = await readNow(laneOf(partner, customerId), digits);
    return number && toNumberBody(number, customerId);
  };

/**
 * Errors: ResourceNotFound, also for another partner's; with `refresh` also when the gateway does not have it, TooManyRequests when the budget has
 * no room soon, UpstreamUnavailable, UpstreamTimeout, UpstreamRejected.
 */
export type GetNumber = (partner: string, digits: string, refresh: boolean) => Promise<{ body: NumberBody; etag: string } | AppError>;

export type GetNumberEffects = { findNumber: FindNumber; readNumber: ReadNumber; refreshNumber: RefreshNumber; laneOf: LaneOf };

export const makeGetNumber =
  ({ findNumber, readNumber, refreshNumber, laneOf }: GetNumberEffects): GetNumber =>
  async (partner, digits, refresh) => {
    const customerId = await findNumber(partner, digits);
    const known = customerId === undefined ? undefined : await readNumber(partner, customerId, digits);
    if (customerId === undefined || !known) return numberNotFound();
    if (!refresh) return { body: known, etag: known.etag };
    const outcome = await refreshNumber(laneOf(partner, customerId), digits);
    if (outcome.kind === 'gone') return numberNotFound();
    if (outcome.kind !== 'refreshed') return toUnansweredError(outcome);
    const body = await readNumber(partner, customerId, digits);
    return body ? { body, etag: body.etag } : numberNotFound();
  };
