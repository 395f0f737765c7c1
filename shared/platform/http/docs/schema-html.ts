/** Pure: a JSON Schema as a nested list that people can read. */
import type { Json } from '../openapi/json-schema.ts';
import { markup, type Html } from './html.ts';

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const asList = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Follows a reference within the document. */
export const resolved = (schema: Json, document: Json): Json => {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  return ref
    .split('/')
    .slice(1)
    .reduce<Json>((inner, step) => asJson(inner[step]), document);
};

const LIMITS = ['format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'default'] as const;

const typeOf = (schema: Json): string => {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(text).join(' | ');
  if ('const' in schema) return text(schema['const']);
  if (schema['oneOf'] ?? schema['anyOf']) return 'one of';
  return typeof schema['type'] === 'string' ? schema['type'] : 'any';
};

const limitsOf = (schema: Json): string =>
  LIMITS.filter((limit) => limit in schema)
    .map((limit) => `${limit} ${text(schema[limit])}`)
    .join(', ');

const childrenOf = (schema: Json, document: Json): Html | undefined => {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = Object.entries(asJson(schema['properties']));
  if (properties.length > 0)
    return markup`<ul>${properties.map(([name, member]) => item(name, asJson(member), document, required.includes(name)))}</ul>`;
  const choices = asList(schema['oneOf'] ?? schema['anyOf']);
  if (choices.length > 0) return markup`<ul>${choices.map((choice, n) => item(`choice ${n + 1}`, choice, document, false))}</ul>`;
  const items = asJson(schema['items']);
  return Object.keys(items).length > 0 ? markup`<ul>${item('each', items, document, false)}</ul>` : undefined;
};

const item = (name: string, written: Json, document: Json, isRequired: boolean): Html => {
  const schema = resolved(written, document);
  const description = typeof schema['description'] === 'string' ? markup` <span>${schema['description']}</span>` : undefined;
  return markup`<li><code>${name}</code>${isRequired ? markup` <b>required</b>` : undefined} <i>${typeOf(schema)}</i> <small>${limitsOf(schema)}</small>${description}${childrenOf(schema, document)}</li>`;
};

/** The schema, its own type first. */
export const schemaHtml = (written: Json, document: Json): Html => {
  const schema = resolved(written, document);
  return childrenOf(schema, document) ?? markup`<p><i>${typeOf(schema)}</i> <small>${limitsOf(schema)}</small></p>`;
};
