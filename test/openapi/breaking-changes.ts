/** What of a new API document breaks clients that were written against an old one; additions do not. */
import { breaksBetween, type Resolve } from './schema-breaks.ts';

type Json = Record<string, unknown>;

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);

/** Follows references within one document. */
const resolverOf =
  (document: Json) =>
  (node: Json): Json => {
    const ref = node['$ref'];
    if (typeof ref !== 'string') return node;
    return ref
      .split('/')
      .slice(1)
      .reduce<Json>((inner, step) => asJson(inner[step]), document);
  };

const parametersOf = (operation: Json, resolve: (node: Json) => Json): Map<string, Json> =>
  new Map(
    list(operation['parameters'])
      .map(resolve)
      .map((parameter) => [`${String(parameter['in'])} ${String(parameter['name'])}`, parameter]),
  );

const parameterBreaks = (before: Json, after: Json, at: string, resolve: Resolve): string[] => {
  const [old, now] = [parametersOf(before, resolve.before), parametersOf(after, resolve.after)];
  const changed = [...old].flatMap(([name, parameter]) => {
    const same = now.get(name);
    if (same === undefined) return [`${at}: the parameter ${name} is gone`];
    const needed = same['required'] === true && parameter['required'] !== true ? [`${at}: the parameter ${name} is required now`] : [];
    return [...needed, ...breaksBetween(asJson(parameter['schema']), asJson(same['schema']), `${at}: ${name}`, 'sent', resolve)];
  });
  const added = [...now].filter(([name, parameter]) => !old.has(name) && parameter['required'] === true);
  return [...changed, ...added.map(([name]) => `${at}: the parameter ${name} is new and required`)];
};

const contentBreaks = (before: Json, after: Json, at: string, side: 'sent' | 'read', resolve: Resolve): string[] =>
  Object.entries(asJson(before['content'])).flatMap(([type, media]) => {
    const now = asJson(after['content'])[type];
    if (now === undefined) return [`${at}: ${type} is gone`];
    return breaksBetween(asJson(asJson(media)['schema']), asJson(asJson(now)['schema']), at, side, resolve);
  });

const bodyBreaks = (before: Json, after: Json, at: string, resolve: Resolve): string[] => {
  const [old, now] = [asJson(before['requestBody']), asJson(after['requestBody'])];
  const needed = now['required'] === true && old['required'] !== true ? [`${at}: a body is required now`] : [];
  return [...needed, ...contentBreaks(old, now, `${at}: body `, 'sent', resolve)];
};

const isSuccess = (status: string): boolean => Number(status) < 400;

const answerBreaks = (before: Json, after: Json, at: string, resolve: Resolve): string[] => {
  const [old, now] = [asJson(before['responses']), asJson(after['responses'])];
  const changed = Object.entries(old).flatMap(([status, response]) => {
    const same = now[status];
    if (same === undefined) return isSuccess(status) ? [`${at}: ${status} is gone`] : [];
    const lost = Object.keys(asJson(asJson(response)['headers'])).filter((name) => !(name in asJson(asJson(same)['headers'])));
    return [
      ...lost.map((name) => `${at}: ${status} has no ${name} any more`),
      ...contentBreaks(asJson(response), asJson(same), `${at}: ${status} `, 'read', resolve),
    ];
  });
  const added = Object.keys(now).filter((status) => isSuccess(status) && status !== '304' && !(status in old));
  return [...changed, ...added.map((status) => `${at}: may answer ${status}, which clients do not know`)];
};

const operationBreaks = (before: Json, after: Json, at: string, resolve: Resolve): string[] => [
  ...['operationId', 'x-role']
    .filter((name) => before[name] !== after[name])
    .map((name) => `${at}: ${name} was ${String(before[name])}, is ${String(after[name])}`),
  ...parameterBreaks(before, after, at, resolve),
  ...bodyBreaks(before, after, at, resolve),
  ...answerBreaks(before, after, at, resolve),
];

/** One line for each change that breaks, with its place. */
export const breakingChanges = (before: Json, after: Json): string[] => {
  const resolve = { before: resolverOf(before), after: resolverOf(after) };
  return Object.entries(asJson(before['paths'])).flatMap(([path, item]) => {
    const now = asJson(asJson(after['paths'])[path]);
    return Object.entries(asJson(item)).flatMap(([method, operation]) => {
      const at = `${method.toUpperCase()} ${path}`;
      return method in now ? operationBreaks(asJson(operation), asJson(now[method]), at, resolve) : [`${at}: is gone`];
    });
  });
};
