/** Values of a template against Azure's types: unknown, read-only, missing and repeated properties, kinds, enumerations, patterns. */
import type { Expression, Property } from './expression.ts';
import { inLoop, possible, type Finding, type Scope } from './possible.ts';
import type { DataType, PropertyType, TypeNode } from './type-data.ts';

const REQUIRED = 1;
const READ_ONLY = 2;

type Check = { scope: Scope; found: Finding };
/** `whole` is false for a part that is merged with others: nothing is missing in it. */
type Place = { path: string; whole: boolean };

/** Tells `found` of everything in `value` that `type` does not allow. */
export const checkValue = (value: Expression, type: DataType, check: Check, place: Place): void => {
  for (const one of possible(value, check.scope, check.found)) checkOne({ ...one, line: value.line }, type, check, place);
};

const checkOne = (value: Expression, type: DataType, check: Check, place: Place): void => {
  const { node } = type;
  if (value.kind === 'call' && value.name === 'union') {
    for (const part of value.args) checkValue(part, type, check, { ...place, whole: false });
    return;
  }
  if (value.kind === 'loop') {
    checkOne({ kind: 'array', items: [value.body], line: value.line }, type, { ...check, scope: inLoop(check.scope, value) }, place);
    return;
  }
  if (value.kind === 'null' || node.$type === 'AnyType') return;
  if (node.$type === 'UnionType') checkUnion(value, node, type, check, place);
  else if (node.$type === 'DiscriminatedObjectType') checkDiscriminated(value, node, type, check, place);
  else checkKind(value, type, check, place);
};

type Node<T extends TypeNode['$type']> = Extract<TypeNode, { $type: T }>;

const checkUnion = (value: Expression, node: Node<'UnionType'>, type: DataType, check: Check, { path, whole }: Place): void => {
  if (value.kind === 'opaque' && value.allowed) {
    for (const one of value.allowed) checkOne({ ...one, line: value.line }, type, check, { path, whole });
    return;
  }
  const fits = (reference: { $ref: string }): boolean => {
    let fine = true;
    checkOne(value, type.at(reference), { ...check, found: () => (fine = false) }, { path, whole });
    return fine;
  };
  if (node.elements.some(fits)) return;
  const names = node.elements.map((element) => spell(type.at(element).node));
  check.found(value.line, `${path} must be one of ${names.join(', ')}`);
};

const spell = (node: TypeNode): string => (node.$type === 'StringLiteralType' ? `'${node.value}'` : node.$type);

const checkDiscriminated = (
  value: Expression,
  node: Node<'DiscriminatedObjectType'>,
  type: DataType,
  check: Check,
  { path, whole }: Place,
): void => {
  if (value.kind !== 'object') {
    if (value.kind !== 'opaque') check.found(value.line, `${path} must be an object`);
    return;
  }
  const named = value.properties.find(({ name }) => name === node.discriminator)?.value;
  const element = named?.kind === 'text' && named.text !== undefined ? node.elements[named.text] : undefined;
  if (!element) {
    check.found(value.line, `${path}.${node.discriminator} must be one of ${Object.keys(node.elements).join(', ')}`);
    return;
  }
  const chosen = type.at(element);
  if (chosen.node.$type !== 'ObjectType') throw new Error(`${path}: an element that is no object`);
  const properties = { ...node.baseProperties, ...chosen.node.properties };
  checkObject(value.properties, { ...chosen, node: { ...chosen.node, properties } }, check, { path, whole }, value.line);
};

const OF_KIND = { StringType: 'string', IntegerType: 'int', BooleanType: 'bool', ArrayType: 'array', ObjectType: 'object' } as const;
const WORDS = { string: 'a string', int: 'a whole number', bool: 'true or false', array: 'an array', object: 'an object' } as const;

const kindOf = (value: Expression): string => {
  const kinds: Partial<Record<Expression['kind'], string>> = {
    text: 'string',
    number: 'int',
    boolean: 'bool',
    array: 'array',
    object: 'object',
  };
  return value.kind === 'opaque' ? value.gives : (kinds[value.kind] ?? 'any');
};

const checkKind = (value: Expression, type: DataType, check: Check, place: Place): void => {
  const { node } = type;
  if (node.$type === 'StringLiteralType') {
    const fits =
      value.kind === 'text' ? value.text === undefined || value.text === node.value : kindOf(value) === 'any' || kindOf(value) === 'string';
    if (!fits) check.found(value.line, `${place.path} must be '${node.value}'`);
    return;
  }
  const wanted = OF_KIND[node.$type as keyof typeof OF_KIND];
  const kind = kindOf(value);
  if (kind !== 'any' && kind !== wanted) {
    check.found(value.line, `${place.path} must be ${WORDS[wanted]}`);
    return;
  }
  if (value.kind === 'text' && node.$type === 'StringType') checkText(value.text, node, value.line, check.found, place.path);
  if (value.kind === 'array' && node.$type === 'ArrayType') {
    for (const item of value.items) checkValue(item, type.at(node.itemType), check, { path: `${place.path}[]`, whole: true });
  }
  if (value.kind === 'object') checkObject(value.properties, type, check, place, value.line);
};

const checkText = (text: string | undefined, node: Node<'StringType'>, line: number, found: Finding, path: string): void => {
  if (text === undefined) return;
  const { pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = node;
  if (pattern !== undefined && !new RegExp(pattern).test(text)) found(line, `${path} must match ${pattern}`);
  if (text.length < minLength || text.length > maxLength) found(line, `${path} must have ${minLength} to ${maxLength} characters`);
};

const checkObject = (properties: readonly Property[], type: DataType, check: Check, place: Place, line: number): void => {
  const { node } = type;
  if (node.$type !== 'ObjectType') return;
  const seen = new Set<string>();
  for (const { name, value, line: at } of properties) {
    const path = `${place.path}.${name}`;
    if (seen.has(name)) check.found(at, `${path} is given twice`);
    seen.add(name);
    const known: PropertyType | undefined = Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
    if (known && (known.flags & READ_ONLY) !== 0) check.found(at, `${path} is read-only`);
    const inner = known?.type ?? node.additionalProperties;
    if (inner) checkValue(value, type.at(inner), check, { path, whole: true });
    else check.found(at, `${path} is not known`);
  }
  if (!place.whole) return;
  for (const [name, { flags }] of Object.entries(node.properties))
    if ((flags & REQUIRED) !== 0 && (flags & READ_ONLY) === 0 && !seen.has(name)) check.found(line, `${place.path}.${name} is missing`);
};

/** What stands at `path` of a type: `[]` is an item. Undefined when there is nothing. */
export const typeAt = (type: DataType, path: readonly string[]): DataType | undefined => {
  const [step, ...rest] = path;
  if (step === undefined || type.node.$type === 'AnyType') return type;
  const { node } = type;
  if (node.$type === 'ArrayType') return step === '[]' ? typeAt(type.at(node.itemType), rest) : undefined;
  if (node.$type !== 'ObjectType') return undefined;
  const next = node.properties[step]?.type ?? node.additionalProperties;
  return next && typeAt(type.at(next), rest);
};
