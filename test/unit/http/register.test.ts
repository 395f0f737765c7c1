import { z } from 'zod';
import { expect, test } from 'vitest';
import type { HttpApp } from '../../../functions/function-options.ts';
import { checkRoutes, registerRoutes } from '../../../functions/register.ts';
import { defineRoute, type UseCase } from '../../../shared/platform/http/contract.ts';
import type { HttpHandler } from '../../../shared/platform/http/endpoint.ts';
import { callHttp } from './http-call.ts';
import { getThing, putThing, runThing, sampleEndpoint, SIGNED_IN, type SamplePrincipal } from './sample-endpoint.ts';

type Registered = Parameters<HttpApp['http']>[1] & { name: string };

const route = sampleEndpoint();
const put: UseCase<typeof putThing, SamplePrincipal> = ({ params, body }) => ({
  status: 200,
  body: { id: params.thingId, size: body.size },
});
const routes = [route(getThing, ({ params }) => ({ body: { id: params.thingId } })), route(putThing, put), route(runThing, () => ({}))];

const registered = (): Registered[] => {
  const all: Registered[] = [];
  registerRoutes({ http: (name, options) => void all.push({ name, ...options }) }, routes, () => 'made-here');
  return all;
};

const handlerOf = (path: string): HttpHandler => {
  const found = registered().find((one) => one.route === path);
  if (found === undefined) throw new Error(`nothing at ${path}`);
  return found.handler;
};

const call = { params: { thingId: 'cup' }, headers: SIGNED_IN };

test('registers one anonymous function for each path and one for all others, for every method', () => {
  expect(registered().map(({ name, route: path, authLevel }) => [name, path, authLevel])).toEqual([
    ['http-things-thingId', 'things/{thingId}', 'anonymous'],
    ['http-things-thingId-run', 'things/{thingId}/run', 'anonymous'],
    ['http-not-found', '{*path}', 'anonymous'],
  ]);
  for (const { methods } of registered()) expect(methods).toEqual(['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);
});

test('serves each method of a path by its own contract', async () => {
  const handler = handlerOf('things/{thingId}');
  expect((await callHttp(handler, { ...call, method: 'GET' })).body).toEqual({ id: 'cup' });
  expect((await callHttp(handler, { ...call, method: 'PUT', body: { size: 2 } })).body).toEqual({ id: 'cup', size: 2 });
});

test('answers HEAD like GET, without the body', async () => {
  const { status, body, headers } = await callHttp(handlerOf('things/{thingId}'), { ...call, method: 'HEAD' });
  expect([status, body, headers.get('content-type')]).toEqual([200, undefined, 'application/json']);
});

test('answers 405 with what is allowed', async () => {
  const { status, headers, error } = await callHttp(handlerOf('things/{thingId}'), { ...call, method: 'DELETE' });
  expect([status, error.code, headers.get('allow'), headers.get('x-ms-request-id')]).toEqual([
    405,
    'MethodNotAllowed',
    'GET, HEAD, PUT',
    'made-here',
  ]);
  expect((await callHttp(handlerOf('things/{thingId}/run'), { method: 'GET' })).headers.get('allow')).toBe('POST');
});

test('answers 404 in JSON to any other path', async () => {
  const { status, headers, error } = await callHttp(handlerOf('{*path}'), {
    method: 'POST',
    headers: { 'x-ms-client-request-id': 'mine' },
  });
  expect([status, error.code, headers.get('x-ms-error-code'), headers.get('x-ms-client-request-id')]).toEqual([
    404,
    'ResourceNotFound',
    'ResourceNotFound',
    'mine',
  ]);
});

const contract = { ...getThing, params: z.strictObject({ id: z.string() }) };

test.each([
  ['a taken route', [getThing, { ...getThing, name: 'other' }], /GET things\/\{thingId\} is taken/],
  ['a taken name', [getThing, { ...getThing, path: 'others/{thingId}' }], /the name is taken/],
  ['a reserved path', [{ ...getThing, path: 'admin/{thingId}' }], /reserves/],
  ['parameters that the path lacks', [contract], /parameters differ/],
  ['a path parameter without schema', [defineRoute({ ...runThing, params: z.strictObject({}) })], /parameters differ/],
])('refuses a table with %s', (_, contracts, problem) => {
  const handler: HttpHandler = () => Promise.resolve({});
  expect(() => checkRoutes(contracts.map((one) => ({ contract: one, handler })))).toThrow(problem);
});
