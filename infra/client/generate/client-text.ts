/** Pure: an OpenAPI document as the source of a typed client; one function for each operation. */
import { typeText, type Json } from './type-text.ts';

type Operation = { path: string; method: string; value: Json };

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);
const str = (value: unknown): string => (typeof value === 'string' ? value : '');

const operationsOf = (document: Json): Operation[] =>
  Object.entries(asJson(document['paths'])).flatMap(([path, item]) =>
    Object.entries(asJson(item)).map(([method, value]) => ({ path, method: method.toUpperCase(), value: asJson(value) })),
  );

const schemaIn = (content: unknown, type: string): Json | undefined => {
  const media = asJson(asJson(content)[type]);
  return 'schema' in media ? asJson(media['schema']) : undefined;
};

const fieldsOf = (operation: Json, where: string): { name: string; text: string; required: boolean }[] =>
  list(operation['parameters'])
    .filter((parameter) => parameter['in'] === where)
    .map((parameter) => ({
      name: str(parameter['name']),
      // Everything in a URL is text; numbers and flags are spelled.
      text: typeText(parameter['schema']),
      required: parameter['required'] === true,
    }));

const objectOf = (fields: ReturnType<typeof fieldsOf>): string =>
  `{ ${fields.map(({ name, text, required }) => `${name}${required ? '' : '?'}: ${text}${required ? '' : ' | undefined'}`).join('; ')} }`;

const refersTo = (operation: Json, name: string): boolean =>
  list(operation['parameters']).some((parameter) => str(parameter['$ref']).endsWith(`/${name}`));

const answersCsv = (operation: Json): boolean =>
  Object.values(asJson(operation['responses'])).some((response) => schemaIn(asJson(response)['content'], 'text/csv') !== undefined);

/** What the caller gives: only what the operation knows. */
const inputType = (operation: Json): { text: string; isNeeded: boolean } => {
  const path = fieldsOf(operation, 'path');
  const query = fieldsOf(operation, 'query');
  const requestBody = asJson(operation['requestBody']);
  const body = schemaIn(requestBody['content'], 'application/json');
  const bodyNeeded = requestBody['required'] === true;
  const takesCsv = schemaIn(requestBody['content'], 'text/csv') !== undefined;
  const parts = [
    path.length > 0 && `params: ${objectOf(path)}`,
    query.length > 0 && `query?: ${objectOf(query)}`,
    body && !takesCsv && `body${bodyNeeded ? '' : '?'}: ${typeText(body)}`,
    answersCsv(operation) && "accept?: 'application/json' | 'text/csv'",
    refersTo(operation, 'IdempotencyKeyRequired') && 'idempotencyKey: string',
    refersTo(operation, 'IdempotencyKey') && 'idempotencyKey?: string',
    'ifMatch?: string',
    'ifNoneMatch?: string',
  ].filter((part) => typeof part === 'string');
  // CSV stands instead of the body.
  const either = body && takesCsv ? ` & ({ body: ${typeText(body)}; csv?: never } | { csv: string; body?: never })` : '';
  return {
    text: `{ ${parts.join('; ')} }${either}`,
    isNeeded: path.length > 0 || bodyNeeded || refersTo(operation, 'IdempotencyKeyRequired'),
  };
};

const answerType = (operation: Json): string => {
  const answers = Object.entries(asJson(operation['responses'])).filter(([status]) => Number(status) < 400);
  const texts = answers.map(([status, response]) => {
    const schema = schemaIn(asJson(response)['content'], 'application/json');
    return `Answer<${status}, ${schema ? typeText(schema) : 'undefined'}>`;
  });
  return [...new Set(texts)].join(' | ');
};

const functionText = ({ path, method, value }: Operation): string => {
  const { text, isNeeded } = inputType(value);
  const call = `send(settings, '${method}', '${path}', input) as Promise<${answerType(value)}>`;
  return `  /** ${str(value['summary'])}. Role: ${str(value['x-role'])}. */
  ${str(value['operationId'])}: (input: ${text}${isNeeded ? '' : ' = {}'}) => ${call},`;
};

const componentText = ([name, schema]: [string, unknown]): string => `export type ${name} = ${typeText(schema)};`;

/** The whole module; `send.ts` beside it does what all operations share. */
export const clientText = (document: Json): string => {
  const version = str(asJson(document['info'])['version']);
  const components = Object.entries(asJson(asJson(document['components'])['schemas']));
  return `/** Typed client of API version ${version}. Made by \`npm run openapi\`; do not edit. */
import { send, type Answer, type ClientSettings } from './send.ts';

${components.map(componentText).join('\n\n')}

/** One function for each operation of the API. Each throws ApiError for an answer of 400 and above. */
export const createClient = (settings: ClientSettings) => ({
${operationsOf(document).map(functionText).join('\n')}
});

export type Client = ReturnType<typeof createClient>;
`;
};
