import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { place } from '../../../shared/platform/http/openapi/json-schema.ts';
import { composedApp } from './composed-app.ts';

type Operation = {
  operationId: string;
  'x-role': string;
  parameters: { $ref?: string; name?: string; in?: string; schema?: Record<string, unknown> }[];
  responses: Record<string, { description: string; headers: Record<string, unknown>; content?: Record<string, { schema: unknown }> }>;
  requestBody?: unknown;
  security?: unknown[];
};
type Document = { openapi: string; servers: { url: string }[]; paths: Record<string, Record<string, Operation>> };

const { call, routes } = composedApp({});
const document = (await call('openapi.json')).body as Document;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);
const named = operations.map((one) => [one.operation.operationId, one] as const);

test('answers the document to everybody, to be cached, and twice the same', async () => {
  const again = await call('openapi.json');
  expect([again.status, again.headers.get('cache-control'), again.body]).toEqual([200, 'public, max-age=300', document]);
  expect(document.openapi).toBe('3.1.1');
});

test('holds every route once, under the name of its contract', () => {
  const told = operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path} ${operation['x-role']}`);
  const there = routes.map(({ contract: { name, method, path, role } }) => `${name} ${method.toLowerCase()} /api/${path} ${role}`);
  expect(told.sort()).toEqual(there.sort());
});

describe.each(named)('%s keeps the conventions:', (_name, { path, method, operation }) => {
  test('its path is in kebab-case with parameters in camelCase', () =>
    expect(path).toMatch(/^\/api(\/([a-z0-9]+([-.][a-z0-9]+)*|\{[a-z][A-Za-z]*\}))+$/));

  test('its path parameters are bounded by a pattern', () => {
    for (const parameter of operation.parameters.filter((one) => one.in === 'path')) {
      const { pattern, enum: choices } = parameter.schema ?? {};
      expect(pattern ?? choices, parameter.name).toBeDefined();
    }
  });

  test('every answer names the request, and every error its code', () => {
    for (const [status, { headers }] of Object.entries(operation.responses)) {
      if (status !== '304') expect(headers).toHaveProperty('x-ms-request-id');
      if (Number(status) >= 400) expect(headers).toHaveProperty('x-ms-error-code');
    }
  });

  test('what is accepted for later says where to follow it', () => {
    const accepted = operation.responses['202'];
    if (accepted) expect(Object.keys(accepted.headers)).toEqual(expect.arrayContaining(['Operation-Location', 'Retry-After']));
  });

  test('only what anybody may ask needs no token', () =>
    expect(operation.security !== undefined).toBe(operation['x-role'] === 'anonymous'));

  test('a read or a removal takes no body', () =>
    expect(operation.requestBody !== undefined && ['get', 'delete'].includes(method)).toBe(false));
});

describe('a schema in the document', () => {
  const size = z.strictObject({ size: z.int().default(3) });

  test('asks callers for no more than is needed, and promises them all that is sent', () => {
    expect(place(size, 'input').schema).toEqual({
      type: 'object',
      properties: { size: { default: 3, type: 'integer' } },
      additionalProperties: false,
    });
    expect(place(size, 'output').schema).toEqual({
      type: 'object',
      properties: { size: { default: 3, type: 'integer' } },
      required: ['size'],
    });
  });

  test('becomes a component where it has an id, one for each side', () => {
    const thing = z.strictObject({ name: z.string() }).meta({ id: 'OpenApiTestThing' });
    const list = z.strictObject({ value: z.array(thing) });
    expect(place(list, 'output')).toEqual({
      schema: {
        type: 'object',
        properties: { value: { type: 'array', items: { $ref: '#/components/schemas/OpenApiTestThing' } } },
        required: ['value'],
      },
      components: { OpenApiTestThing: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    });
    expect(Object.keys(place(thing, 'input').components)).toEqual(['OpenApiTestThingInput']);
  });

  test('keeps a property that is called like a keyword', () => {
    const odd = z.object({ id: z.string(), enum: z.string(), $schema: z.string() });
    expect(Object.keys(place(odd, 'output').schema['properties'] as object)).toEqual(['id', 'enum', '$schema']);
  });
});
