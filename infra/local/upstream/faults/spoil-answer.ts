/** Spoils a good answer in the ways that a client must survive; pure. */
import { errorAnswer, type Answer } from '../http/answer.ts';
import type { FaultEffect } from './fault-rules.ts';

const STATUS_NAMES = ['serviceProvisioningStatus', 'status', 'subdomainStatus', 'assignmentStatus', 'validationStatus'];

/** Rewrites every object of a JSON value, leaves last. */
const mapObjects = (value: unknown, change: (object: Record<string, unknown>) => Record<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const changed = change(value as Record<string, unknown>);
  return Object.fromEntries(Object.entries(changed).map(([key, member]) => [key, mapObjects(member, change)]));
};

const toUnknownEnums = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, STATUS_NAMES.includes(key) && typeof value === 'string' ? 'reconciling' : value]),
  );

const withErrorsAs =
  (form: 'null' | 'empty' | 'absent') =>
  (object: Record<string, unknown>): Record<string, unknown> => {
    const { serviceProvisioningErrors: errors, ...rest } = object;
    if (errors !== null && !(Array.isArray(errors) && errors.length === 0)) return object;
    return form === 'absent' ? rest : { ...rest, serviceProvisioningErrors: form === 'null' ? null : [] };
  };

export type SpoilContext = {
  /** This request's absolute URL with its query: where a looping nextLink points. */
  requestUrl: string;
  /** The body of the list answer before, if there was one. */
  previousPage: unknown;
};

const bodyOf = (answer: Answer): unknown => (answer.text === undefined ? answer.body : JSON.parse(answer.text));

const duplicatePage = (answer: Answer, previousPage: unknown): Answer => {
  const { nextLink } = bodyOf(answer) as { nextLink?: string };
  const page = previousPage as { value?: unknown } | undefined;
  return page?.value === undefined ? answer : { ...answer, body: { value: page.value, ...(nextLink ? { nextLink } : {}) } };
};

/** What the caller gets instead of `answer`; effects that withhold the answer are not decided here. */
export const spoilAnswer = (effect: FaultEffect, answer: Answer, context: SpoilContext): Answer => {
  const { text: _text, ...plain } = answer;
  switch (effect.kind) {
    case 'status': {
      const headers: Record<string, string> = effect.retryAfterS === undefined ? {} : { 'Retry-After': String(effect.retryAfterS) };
      return errorAnswer(effect.status, { code: effect.code ?? `Injected${effect.status}`, message: 'An injected fault.' }, headers);
    }
    case 'malformedJson':
      return { ...answer, text: (answer.text ?? JSON.stringify(answer.body ?? { value: [] })).slice(0, -1) + ',' };
    case 'emptyBody':
      return { ...answer, text: '' };
    case 'html':
      return { status: effect.status, headers: { 'Content-Type': 'text/html' }, text: '<html><body><h1>Bad gateway</h1></body></html>' };
    case 'unknownEnum':
      return { ...plain, body: mapObjects(bodyOf(answer), toUnknownEnums) };
    case 'errorsAs':
      return { ...plain, body: mapObjects(bodyOf(answer), withErrorsAs(effect.value)) };
    case 'duplicatePage':
      return duplicatePage(answer, context.previousPage);
    case 'nextLinkLoop':
      return { ...plain, body: { ...(bodyOf(answer) as object), nextLink: context.requestUrl } };
    case 'drop':
    case 'hang':
    case 'delay':
    case 'lateCommit':
      return answer;
  }
};
