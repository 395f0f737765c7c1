/** The published specification as data, when it is beside the project: which operation a request is, and whether an answer fits it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Schema = Record<string, unknown>;
type SpecResponse = { schema?: Schema; headers?: Record<string, { type?: string; enum?: string[] }> };
type SpecOperation = { operationId: string; responses: Record<string, SpecResponse> };
type Spec = { paths: Record<string, Record<string, SpecOperation>>; definitions: Record<string, Schema> };

export type Example = { operationId: string; parameters: Record<string, unknown>; responses: Record<string, { body?: unknown }> };

/** `path` is percent-encoded and without query; header names are lower case. */
export type Answered = { method: string; path: string; status: number; headers: Record<string, unknown>; text: string };

export type UpstreamSpec = {
  operationIds: string[];
  examples: Example[];
  /** What is wrong with a body of an operation's answer. */
  bodyProblems: (operationId: string, status: string, body: unknown) => string[];
  /** What is wrong with a whole answer; a route that the specification lacks must answer its error body. */
  problems: (answered: Answered) => string[];
};

const DIR = process.env['ACG_SPEC_DIR'] ?? '../shared/upstream';
const FILE = join(DIR, 'swagger.2024-02-29-preview.json');

/** Undefined without the data; why is said on stderr, once per process that asks. */
export const loadUpstreamSpec = (): UpstreamSpec | undefined => {
  if (existsSync(FILE)) return readSpec(JSON.parse(readFileSync(FILE, 'utf8')) as Spec);
  process.stderr.write(`SKIPPED: answers are not checked against the specification, because ${FILE} is not there (ACG_SPEC_DIR).\n`);
  return undefined;
};

/** Closes every object that lists its members, so that an answer with a member of our own invention is a problem. */
const close = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, close(member)]));
  return 'properties' in members ? { ...members, additionalProperties: false } : members;
};

const toPattern = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/:]+')}$`);

const readSpec = (spec: Spec): UpstreamSpec => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'spec', definitions: close(spec.definitions) });
  const operations = Object.entries(spec.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), pattern: toPattern(template), operation })),
  );
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (schema: Schema): ValidateFunction => {
    const ref = String(schema['$ref']).replace('#/', 'spec#/');
    const validator = validators.get(ref) ?? ajv.compile({ $ref: ref });
    validators.set(ref, validator);
    return validator;
  };
  const bodyProblems = (response: SpecResponse, body: unknown): string[] => {
    if (!response.schema) return body === undefined ? [] : ['a body where none is declared'];
    const validate = validatorOf(response.schema);
    return validate(body)
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`);
  };
  const responseOf = (operation: SpecOperation | undefined, status: string): SpecResponse =>
    operation?.responses[status] ?? {
      schema: { $ref: '#/definitions/Azure.Core.Foundations.ErrorResponse' },
      headers: { 'x-ms-error-code': {} },
    };
  return {
    operationIds: operations.map(({ operation }) => operation.operationId),
    examples: readdirSync(join(DIR, 'examples')).map((file) => JSON.parse(readFileSync(join(DIR, 'examples', file), 'utf8')) as Example),
    bodyProblems: (operationId, status, body) =>
      bodyProblems(responseOf(operations.find((o) => o.operation.operationId === operationId)?.operation, status), body),
    problems: ({ method, path, status, headers, text }) => {
      const decoded = decodeURIComponent(path);
      const found = operations.find((o) => o.method === method && o.pattern.test(decoded));
      if (status === 304) return text === '' ? [] : ['304 with a body'];
      const response = responseOf(found?.operation, String(status));
      const body = text === '' ? undefined : (JSON.parse(text) as unknown);
      return [...bodyProblems(response, body), ...headerProblems(response, headers)];
    },
  };
};

/** Sent only when asked for: the count, the echo, the result of a repeatable request. */
const ON_DEMAND = ['x-ms-record-count', 'x-ms-client-request-id', 'repeatability-result'];

const headerProblems = (response: SpecResponse, headers: Record<string, unknown>): string[] =>
  Object.entries(response.headers ?? {}).flatMap(([declared, { enum: members }]) => {
    const name = declared.toLowerCase();
    const value = headers[name];
    if (typeof value !== 'string') return ON_DEMAND.includes(name) ? [] : [`header ${name} is missing`];
    return members && !members.includes(value) ? [`header ${name} is ${value}`] : [];
  });
