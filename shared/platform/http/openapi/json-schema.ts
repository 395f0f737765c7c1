/** Pure: zod schemas as the JSON Schema of an API document; whatever has an id of its own becomes a component. */
import { z } from 'zod';

export type Json = Record<string, unknown>;
export type Side = 'input' | 'output';

/** A schema to be placed in the document, and the components that it refers to. */
export type Placed = { schema: Json; components: Record<string, Json> };

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Bounds that say no more than that JavaScript counts so far. */
const SAFE = Number.MAX_SAFE_INTEGER;
const isNoise = (key: string, value: unknown): boolean =>
  key === '$schema' || key === '$id' || key === 'id' || (key === 'maximum' && value === SAFE) || (key === 'minimum' && value === -SAFE);

/** References to components, and no closed objects in answers: a field added later must not break a client's validator. */
const tidy = (node: unknown, side: Side, name: (id: string) => string, inProperties = false): unknown => {
  if (Array.isArray(node)) return node.map((item) => tidy(item, side, name));
  if (!isObject(node)) return node;
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    if (inProperties) return [[key, tidy(value, side, name)]];
    if (isNoise(key, value) || key === '$defs') return [];
    if (key === 'additionalProperties' && value === false && side === 'output') return [];
    if (key === '$ref' && typeof value === 'string') return [[key, `#/components/schemas/${name(value.replace('#/$defs/', ''))}`]];
    if (key === 'const' || key === 'enum' || key === 'default' || key === 'examples' || key === 'example') return [[key, value]];
    return [[key, tidy(value, side, name, key === 'properties')]];
  });
  return Object.fromEntries(entries);
};

/**
 * The schema of what callers send (`input`) or receive (`output`). A schema with an `id` (`.meta({ id })`) is a component;
 * what is sent and is not called a request anyway gets the suffix `Input`, since defaults make the two sides differ.
 */
export const place = (schema: z.ZodType, side: Side): Placed => {
  const name = (id: string): string => (side === 'input' && !id.endsWith('Request') ? `${id}Input` : id);
  const made = z.toJSONSchema(schema, { io: side, unrepresentable: 'any', reused: 'inline' }) as Json;
  const defs = isObject(made['$defs']) ? made['$defs'] : {};
  const components = Object.fromEntries(Object.entries(defs).map(([id, def]) => [name(id), tidy(def, side, name) as Json]));
  const own = schema.meta()?.id;
  const placed = tidy(made, side, name) as Json;
  // A schema with an id of its own is there as a reference to itself already.
  if (own === undefined || '$ref' in placed) return { schema: placed, components };
  return { schema: { $ref: `#/components/schemas/${name(own)}` }, components: { ...components, [name(own)]: placed } };
};
