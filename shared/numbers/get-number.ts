/** Use cases: what is known of one number, freshly where the caller asks for that. */
import { AppError } from '../platform/errors/app-error.ts';
import { toUnansweredError } from '../platform/upstream/unanswered.ts';
import type { NumberBody } from './model.ts';
import type { Describe, GetKnown, HolderOf, KnownState, PlaceOf, RefreshNumber } from './ports.ts';
import { toNumberBody } from './translate.ts';

/** The customer that has the number; undefined where it is another partner's, or nobody's. */
export type FindNumber = (partner: string, digits: string) => Promise<{ lane: string; customerId: string } | undefined>;

export const makeFindNumber =
  ({ holderOf, placeOf }: { holderOf: HolderOf; placeOf: PlaceOf }): FindNumber =>
  async (partner, digits) => {
    const holder = await holderOf(digits);
    const place = holder && holder.partner === partner ? placeOf(holder.lane) : undefined;
    return holder && place && { lane: holder.lane, customerId: place.customerId };
  };

export const numberNotFound = (): AppError => new AppError('ResourceNotFound', { target: 'number' });

/** Undefined for a number that the customer does not have. */
export type ReadNumber = (lane: string, customerId: string, digits: string) => Promise<NumberBody | undefined>;

export const makeReadNumber =
  <K extends KnownState>({ getKnown, describe }: { getKnown: GetKnown<K>; describe: Describe<K> }): ReadNumber =>
  async (lane, customerId, digits) => {
    const known = await getKnown(lane, digits);
    const [number] = known ? await describe(lane, [known]) : [];
    return number && toNumberBody(number, customerId);
  };

/**
 * Errors: ResourceNotFound, also for another partner's; with `refresh` also when the gateway does not have it, TooManyRequests when the budget has
 * no room soon, UpstreamUnavailable, UpstreamTimeout, UpstreamRejected.
 */
export type GetNumber = (partner: string, digits: string, refresh: boolean) => Promise<{ body: NumberBody; etag: string } | AppError>;

export type GetNumberEffects = { findNumber: FindNumber; readNumber: ReadNumber; refreshNumber: RefreshNumber };

export const makeGetNumber =
  ({ findNumber, readNumber, refreshNumber }: GetNumberEffects): GetNumber =>
  async (partner, digits, refresh) => {
    const place = await findNumber(partner, digits);
    const known = place && (await readNumber(place.lane, place.customerId, digits));
    if (!known) return numberNotFound();
    if (!refresh) return { body: known, etag: known.etag };
    const outcome = await refreshNumber(place.lane, digits);
    if (outcome.kind === 'gone') return numberNotFound();
    if (outcome.kind !== 'refreshed') return toUnansweredError(outcome);
    const body = await readNumber(place.lane, place.customerId, digits);
    return body ? { body, etag: body.etag } : numberNotFound();
  };
