/** One handler for all methods of a path, and one for paths that do not exist: 404 and 405 are ours, not the host's. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { AppError } from '../errors/app-error.ts';
import type { NewId } from '../ids/new-id.ts';
import type { HttpHandler, Route } from './endpoint.ts';
import { readClientRequestId } from './request-headers.ts';
import { toErrorResponse } from './respond.ts';

/** Every method a handler can be called with; `Request` itself refuses the rest. */
export const ALL_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Serves `routes`, which share one path. HEAD is answered like GET, without its body. */
export const byMethod = (routes: readonly Route[], newId: NewId): HttpHandler => {
  const handlers = new Map(routes.map(({ contract, handler }): [string, HttpHandler] => [contract.method, handler]));
  const get = handlers.get('GET');
  if (get !== undefined) handlers.set('HEAD', async (request, context) => withoutBody(await get(request, context)));
  const Allow = ALL_METHODS.filter((method) => handlers.has(method)).join(', ');
  return async (request, context) => {
    const handler = handlers.get(request.method);
    return handler === undefined
      ? refuse(request, newId, new AppError('MethodNotAllowed', { headers: { Allow } }))
      : handler(request, context);
  };
};

/** Answers any request with 404. */
export const notFound =
  (newId: NewId): HttpHandler =>
  (request) =>
    Promise.resolve(refuse(request, newId, new AppError('ResourceNotFound', { message: 'There is no such path.', target: 'path' })));

const refuse = (request: HttpRequest, newId: NewId, error: AppError): HttpResponseInit => {
  const clientRequestId = readClientRequestId(request.headers.get('x-ms-client-request-id'));
  const response = toErrorResponse({ requestId: newId(), clientRequestId }, error);
  return request.method === 'HEAD' ? withoutBody(response) : response;
};

const withoutBody = ({ status, headers }: HttpResponseInit): HttpResponseInit => ({
  ...(status === undefined ? {} : { status }),
  ...(headers === undefined ? {} : { headers }),
});
