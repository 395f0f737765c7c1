/** Clients of a released version go on working: the document keeps what the released one promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { breakingChanges } from '../../openapi/breaking-changes.ts';
import { composedApp } from './composed-app.ts';

type Json = Record<string, unknown>;
const RELEASED = 'infra/openapi/released';

const now = (await composedApp({}).call('openapi.json')).body as Json;
const released = readdirSync(RELEASED).filter((file) => file.endsWith('.json'));

test.each(released)('the document keeps what %s promises (if nobody depends on it yet: npm run openapi -- --release)', (file) =>
  expect(breakingChanges(JSON.parse(readFileSync(`${RELEASED}/${file}`, 'utf8')) as Json, now)).toEqual([]),
);

const order = {
  type: 'object',
  properties: { id: { type: 'string' }, state: { type: 'string', enum: ['open', 'done'] } },
  required: ['id'],
};
const request = {
  type: 'object',
  properties: { action: { type: 'string', enum: ['add', 'remove'] }, note: { type: 'string', maxLength: 100 } },
  required: ['action'],
  additionalProperties: false,
};
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const base = {
  paths: {
    '/api/orders': {
      post: {
        operationId: 'createOrder',
        'x-role': 'Partner.Write',
        parameters: [{ name: 'mode', in: 'query', required: false, schema: { type: 'string' } }, { $ref: '#/components/parameters/Key' }],
        requestBody: { required: true, ...json({ $ref: '#/components/schemas/OrderRequest' }) },
        responses: {
          202: { headers: { 'Retry-After': {} }, ...json({ $ref: '#/components/schemas/Order' }) },
          409: json({ type: 'object' }),
        },
      },
      get: {
        operationId: 'listOrders',
        'x-role': 'Partner.Read',
        parameters: [],
        responses: { 200: json({ type: 'array', items: order }) },
      },
    },
  },
  components: {
    schemas: { Order: order, OrderRequest: request },
    parameters: { Key: { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 128 } } },
  },
};
type Document = typeof base & {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json>; parameters: Record<string, Json> };
};

const after = (change: (document: Document) => void): string[] => {
  const copy = structuredClone(base) as Document;
  change(copy);
  return breakingChanges(base, copy);
};
const post = (document: Document) => document.paths['/api/orders'].post;

describe('breaks clients:', () => {
  test.each<[string, (document: Document) => unknown, string]>([
    ['a path that is gone', ({ paths }) => Reflect.deleteProperty(paths, '/api/orders'), 'POST /api/orders: is gone'],
    ['a method that is gone', ({ paths }) => Reflect.deleteProperty(paths['/api/orders'], 'get'), 'GET /api/orders: is gone'],
    ['a function of the client that is called otherwise', (one) => (post(one).operationId = 'placeOrder'), 'operationId was createOrder'],
    ['another role', (one) => (post(one)['x-role'] = 'Partner.Release'), 'x-role was Partner.Write'],
    ['a status that is gone', (one) => Reflect.deleteProperty(post(one).responses, 202), '202 is gone'],
    ['a success that nobody knows', (one) => Object.assign(post(one).responses, { 204: {} }), 'may answer 204'],
    ['a header that is gone', (one) => (post(one).responses[202].headers = {} as never), '202 has no Retry-After'],
    ['a parameter that is gone', (one) => post(one).parameters.shift(), 'the parameter query mode is gone'],
    [
      'a parameter that is required now',
      ({ components }) => (components.parameters['Key'] = { ...base.components.parameters.Key, required: true }),
      'header Idempotency-Key is required now',
    ],
    [
      'a new parameter that is required',
      (one) => post(one).parameters.push({ name: 'x', in: 'query', required: true, schema: { type: 'string' } }),
      'query x is new and required',
    ],
    [
      'a property to send that is required now',
      ({ components }) => (components.schemas.OrderRequest.required = ['action', 'note']),
      '/note: is required now',
    ],
    [
      'a property that may not be sent any more',
      ({ components }) => Reflect.deleteProperty(components.schemas.OrderRequest.properties, 'note'),
      '/note: is gone',
    ],
    [
      'a value that is no longer taken',
      ({ components }) => components.schemas.OrderRequest.properties.action.enum.pop(),
      '"remove" is no longer taken',
    ],
    [
      'a limit that is tighter',
      ({ components }) => (components.schemas.OrderRequest.properties.note.maxLength = 10),
      'maxLength is 10, was 100',
    ],
    ['an answer without what was always there', ({ components }) => (components.schemas.Order.required = []), '/id: may be absent now'],
    [
      'an answer without a property',
      ({ components }) => Reflect.deleteProperty(components.schemas.Order.properties, 'state'),
      '/state: is gone',
    ],
    ['another type', ({ components }) => (components.schemas.Order.properties.id.type = 'integer'), 'was "string", is "integer"'],
    [
      'another type within a list',
      ({ paths }) => Object.assign(paths['/api/orders'].get.responses[200], json({ type: 'array', items: { type: 'string' } })),
      '[]: was "object", is "string"',
    ],
  ])('%s', (_what, change, line) => expect(after((document) => void change(document)).join('\n')).toContain(line));
});

describe('breaks nobody:', () => {
  test.each<[string, (document: Document) => unknown]>([
    ['nothing', () => undefined],
    ['a new path', ({ paths }) => Object.assign(paths, { '/api/new': { get: {} } })],
    ['a property more to read', ({ components }) => Object.assign(components.schemas.Order.properties, { more: { type: 'string' } })],
    [
      'a property more that may be sent',
      ({ components }) => Object.assign(components.schemas.OrderRequest.properties, { more: { type: 'string' } }),
    ],
    ['a value more that is taken', ({ components }) => components.schemas.OrderRequest.properties.action.enum.push('swap')],
    ['a wider limit', ({ components }) => (components.schemas.OrderRequest.properties.note.maxLength = 200)],
    [
      'a parameter more that may be left out',
      (one) => post(one).parameters.push({ name: 'x', in: 'query', required: false, schema: { type: 'string' } }),
    ],
    ['an error that does not happen any more', (one) => Reflect.deleteProperty(post(one).responses, 409)],
  ])('%s', (_what, change) => expect(after((document) => void change(document))).toEqual([]));
});
