/** Checks a request body against a schema and words the refusal like the rest of the API. */
import type { z } from 'zod';
import { badRequest, checked, errorAnswer, type ApiError, type Checked } from './answer.ts';

const toTarget = (path: PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

const toError = (issue: z.core.$ZodIssue): ApiError => ({
  code: 'InvalidRequest',
  message: issue.message,
  target: toTarget(issue.path) || undefined,
});

/** 400 with the first problem as the error itself and, when there are several, all of them as details. */
export const checkBody = <T>(schema: z.ZodType<T>, body: unknown): Checked<T> => {
  if (body === undefined) return badRequest('A JSON body is required.');
  const result = schema.safeParse(body);
  if (result.success) return checked(result.data);
  const [first, ...others] = result.error.issues.map(toError);
  if (!first) return badRequest('The body is not valid.');
  return { ok: false, answer: errorAnswer(400, others.length ? { ...first, details: [first, ...others] } : first) };
};
