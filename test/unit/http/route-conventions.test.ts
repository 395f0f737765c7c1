/** What every row of the route table must bring along, and the conventions of Azure's REST guidelines that a schema can break; each failure says what to add. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PATH_VALUES } from '../../../functions/http/path-values.ts';
import type { Contract } from '../../../shared/platform/http/contract.ts';
import { composedApp } from './composed-app.ts';

type Json = Record<string, unknown>;
type Document = { tags: { name: string; description: string }[]; components: { schemas: Record<string, Json> } };

const { call, routes } = composedApp({});
const contracts = routes.map(({ contract }) => contract);
const document = (await call('openapi.json')).body as Document;

/** These answer with what they are. */
const SPEAK_FOR_THEMSELVES = ['getOpenApi', 'getDocs', 'getConsole', 'getConsolePanels'];

const isNothing = (schema: z.ZodType): boolean => schema instanceof z.ZodUndefined;
const bodiesOf = ({ success }: Contract): z.ZodType[] => Object.values(success).filter((schema) => !isNothing(schema));
const says = (problem: string, isWrong: boolean): string[] => (isWrong ? [problem] : []);

const keysBelow = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) =>
        inner === undefined ? [] : [Array.isArray(value) ? [] : key, keysBelow(inner)].flat(),
      )
    : [];

/** What is wrong with `value` as an example of `schema`; also what the schema would drop. */
const misfit = (what: string, schema: z.ZodType, value: unknown): string[] => {
  const read = schema.safeParse(value);
  if (!read.success) return read.error.issues.map(({ path, message }) => `${what}: /${path.join('/')} ${message}`);
  const named = new Set(keysBelow(read.data));
  return keysBelow(value)
    .filter((key) => !named.has(key))
    .map((key) => `${what}: ${key} is not in the schema`);
};

const exampleProblems = (contract: Contract): string[] => {
  const { name, examples, body, query, params } = contract;
  if (examples === undefined) return ['give it `examples: { body?, query?, headers?, answer? }`, `{}` where there is nothing to show'];
  const answers = SPEAK_FOR_THEMSELVES.includes(name) ? [] : bodiesOf(contract);
  const [answer] = answers;
  return [
    ...says('add `examples.body`, a body that works', body !== undefined && examples.body === undefined),
    ...says('it takes no body: take `examples.body` away', body === undefined && examples.body !== undefined),
    ...says('add `examples.answer`, the body of its success', answer !== undefined && examples.answer === undefined),
    ...(body && examples.body !== undefined ? misfit('examples.body', body, examples.body) : []),
    ...(answer && examples.answer !== undefined ? misfit('examples.answer', answer, examples.answer) : []),
    ...(query && examples.query ? misfit('examples.query', query.partial(), examples.query) : []),
    ...Object.entries(params?.shape ?? {}).flatMap(([key, schema]) =>
      PATH_VALUES[key] === undefined
        ? [`give {${key}} a value in functions/http/path-values.ts`]
        : misfit(`path-values.ts ${key}`, schema as z.ZodType, PATH_VALUES[key]),
    ),
  ];
};

const namingProblems = (contract: Contract): string[] => {
  const { summary, body } = contract;
  const isNamed = (schema: z.ZodType): boolean => schema.meta()?.id !== undefined || SPEAK_FOR_THEMSELVES.includes(contract.name);
  return [
    ...says('give it a `summary` of up to 80 letters', summary === undefined || summary.length < 3 || summary.length > 80),
    ...says('its `summary` ends without a full stop', summary?.endsWith('.') === true),
    ...says('name the schema of its body: `.meta({ id: "…Request" })`', body !== undefined && !isNamed(body)),
    ...says('the id of its body must end in Request', body !== undefined && isNamed(body) && !String(body.meta()?.id).endsWith('Request')),
    ...says(
      'name the schema of its answer: `.meta({ id: "…" })`',
      bodiesOf(contract).some((schema) => !isNamed(schema)),
    ),
  ];
};

const styleProblems = (contract: Contract): string[] => {
  const { method, success, query, conditional, path } = contract;
  const statuses = Object.keys(success).map(Number);
  const asked = Object.keys(query?.shape ?? {});
  const goesOn = asked.includes('continuationToken') || asked.includes('afterSequence');
  return [
    ...says('query parameters are in camelCase', !asked.every((name) => /^[a-z][A-Za-z]*$/.test(name))),
    ...says('maxpagesize comes with continuationToken or afterSequence', asked.includes('maxpagesize') !== goesOn),
    ...says('PATCH is for webhook subscriptions alone', method === 'PATCH' && !path.startsWith('webhook-subscriptions/')),
    ...says('PATCH answers 200 alone', method === 'PATCH' && statuses.join() !== '200'),
    ...says('PUT answers 200 and perhaps 201', method === 'PUT' && !['200', '200,201'].includes(statuses.join())),
    ...says('DELETE answers 204, or 202 where it takes long', method === 'DELETE' && statuses.some((one) => one !== 202 && one !== 204)),
    ...says('GET answers 200 alone', method === 'GET' && statuses.join() !== '200'),
    ...says('what is accepted for later is not created now', statuses.includes(202) && statuses.includes(201)),
    ...says('only a GET is conditional by ETag', conditional === true && method !== 'GET'),
    ...says('GET and DELETE take no body', contract.body !== undefined && (method === 'GET' || method === 'DELETE')),
  ];
};

test.each(contracts.map((contract) => [contract.name, contract] as const))('%s has what callers need to know', (_name, contract) =>
  expect([...exampleProblems(contract), ...namingProblems(contract), ...styleProblems(contract)]).toEqual([]),
);

test('every part of the API is described (TAGS in functions/http/meta.ts)', () =>
  expect(document.tags.filter(({ name, description }) => name === description)).toEqual([]));

/** Every property below a schema, with its own schema. */
const propertiesOf = (node: unknown): [string, Json][] => {
  if (typeof node !== 'object' || node === null) return [];
  const { properties = {} } = node as { properties?: Record<string, Json> };
  const below = Object.entries(node as Json).filter(([key]) => !['example', 'examples', 'default', 'enum', 'const'].includes(key));
  return [...Object.entries(properties), ...below.flatMap(([, value]) => propertiesOf(value))];
};
const isRequest = (name: string): boolean => name.endsWith('Request') || name.endsWith('Input');

describe.each(Object.entries(document.components.schemas))('schema %s', (name, schema) => {
  test('is named in PascalCase and names its properties in camelCase', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(
      propertiesOf(schema)
        .map(([key]) => key)
        .filter((key) => !/^[a-z][A-Za-z0-9]*$/.test(key)),
    ).toEqual([]);
  });

  test('says of times that they are times: ...At, since, until', () =>
    expect(
      propertiesOf(schema)
        .filter(([key, { format }]) => format === 'date-time' && !/(At|Before|After|since|until)$/.test(key))
        .map(([key]) => key),
    ).toEqual([]));

  test('of an answer leaves out what there is not, instead of null', () =>
    expect(isRequest(name) || !JSON.stringify(schema).includes('"type":"null"')).toBe(true));

  test('of a listing is an object with value and nextLink', () => {
    const { value, nextLink } = (schema['properties'] ?? {}) as Record<string, Json>;
    if (/(Page|List)$/.test(name)) expect(value?.['type']).toBe('array');
    if (nextLink) expect([value?.['type'], nextLink['type']]).toEqual(['array', 'string']);
  });
});
