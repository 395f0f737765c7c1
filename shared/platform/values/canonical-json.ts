/** Pure: one text for all JSON that says the same, whatever the order of its keys. */

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** By its first name, what an object's names were last and how they stand in order: the items of an order are mostly alike. */
type Shapes = Map<string, { names: readonly string[]; sorted: readonly string[] }>;

const sortedNames = (value: object, shapes: Shapes): readonly string[] => {
  const names = Object.keys(value);
  const known = shapes.get(names[0] ?? '');
  if (known?.names.length === names.length && names.every((name, n) => name === known.names[n])) return known.sorted;
  const sorted = names.toSorted();
  shapes.set(names[0] ?? '', { names, sorted });
  return sorted;
};

/** Texts that JSON spells as they are. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const MAX_PLAIN = 100;

const spell = (value: unknown): string =>
  typeof value === 'string' && value.length <= MAX_PLAIN && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);

const write = (value: unknown, shapes: Shapes): string => {
  if (isScalar(value)) return spell(value);
  let text = '';
  if (Array.isArray(value)) {
    // An order's 10,000 numbers in one go: nothing in them to sort.
    if (value.every(isScalar)) return JSON.stringify(value);
    for (const item of value) text += `${text === '' ? '' : ','}${write(item, shapes)}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const name of sortedNames(members, shapes)) {
    const member = members[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${spell(name)}:${write(member, shapes)}`;
  }
  return `{${text}}`;
};

/** `value` as JSON with sorted keys. Takes what JSON.parse gives, nested within reason. */
export const canonicalJson = (value: unknown): string => write(value, new Map());
