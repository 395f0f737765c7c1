/** Use cases: an operator says which numbers a partner may order. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { etagOf, namesEtag } from '../platform/http/etag.ts';
import { MAX_RANGES, numberRange, type NumberRange } from './model.ts';
import { firstOverlap, minusRanges } from './ranges.ts';
import type { PartnerRegistry } from './registry.ts';

const MAX_TRIES = 5;
/** As many as an error names. */
const MAX_NAMED = 100;

export const numberRangesRequest = z.strictObject({ ranges: z.array(numberRange).max(MAX_RANGES) }).meta({ id: 'PutNumberRangesRequest' });
export const numberRangesBody = z.strictObject({ ranges: z.array(numberRange), etag: z.string() }).meta({ id: 'NumberRanges' });
export type NumberRangesBody = z.infer<typeof numberRangesBody>;

/** Numbers of a partner that are held by one of its customers. `tooMany`: more would go than one request looks through. */
export type HeldNumbers = { kind: 'held'; numbers: { number: string; holder: string }[]; more: boolean } | { kind: 'tooMany' };

export type ManageRanges = {
  /** Error: ResourceNotFound. */
  get: (partnerId: string) => Promise<{ body: NumberRangesBody; etag: string } | AppError>;
  /** Errors: ResourceNotFound, RangeAllocated, NumbersInUse, LimitReached, PreconditionFailed, ServiceBusy. */
  put: (input: {
    partnerId: string;
    ranges: readonly NumberRange[];
    ifMatch: string | undefined;
  }) => Promise<{ body: NumberRangesBody; etag: string } | AppError>;
};

export type ManageRangesEffects = {
  registry: PartnerRegistry;
  /** Which of these numbers the partner's customers hold, `limit` of them at most. */
  findHeld: (partnerId: string, ranges: readonly NumberRange[], limit: number) => Promise<HeldNumbers>;
  now: () => number;
};

const toBody = (ranges: readonly NumberRange[]): { body: NumberRangesBody; etag: string } => {
  const etag = etagOf(ranges);
  return { body: { ranges: [...ranges], etag }, etag };
};

const notFound = (): AppError => new AppError('ResourceNotFound', { target: 'partner' });

/** In one order, so that what says the same has one ETag. */
const sorted = (ranges: readonly NumberRange[]): NumberRange[] =>
  ranges.toSorted((a, b) => a.from.length - b.from.length || (a.from < b.from ? -1 : 1));

const overlapWithin = (ranges: readonly NumberRange[]): AppError | undefined => {
  const at = ranges.findIndex((range, n) => firstOverlap([range], ranges.slice(0, n)));
  if (at === -1) return undefined;
  const details = [{ code: 'InvalidValue', message: 'Overlaps a range before it.', target: `/ranges/${at}` }];
  return new AppError('InvalidRequest', { message: '1 problem in the request.', target: 'body', details });
};

type Others = readonly { partner: { id: string; ranges: readonly NumberRange[] } }[];

const overlapWithOthers = (ranges: readonly NumberRange[], others: Others): AppError | undefined => {
  const details = others.flatMap(({ partner: { id, ranges: theirs } }) =>
    ranges.flatMap((range, n) =>
      firstOverlap([range], theirs)
        ? [{ code: 'RangeAllocated', message: `Overlaps a range of partner ${id}.`, target: `/ranges/${n}` }]
        : [],
    ),
  );
  if (details.length === 0) return undefined;
  const named = details.slice(0, MAX_NAMED);
  return new AppError('RangeAllocated', { target: 'body', details: named, detailsTruncated: details.length > MAX_NAMED });
};

/** The list is what the operator has to work through, so it names whole numbers; it is in this answer alone and never in a log. */
const toInUse = (held: HeldNumbers): AppError | undefined => {
  if (held.kind === 'tooMany')
    return new AppError('LimitReached', { message: 'More numbers would go than one request looks through; take them away in parts.' });
  if (held.numbers.length === 0) return undefined;
  const details = held.numbers.map(({ number, holder }) => ({
    code: 'NumberInUse',
    message: `Held by customer ${holder}.`,
    target: number,
  }));
  return new AppError('NumbersInUse', { target: 'body', details, detailsTruncated: held.more });
};

export const makeManageRanges = ({ registry, findHeld, now }: ManageRangesEffects): ManageRanges => {
  /** The answer, or undefined when somebody else was first. */
  const putOnce = async ({ partnerId, ranges, ifMatch }: Parameters<ManageRanges['put']>[0]) => {
    const version = await registry.rangesVersion();
    const [old, all] = await Promise.all([registry.record(partnerId), registry.records()]);
    if (old?.value.removedAt !== undefined || !old) return notFound();
    const before = old.value.partner.ranges;
    if (ifMatch !== undefined && !namesEtag(ifMatch, etagOf(before))) return new AppError('PreconditionFailed', { target: 'ranges' });
    const others = all.filter(({ partner, removedAt }) => removedAt === undefined && partner.id !== partnerId);
    const overlap = overlapWithOthers(ranges, others);
    if (overlap) return overlap;
    const goes = minusRanges(before, ranges);
    const inUse = goes.length === 0 ? undefined : toInUse(await findHeld(partnerId, goes, MAX_NAMED));
    if (inUse) return inUse;
    const next = { ...old.value, partner: { ...old.value.partner, ranges: [...ranges] }, updatedAt: new Date(now()).toISOString() };
    return (await registry.saveRanges(version, old, next)) ? toBody(ranges) : undefined;
  };
  return {
    get: async (partnerId) => {
      const row = await registry.record(partnerId);
      return row?.value.removedAt === undefined && row ? toBody(row.value.partner.ranges) : notFound();
    },
    put: async ({ partnerId, ranges: asked, ifMatch }) => {
      const invalid = overlapWithin(asked);
      if (invalid) return invalid;
      const ranges = sorted(asked);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const answer = await putOnce({ partnerId, ranges, ifMatch });
        if (answer) return answer;
      }
      return new AppError('ServiceBusy');
    },
  };
};
