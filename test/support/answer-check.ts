/** Holds answers against the API document: status, media type, headers and body, with every object closed, so that no field goes undocumented. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;
export type ApiDocument = { paths: Record<string, Record<string, Json>>; components: { schemas: Record<string, Json> } };

export type SeenAnswer = { status: number; headers: Headers; text: string };

/** Problems in words, none when the answer is as documented. `path` is as sent, below the origin, with or without its query. */
export type AnswerCheck = (method: string, path: string, answer: SeenAnswer) => string[];

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const escapePointer = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Objects of answers admit no more than they name. */
const close = (node: unknown, isRequest: boolean): unknown => {
  if (Array.isArray(node)) return node.map((one) => close(one, isRequest));
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value, isRequest)]));
  const isObject = closed['type'] === 'object' && 'properties' in closed && !('additionalProperties' in closed);
  return isObject && !isRequest ? { ...closed, additionalProperties: false } : closed;
};

const closedDocument = (document: ApiDocument): ApiDocument => {
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => {
    const isRequest = name.endsWith('Request') || name.endsWith('Input');
    return [name, close(schema, isRequest)];
  });
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) as Record<string, Json> } };
};

const matcherOf = (template: string): RegExp => new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

type Place = { template: string; item: Record<string, Json> };

const REQUEST_ID = 'x-ms-request-id';

const mediaProblems = (expected: string[], { status, headers, text }: SeenAnswer, method: string): string[] => {
  const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (method === 'HEAD' || status === 304) return text === '' ? [] : [`${status} has a body`];
  if (expected.length === 0) return text === '' ? [] : [`${status} is documented without a body`];
  return expected.includes(type) ? [] : [`media type ${type} is not documented for ${status}: ${expected.join()}`];
};

const headerProblems = (response: Json, { status, headers }: SeenAnswer): string[] => {
  const named = Object.keys(asJson(response['headers'])).map((name) => name.toLowerCase());
  const missing = (name: string): string[] => (named.includes(name) && !headers.has(name) ? [`${status} without ${name}`] : []);
  const code = headers.get('x-ms-error-code');
  const codes = asJson(asJson(asJson(response['headers'])['x-ms-error-code'])['schema'])['enum'];
  return [
    ...(headers.has(REQUEST_ID) ? [] : [`${status} without ${REQUEST_ID}`]),
    ...(status === 202 ? [...missing('operation-location'), ...missing('retry-after')] : []),
    ...(status === 304 ? missing('etag') : []),
    ...(status >= 400 && code === null ? [`${status} without x-ms-error-code`] : []),
    ...(Array.isArray(codes) && code !== null && !codes.includes(code) ? [`${code} is not documented for ${status}`] : []),
  ];
};

export const makeAnswerCheck = (given: ApiDocument): AnswerCheck => {
  const document = closedDocument(given);
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema(document, 'api');
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (pointer: string): ValidateFunction => {
    const made = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, made);
    return made;
  };
  const bodyProblems = (pointer: string, text: string): string[] => {
    const validate = validatorOf(pointer);
    if (validate(JSON.parse(text))) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
  };
  const templates = Object.entries(document.paths).map(([template, item]) => ({ template, item, matches: matcherOf(template) }));
  /** A path spelled out goes before one with parameters. */
  const placeOf = (path: string): Place | undefined =>
    templates.find(({ template }) => template === path) ?? templates.find(({ matches }) => matches.test(path));

  const outsideProblems = (answer: SeenAnswer): string[] => [
    ...headerProblems({}, answer),
    ...(answer.text === '' ? [] : bodyProblems('/components/schemas/ErrorAnswer', answer.text)),
  ];

  return (method, path, answer) => {
    const place = placeOf(path.split('?')[0] ?? '');
    const known = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = place?.item[known];
    if (place === undefined || operation === undefined) {
      const expected = place === undefined ? 404 : 405;
      return [...(answer.status === expected ? [] : [`${answer.status} instead of ${expected}`]), ...outsideProblems(answer)];
    }
    const response = asJson(asJson(operation['responses'])[String(answer.status)]);
    if (!('description' in response)) return [`${answer.status} ${answer.headers.get('x-ms-error-code') ?? ''} is not documented`];
    const content = asJson(response['content']);
    const problems = [...mediaProblems(Object.keys(content), answer, method), ...headerProblems(response, answer)];
    const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
    if (!isJson || answer.text === '' || problems.length > 0) return problems;
    const steps = ['paths', place.template, known, 'responses', String(answer.status), 'content', 'application/json', 'schema'];
    return bodyProblems(steps.map((step) => `/${escapePointer(step)}`).join(''), answer.text);
  };
};
