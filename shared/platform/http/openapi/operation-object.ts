/** Pure: one contract as an operation of the API document. */
import { z } from 'zod';
import { entryOf } from '../../errors/catalogue.ts';
import { idempotencyOf, type Contract } from '../contract.ts';
import { errorCodesOf } from './error-codes.ts';
import { place, type Json, type Placed } from './json-schema.ts';

export type PlacedOperation = { operation: Json; components: Record<string, Json> };

const JSON_TYPE = 'application/json';
const WORDS = /(?=[A-Z])/;

/** `createOrder` -> `Create order`. */
const spelled = (name: string): string => {
  const text = name.split(WORDS).join(' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const headerRef = (name: string): Json => ({ $ref: `#/components/headers/${name}` });
const parameterRef = (name: string): Json => ({ $ref: `#/components/parameters/${name}` });

/** Where a route belongs in the document: the first part of its path. */
export const tagOf = ({ path }: Contract): string => path.split('/')[0] ?? '';

type Values = Readonly<Record<string, string>>;

const fieldsOf = (object: z.ZodObject | undefined, where: 'path' | 'query', values: Values): Json[] =>
  Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || !(schema as z.ZodType).safeParse(undefined).success,
    schema: place(schema as z.ZodType, 'input').schema,
    ...(values[name] === undefined ? {} : { example: values[name] }),
  }));

/** They come with a body in CSV alone. */
const withCsv = (parameter: Json): Json => ({ ...parameter, required: false, description: 'With a body in CSV.' });

const parametersOf = (contract: Contract, pathValues: Values): Json[] => [
  ...fieldsOf(contract.params, 'path', pathValues),
  ...fieldsOf(contract.query, 'query', contract.examples?.query ?? {}),
  ...fieldsOf(contract.csv, 'query', contract.examples?.query ?? {}).map(withCsv),
  parameterRef('ApiVersion'),
  parameterRef('ClientRequestId'),
  ...(idempotencyOf(contract) === undefined
    ? []
    : [parameterRef(idempotencyOf(contract) === 'required' ? 'IdempotencyKeyRequired' : 'IdempotencyKey')]),
  ...(contract.conditional ? [parameterRef('IfNoneMatch')] : []),
];

const requestBodyOf = ({ body, csv, examples }: Contract, placed: Placed | undefined): Json =>
  body && placed
    ? {
        requestBody: {
          required: !body.safeParse(undefined).success,
          content: {
            [JSON_TYPE]: { schema: placed.schema, ...(examples?.body === undefined ? {} : { example: examples.body }) },
            ...(csv
              ? { 'text/csv': { schema: { type: 'string' }, ...(examples?.csv === undefined ? {} : { example: examples.csv }) } }
              : {}),
          },
        },
      }
    : {};

const headersOf = (contract: Contract, status: number): Json => ({
  'x-ms-request-id': headerRef('RequestId'),
  ...(contract.role === 'anonymous' ? {} : { 'RateLimit-Policy': headerRef('RateLimitPolicy'), RateLimit: headerRef('RateLimit') }),
  ...(idempotencyOf(contract) === undefined ? {} : { 'Idempotency-Replayed': headerRef('IdempotencyReplayed') }),
  ...(contract.conditional || (status === 201 && contract.method === 'PUT') ? { ETag: headerRef('ETag') } : {}),
  ...(status === 202 ? { 'Operation-Location': headerRef('OperationLocation'), 'Retry-After': headerRef('RetryAfter') } : {}),
});

const WORDED: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted; follow Operation-Location.',
  204: 'Done.',
};

const successOf = (contract: Contract, status: number, placed: Placed | undefined): Json => {
  const example = contract.examples?.answer;
  const media = { ...(placed ? { schema: placed.schema } : {}), ...(example === undefined ? {} : { example }) };
  const text = contract.produces === undefined ? {} : { [contract.produces]: { schema: { type: 'string' } } };
  const json = placed && contract.produces !== 'text/html' ? { [JSON_TYPE]: media } : {};
  const content = { ...json, ...text };
  return {
    description: WORDED[status] ?? 'Done.',
    headers: headersOf(contract, status),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
};

const failuresOf = (contract: Contract): Record<string, Json> => {
  const byStatus = Map.groupBy(errorCodesOf(contract), (code) => entryOf(code).status);
  const described = [...byStatus].map(([status, codes]): [string, Json] => [
    String(status),
    {
      description: codes.map((code) => `${code}: ${entryOf(code).title}`).join(' '),
      headers: {
        'x-ms-error-code': { required: true, schema: { type: 'string', enum: codes } },
        'x-ms-request-id': headerRef('RequestId'),
        ...(codes.some((code) => entryOf(code).retryAfterS !== undefined) || status === 429
          ? { 'Retry-After': headerRef('RetryAfter') }
          : {}),
      },
      content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/ErrorAnswer' } } },
    },
  ]);
  return Object.fromEntries(described);
};

const NOT_MODIFIED: Json = { description: 'The representation is the one that If-None-Match names.', headers: { ETag: headerRef('ETag') } };

/** The operation, and the components that it needs beside those of every document. `pathValues` are examples by parameter. */
export const toOperation = (contract: Contract, pathValues: Values = {}): PlacedOperation => {
  const { name, role, success, body, documentedBody, conditional, summary, description } = contract;
  const placedBody = body && place(documentedBody?.() ?? body, 'input');
  const answers = Object.entries(success).map(([status, schema]): [number, Placed | undefined] => [
    Number(status),
    schema instanceof z.ZodUndefined ? undefined : place(schema, 'output'),
  ]);
  const responses = {
    ...Object.fromEntries(answers.map(([status, placed]) => [String(status), successOf(contract, status, placed)])),
    ...(conditional ? { '304': NOT_MODIFIED } : {}),
    ...failuresOf(contract),
  };
  const operation: Json = {
    operationId: name,
    tags: [tagOf(contract)],
    summary: summary ?? spelled(name),
    ...(description === undefined ? {} : { description }),
    'x-role': role,
    ...(role === 'anonymous' ? { security: [] } : {}),
    parameters: parametersOf(contract, pathValues),
    ...requestBodyOf(contract, placedBody),
    responses,
  };
  const parts = [placedBody, ...answers.map(([, placed]) => placed)].filter((placed) => placed !== undefined);
  return { operation, components: Object.assign({}, ...parts.map((placed) => placed.components)) as Record<string, Json> };
};
