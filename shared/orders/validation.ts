/** Pure: the answer to validating an order: every check by its name, and every number that is not in order with what can be done. */
import { z } from 'zod';
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import type { Check } from './checks.ts';
import { adviceFor } from './item-advice.ts';
import { warning } from './model.ts';

const count = z.int().min(0);

export const validation = z
  .strictObject({
    /** Nothing at all is wrong. */
    valid: z.boolean(),
    counts: z.strictObject({ total: count, valid: count, invalid: count }),
    /** What sending takes; looking at what became of it comes on top. */
    upstreamRequestsNeeded: count,
    /** Were the customer alone. */
    estimatedSeconds: count,
    checks: z.array(
      z.strictObject({
        name: z.string(),
        ok: z.boolean(),
        /** There was nothing to check against, which speaks against nothing. */
        known: z.literal(false).optional(),
      }),
    ),
    /** Of the order as a whole, by their places in it. */
    problems: z.array(warning),
    warnings: z.array(warning),
    /** The numbers that are not in order. */
    items: z.array(
      z.strictObject({
        telephoneNumber: z.string(),
        error: z.strictObject({ code: z.string(), message: z.string() }),
        retryable: z.boolean(),
        nextStep: z.string(),
      }),
    ),
  })
  .meta({ id: 'NumberOrderValidation' });
export type Validation = z.infer<typeof validation>;

/** Digits without the plus, or what is no number as it was written; and what is wrong with it. */
export type NumberCodes = readonly (readonly [string, string | undefined])[];

/** Checks of single numbers, by the code that fails them. */
const OF_NUMBERS: Readonly<Record<string, string>> = {
  InvalidNumber: 'numbersWellFormed',
  NumberNotAllocated: 'numbersAllocated',
};
const OF_PROVISIONED: Readonly<Record<string, string>> = {
  NumberAlreadyAssigned: 'numbersFree',
  NumberExists: 'numbersNew',
  CountryCodeRequired: 'displayedCountry',
  CountryNotConsented: 'countryConsented',
};

export type Checked = {
  service: { problem?: ErrorDetail };
  settings: readonly Check[];
  codes: NumberCodes;
  consentKnown: boolean;
  isProvision: boolean;
};

const CUSTOMER_MISSING = 'CustomerNotFound';

type NamedCheck = Validation['checks'][number];

export const toChecks = ({ service: { problem }, settings, codes, consentKnown, isProvision }: Checked): NamedCheck[] => {
  const found = new Set(codes.map(([, code]) => code));
  const isMissing = problem?.code === CUSTOMER_MISSING;
  const byNumbers = Object.entries({ ...OF_NUMBERS, ...(isProvision ? OF_PROVISIONED : {}) }).map(([code, name]): NamedCheck => ({
    name,
    ok: !found.has(code),
    ...(code === 'CountryNotConsented' && !consentKnown ? { known: false } : {}),
  }));
  return [
    { name: 'customerExists', ok: !isMissing },
    ...(isProvision ? [{ name: 'serviceEnabled', ok: problem === undefined }] : []),
    ...settings.map(({ name, known, problems }): NamedCheck => ({ name, ok: problems.length === 0, ...(known ? {} : { known }) })),
    ...byNumbers,
  ];
};

/** Told as in the items of an order that failed with the same code. */
export const toInvalidItems = (codes: NumberCodes): Validation['items'] =>
  codes.flatMap(([text, code]) => {
    if (code === undefined) return [];
    const { message, retryable, nextStep } = adviceFor(code);
    return [{ telephoneNumber: code === 'InvalidNumber' ? text : `+${text}`, error: { code, message }, retryable, nextStep }];
  });
