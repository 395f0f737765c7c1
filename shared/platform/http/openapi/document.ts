/** Pure: the route table as an OpenAPI 3.1 document. */
import { API_VERSIONS, DEFAULT_API_VERSION } from '../api-version.ts';
import type { Contract } from '../contract.ts';
import type { Json } from './json-schema.ts';
import { tagOf, toOperation } from './operation-object.ts';

export type DocumentFacts = {
  title: string;
  description: string;
  /** Where the API is, without `/api`. */
  publicBaseUrl: string;
  /** What each first part of a path is about. */
  tags: Readonly<Record<string, string>>;
  /** An example of each parameter of a path. */
  pathValues: Readonly<Record<string, string>>;
};

const text = (description: string, schema: Json = { type: 'string' }): Json => ({ description, schema });

const HEADERS: Json = {
  RequestId: text('Names this request in our logs.'),
  ETag: text('Strong and quoted; changes with the representation.'),
  OperationLocation: text('Where to follow the work.', { type: 'string', format: 'uri' }),
  RateLimitPolicy: text('How many requests a minute you may make: `"partner";q=300;w=60`.'),
  RateLimit: text(
    'How many are left, and seconds until there are more: `"partner";r=299;t=60`. A hint; what counts is 429 with Retry-After.',
  ),
  IdempotencyReplayed: text('This answers a repeat: nothing was done again.', { type: 'string', const: 'true' }),
  RetryAfter: text('Seconds to wait before asking again.', { type: 'integer', minimum: 0 }),
};

const header = (name: string, description: string, schema: Json, required = false): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});

const KEY: Json = { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' };
const KEY_RULE = 'Names what you want done: a repeat with the same key and request gets the same operation, with another request 422.';

const PARAMETERS: Json = {
  ApiVersion: {
    name: 'api-version',
    in: 'query',
    required: false,
    description: `Without it ${DEFAULT_API_VERSION} counts.`,
    schema: { type: 'string', enum: API_VERSIONS },
  },
  ClientRequestId: header('x-ms-client-request-id', 'Your own id of the request, echoed in the answer.', {
    type: 'string',
    maxLength: 128,
  }),
  IdempotencyKey: header('Idempotency-Key', KEY_RULE, KEY),
  IdempotencyKeyRequired: header('Idempotency-Key', KEY_RULE, KEY, true),
  IfNoneMatch: header('If-None-Match', 'An ETag you know: 304 while it still holds.', { type: 'string' }),
};

const detail: Json = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    target: { type: 'string', description: 'A JSON pointer into the request, or the name of what is meant.' },
  },
};

const placedDetail: Json = {
  ...detail,
  properties: {
    ...(detail['properties'] as Json),
    row: { type: 'integer', minimum: 1, description: 'The line of a CSV body; target is its heading then.' },
  },
};

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      ...detail,
      properties: {
        ...(detail['properties'] as Json),
        details: { type: 'array', items: placedDetail, maxItems: 100 },
        detailsTruncated: { type: 'boolean', const: true },
      },
    },
  },
};

const SECURITY_SCHEMES: Json = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token of Microsoft Entra ID for this API, with the app role that `x-role` of the operation names.',
  },
};

/** Those that some operation refers to. */
const usedOf = (parameters: Json, paths: Json): Json => {
  const text = JSON.stringify(paths);
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => text.includes(`"#/components/parameters/${name}"`)));
};

/** The document of `contracts`. Paths carry `/api`, as callers see them. */
export const toDocument = (contracts: readonly Contract[], facts: DocumentFacts): Json => {
  const placed = contracts.map((contract) => ({ contract, ...toOperation(contract, facts.pathValues) }));
  const paths = Map.groupBy(placed, ({ contract }) => `/api/${contract.path}`);
  const toItem = (all: typeof placed): Json =>
    Object.fromEntries(all.map(({ contract, operation }) => [contract.method.toLowerCase(), operation]));
  const items = Object.fromEntries([...paths].map(([path, all]) => [path, toItem(all)]));
  const used = [...new Set(contracts.map(tagOf))];
  return {
    openapi: '3.1.1',
    info: { title: facts.title, version: DEFAULT_API_VERSION, description: facts.description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: facts.publicBaseUrl }],
    tags: used.map((name) => ({ name, description: facts.tags[name] ?? name })),
    security: [{ bearer: [] }],
    paths: items,
    components: {
      schemas: { ErrorAnswer: ERROR, ...(Object.assign({}, ...placed.map(({ components }) => components)) as Json) },
      parameters: usedOf(PARAMETERS, items),
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
};
