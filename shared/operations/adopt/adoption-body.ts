/** Pure: an adoption as operators ask for it and see it. */
import { z } from 'zod';
import { DEFAULT_API_VERSION } from '../../platform/http/api-version.ts';
import { ACCOUNT_NAME } from '../../platform/upstream/contract.ts';
import type { Adoption, AdoptionFailure, Finding } from './adoption.ts';

export const adoptRequest = z
  .strictObject({
    /** The account as the gateway calls it. */
    accountName: z.string().regex(ACCOUNT_NAME),
    outsideRanges: z
      .enum(['adopt', 'refuse'])
      .default('adopt')
      .describe('Numbers outside the ranges of the partner: `adopt` takes them over and lists them as findings, `refuse` leaves them out.'),
  })
  .meta({ id: 'AdoptAccountRequest' });
export type AdoptRequest = z.output<typeof adoptRequest>;

const count = z.int().min(0);

export const adoptionBody = z
  .strictObject({
    partnerId: z.string(),
    customerId: z.string(),
    accountName: z.string(),
    status: z.enum(['NotStarted', 'Running', 'Succeeded', 'PartiallySucceeded', 'Failed']),
    outsideRanges: z.enum(['adopt', 'refuse']),
    numbers: z.strictObject({
      /** All that the gateway counts, once it has said so. */
      total: count.optional(),
      adopted: count,
      /** Of those, outside the ranges of the partner. */
      outsideRanges: count,
      /** Left out: another customer holds them, or they lie outside the ranges. */
      refused: count,
    }),
    /** The list kept changing while it was read: the next comparison finds what is missing. */
    incomplete: z.literal(true).optional(),
    error: z.strictObject({ code: z.enum(['AccountNotFound', 'AccountTaken', 'CustomerExists']), message: z.string() }).optional(),
    findingsHref: z.url(),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
  })
  .meta({ id: 'Adoption' });
export type AdoptionBody = z.infer<typeof adoptionBody>;

const MESSAGES: Readonly<Record<AdoptionFailure, string>> = {
  AccountNotFound: 'The gateway has no such account.',
  AccountTaken: 'The account belongs to another customer.',
  CustomerExists: 'The customer came to be by itself meanwhile.',
};

const statusOf = ({ phase, startedAt, refused, isUnsure }: Adoption): AdoptionBody['status'] => {
  if (phase === 'failed') return 'Failed';
  if (phase === 'done') return refused > 0 || isUnsure ? 'PartiallySucceeded' : 'Succeeded';
  return startedAt === undefined ? 'NotStarted' : 'Running';
};

export const adoptionHref = (publicBaseUrl: string, partner: string, customerId: string, part = ''): string =>
  `${publicBaseUrl}/api/operator/partners/${partner}/customers/${customerId}${part}?api-version=${DEFAULT_API_VERSION}`;

export const toAdoptionBody = (adoption: Adoption, publicBaseUrl: string): AdoptionBody => {
  const { partner, customerId, accountName, outsideRanges, lastCount, failure, startedAt, finishedAt } = adoption;
  return {
    partnerId: partner,
    customerId,
    accountName,
    status: statusOf(adoption),
    outsideRanges,
    numbers: {
      ...(lastCount === undefined ? {} : { total: lastCount }),
      adopted: failure === undefined ? adoption.adopted : 0,
      outsideRanges: failure === undefined ? adoption.outside : 0,
      refused: adoption.refused,
    },
    ...(adoption.isUnsure ? { incomplete: true } : {}),
    ...(failure === undefined ? {} : { error: { code: failure, message: MESSAGES[failure] } }),
    findingsHref: adoptionHref(publicBaseUrl, partner, customerId, '/findings'),
    createdAt: adoption.createdAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
};

const finding = z.strictObject({
  telephoneNumber: z.string(),
  /** `OutsideRanges`: adopted all the same. The others were left out: held by another customer, of this partner or not, or not allocated. */
  code: z.enum(['OutsideRanges', 'NumberAlreadyAssigned', 'NumberNotAllocated']),
  /** Who holds it. */
  heldBy: z.strictObject({ partnerId: z.string(), customerId: z.string() }).optional(),
});
export const findingPage = z.strictObject({ value: z.array(finding), nextLink: z.url().optional() }).meta({ id: 'AdoptionFindingPage' });

export const toFindingBody = ({ digits, code, holder }: Finding): z.infer<typeof finding> => ({
  telephoneNumber: `+${digits}`,
  code,
  ...(holder ? { heldBy: { partnerId: holder.partner, customerId: holder.customerId } } : {}),
});
