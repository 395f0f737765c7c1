/** Pure: JSON Schema as TypeScript types. */

export type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const property = (name: string): string => (IDENTIFIER.test(name) ? name : JSON.stringify(name));

const docOf = (schema: unknown): string =>
  isObject(schema) && typeof schema['description'] === 'string' ? `/** ${schema['description'].replaceAll('*/', '* /')} */ ` : '';

const objectType = (schema: Json): string => {
  const required = list(schema['required']);
  const members = Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).map(
    ([name, member]) => `${docOf(member)}${property(name)}${required.includes(name) ? '' : '?'}: ${typeText(member)}`,
  );
  const more = schema['additionalProperties'];
  if (members.length > 0) return `{ ${members.join('; ')} }`;
  return isObject(more) && Object.keys(more).length > 0 ? `Record<string, ${typeText(more)}>` : 'Record<string, unknown>';
};

const arrayType = (schema: Json): string => {
  const prefix = list(schema['prefixItems']);
  return prefix.length > 0 ? `[${prefix.map(typeText).join(', ')}]` : `(${typeText(schema['items'])})[]`;
};

const byType = (schema: Json): string => {
  switch (schema['type']) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return arrayType(schema);
    case 'object':
      return objectType(schema);
    default:
      return 'unknown';
  }
};

/** The type of what `schema` describes; a reference is the name of its component. */
export const typeText = (schema: unknown): string => {
  if (!isObject(schema)) return 'unknown';
  const ref = schema['$ref'];
  if (typeof ref === 'string') return ref.slice(ref.lastIndexOf('/') + 1);
  if ('const' in schema) return JSON.stringify(schema['const']);
  const values = list(schema['enum']);
  if (values.length > 0) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = [...list(schema['oneOf']), ...list(schema['anyOf'])];
  if (choices.length > 0) return choices.map((choice) => `(${typeText(choice)})`).join(' | ');
  const all = list(schema['allOf']);
  if (all.length > 0) return all.map((one) => `(${typeText(one)})`).join(' & ');
  return byType(schema);
};
