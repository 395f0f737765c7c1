/** Pure: what zod found wrong -> the details of an InvalidRequest error, as JSON pointers. */
import type { z } from 'zod';
import { AppError, type ErrorDetail } from '../errors/app-error.ts';

/** More than anybody reads; an order of 10,000 wrong numbers would answer with a megabyte. */
export const MAX_DETAILS = 100;
const MAX_POINTER_CHARS = 200;

type Part = 'body' | 'query' | 'path';
type Issue = z.core.$ZodIssue;

/** RFC 6901. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, MAX_POINTER_CHARS);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );

/** A schema names a code of its own by `refine(..., { params: { code } })`. */
const codeOf = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return 'InvalidType';
    case 'unrecognized_keys':
      return 'UnknownProperty';
    case 'too_big':
      return 'TooLarge';
    case 'too_small':
      return 'TooSmall';
    case 'invalid_format':
      return 'InvalidFormat';
    case 'custom':
      return typeof issue.params?.['code'] === 'string' ? issue.params['code'] : 'InvalidValue';
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_value':
      return 'InvalidValue';
  }
};

const detailsOf = (issue: Issue, value: unknown): ErrorDetail[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ code: codeOf(issue), message: 'Unknown property.', target: toPointer([...issue.path, key]) }));
  const target = toPointer(issue.path);
  if (issue.code !== 'custom' && valueAt(value, issue.path) === undefined) return [{ code: 'Required', message: 'Required.', target }];
  return [{ code: codeOf(issue), message: issue.message, target }];
};

/** The error for everything zod found in `value`, one part of a request. */
export const invalidRequest = (part: Part, error: z.ZodError, value: unknown): AppError => {
  const all = error.issues.flatMap((issue) => detailsOf(issue, value));
  return new AppError('InvalidRequest', {
    message: all.length === 1 ? '1 problem in the request.' : `${all.length} problems in the request.`,
    target: part,
    details: all.slice(0, MAX_DETAILS),
    detailsTruncated: all.length > MAX_DETAILS,
  });
};
