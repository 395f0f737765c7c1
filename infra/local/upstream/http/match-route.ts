/** Finds the operation of a raw request path; pure. */
import { OPERATION_IDS, ROUTES, type OperationId } from './routes.ts';

export type PathParams = Partial<Record<'accountName' | 'telephoneNumber' | 'civicAddressId' | 'tenantId', string>>;

export type RouteMatch =
  | { kind: 'operation'; operation: OperationId; params: PathParams }
  | { kind: 'otherMethod'; template: string; allowed: string[] }
  | { kind: 'unknown' };

/** `{a}` takes one segment; `{a}:verb` takes one segment that ends in the verb, so a bare `{a}` takes no colon. */
const matchSegment = (pattern: string, segment: string, params: PathParams): boolean => {
  const parameter = /^\{(\w+)\}(:\w+)?$/.exec(pattern);
  if (!parameter) return pattern === segment;
  const [, name = '', action] = parameter;
  if (action === undefined ? /:[A-Za-z]/.test(segment) : !segment.endsWith(action)) return false;
  params[name as keyof PathParams] = action === undefined ? segment : segment.slice(0, -action.length);
  return true;
};

const matchTemplate = (template: string, segments: string[]): PathParams | undefined => {
  const patterns = template.slice(1).split('/');
  const params: PathParams = {};
  if (patterns.length !== segments.length) return undefined;
  return patterns.every((pattern, i) => matchSegment(pattern, segments[i] ?? '', params)) ? params : undefined;
};

/** Percent-decodes each segment of the path by itself; a `+` stays a plus, and `%3A` is as good as a colon. */
const toSegments = (path: string): string[] | undefined => {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
};

/** `path` is the request path as received, without the query. */
export const matchRoute = (method: string, path: string): RouteMatch => {
  const segments = toSegments(path);
  if (!segments) return { kind: 'unknown' };
  const found = OPERATION_IDS.flatMap((operation) => {
    const params = matchTemplate(ROUTES[operation].template, segments);
    return params ? [{ operation, params }] : [];
  });
  const [first] = found;
  if (!first) return { kind: 'unknown' };
  const match = found.find(({ operation }) => ROUTES[operation].method === method);
  if (match) return { kind: 'operation', ...match };
  return { kind: 'otherMethod', template: ROUTES[first.operation].template, allowed: found.map((f) => ROUTES[f.operation].method) };
};
