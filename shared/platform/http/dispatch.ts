/** One handler for all methods of a path, and one for paths that do not exist: 404 and 405 are ours, not the host's. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { AppError } from '../errors/app-error.ts';
import type { NewId } from '../ids/new-id.ts';
import { structuredLog } from '../telemetry/log.ts';
import type { HttpHandler, Route } from './endpoint.ts';
import { ALL_METHODS } from './methods.ts';
import { readClientRequestId } from './request-headers.ts';
import { toErrorResponse } from './respond.ts';

/** Serves `routes`, which share one path. HEAD is answered like GET, without its body. */
export const byMethod = (routes: readonly Route[], newId: NewId): HttpHandler => {
  const handlers = new Map(routes.map(({ contract, handler }): [string, HttpHandler] => [contract.method, handler]));
  const get = handlers.get('GET');
  if (get !== undefined) handlers.set('HEAD', async (request, context) => withoutBody(await get(request, context)));
  const Allow = ALL_METHODS.filter((method) => handlers.has(method)).join(', ');
  const path = routes[0]?.contract.path;
  return async (request, context) => {
    const handler = handlers.get(request.method);
    if (handler !== undefined) return handler(request, context);
    return refuse({ request, context, route: path, newId }, new AppError('MethodNotAllowed', { headers: { Allow } }));
  };
};

/** Answers any request with 404. */
export const notFound =
  (newId: NewId): HttpHandler =>
  (request, context) => {
    const error = new AppError('ResourceNotFound', { message: 'There is no such path.', target: 'path' });
    return Promise.resolve(refuse({ request, context, route: undefined, newId }, error));
  };

type Refused = { request: HttpRequest; context: InvocationContext; route: string | undefined; newId: NewId };

const refuse = ({ request, context, route, newId }: Refused, error: AppError): HttpResponseInit => {
  const ids = { requestId: newId(), clientRequestId: readClientRequestId(request.headers.get('x-ms-client-request-id')) };
  const fields = { ...ids, route, method: request.method, status: error.httpStatus, code: error.code };
  structuredLog(context)('info', 'answered', fields);
  const response = toErrorResponse(ids, error);
  return request.method === 'HEAD' ? withoutBody(response) : response;
};

const withoutBody = ({ status, headers }: HttpResponseInit): HttpResponseInit => ({
  ...(status === undefined ? {} : { status }),
  ...(headers === undefined ? {} : { headers }),
});
