/** Which numbers a run orders, how it says them, and which of them its backend is to refuse: pure. */
import type { NumberRange, UpstreamError } from './answers.ts';

/** Consecutive numbers, the first as digits. */
export type Block = { first: number; count: number };

export type Choice = { outcome: 'chosen'; block: Block } | { outcome: 'exhausted'; left: number };

/** Partner API: an order may name 100 ranges; fewer larger ones are what a person would write. */
const NUMBERS_PER_RANGE = 1000;
/** Below this an order shows a success alone. */
const FEWEST_WITH_FAILURES = 10;

/** What the backend is made to say: the published text of a missing usage, and two of our own. */
export const BACKEND_ERRORS: readonly UpstreamError[] = [
  { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' },
  { code: 'InvalidRequest', message: 'The number is in use by another operator of this tenant.', target: 'oc' },
  { code: 'InternalError', message: 'The backend service did not accept the number.', target: 'oc' },
];

const digitsOf = (telephoneNumber: string): number => Number(telephoneNumber.slice(1));
export const toTelephoneNumber = (digits: number): string => `+${digits}`;

/**
 * The highest `count` numbers of `range` below all that earlier runs took (`lowestTaken`, digits). Hand-made orders are likely to
 * begin at the low end, so runs come down from the other.
 */
export const chooseBlock = (range: NumberRange, lowestTaken: number | undefined, count: number): Choice => {
  const end = Math.min(lowestTaken ?? Number.POSITIVE_INFINITY, digitsOf(range.to) + 1);
  const first = end - count;
  const from = digitsOf(range.from);
  return first < from ? { outcome: 'exhausted', left: Math.max(0, end - from) } : { outcome: 'chosen', block: { first, count } };
};

/** Half of the block number by number, the other half as ranges; no empty member. */
export const orderedNumbers = ({ first, count }: Block): { numbers: string[]; ranges?: NumberRange[] } => {
  const listed = Math.ceil(count / 2);
  const numbers = Array.from({ length: listed }, (_, n) => toTelephoneNumber(first + n));
  const ranges: NumberRange[] = [];
  for (let from = first + listed; from < first + count; from += NUMBERS_PER_RANGE) {
    const to = Math.min(from + NUMBERS_PER_RANGE, first + count) - 1;
    ranges.push({ from: toTelephoneNumber(from), to: toTelephoneNumber(to) });
  }
  return ranges.length === 0 ? { numbers } : { numbers, ranges };
};

export type PlannedFailure = { telephoneNumber: string; error: UpstreamError };

/** A few numbers spread over the block, among the listed ones and in the ranges; none in a small block. */
export const plannedFailures = ({ first, count }: Block): PlannedFailure[] => {
  if (count < FEWEST_WITH_FAILURES) return [];
  const parts = 2 * BACKEND_ERRORS.length;
  return BACKEND_ERRORS.map((error, n) => ({
    telephoneNumber: toTelephoneNumber(first + Math.floor((count * (2 * n + 1)) / parts)),
    error,
  }));
};
