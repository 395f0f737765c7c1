/** Requests as bytes to the handlers of the app, found by path as the host would find them. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { registerRoutes } from '../../../../functions/register.ts';
import type { HttpHandler } from '../../../../shared/platform/http/endpoint.ts';
import type { SeenAnswer } from '../../../support/answer-check.ts';
import { tokenOf, type Stage } from '../stage.ts';
import type { FuzzRequest } from './fuzz-request.ts';

export type Send = (request: FuzzRequest) => Promise<SeenAnswer>;

type Found = { handler: HttpHandler; params: Record<string, string> };

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

const matchIn = (handlers: ReadonlyMap<string, HttpHandler>) => {
  const templates = [...handlers].map(([template, handler]) => ({ parts: template.split('/'), handler }));
  const spelledFirst = templates.sort(
    (a, b) => a.parts.filter((part) => part.startsWith('{')).length - b.parts.filter((part) => part.startsWith('{')).length,
  );
  return (path: string): Found | undefined => {
    const asked = path.split('/');
    const fits = ({ parts }: { parts: string[] }): boolean =>
      parts.length === asked.length && parts.every((part, n) => (part.startsWith('{') ? asked[n] !== '' : part === asked[n]));
    const found = spelledFirst.find(fits);
    if (found === undefined) return undefined;
    const named = found.parts.flatMap((part, n): [string, string][] =>
      part.startsWith('{') ? [[part.slice(1, -1), decoded(asked[n] ?? '')]] : [],
    );
    return { handler: found.handler, params: Object.fromEntries(named) };
  };
};

const ANYWHERE = '{*path}';

export const sendInProcess = (stage: Stage): Send => {
  const handlers = new Map<string, HttpHandler>();
  let ids = 0;
  registerRoutes({ http: (_, { route, handler }) => void handlers.set(route, handler) }, stage.routes, () => `fuzz${++ids}`);
  const elsewhere = handlers.get(ANYWHERE);
  handlers.delete(ANYWHERE);
  const find = matchIn(handlers);
  return async ({ method, path, headers, body, as }) => {
    const url = new URL(`https://api.test/api/${path}`);
    const found = find(url.pathname.replace(/^\/api\//, ''));
    const handler = found?.handler ?? elsewhere;
    if (handler === undefined) throw new Error('no handler for unknown paths');
    const signedIn: Record<string, string> =
      as === undefined || 'authorization' in headers ? {} : { authorization: `Bearer ${tokenOf(as)}.x.y` };
    const bytes = body === undefined || method === 'GET' || method === 'HEAD' ? undefined : Buffer.from(body);
    const request = new HttpRequest({
      method,
      url: url.href,
      params: found?.params ?? {},
      headers: { ...signedIn, ...headers },
      ...(bytes === undefined ? {} : { body: { bytes } }),
    });
    const context = new InvocationContext({ functionName: 'fuzz', invocationId: 'one', logHandler: () => undefined });
    const { status = 200, headers: answered, body: text } = await handler(request, context);
    return { status, headers: new Headers(answered), text: typeof text === 'string' ? text : '' };
  };
};
