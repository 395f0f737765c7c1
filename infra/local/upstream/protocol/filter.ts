/** The filter grammar that the emulator assumes, since nobody published one: `field eq 'value'`, joined by `and`; pure. */

/** A dotted or slashed path into the answered body, and the text it must equal. */
type Condition = { path: string[]; value: string };

export type Filter = (body: unknown) => boolean;

const CONDITION = /^\s*([A-Za-z][\w]*(?:[./][A-Za-z][\w]*)*)\s+eq\s+(?:'((?:[^']|'')*)'|(true|false|\d+))\s*$/;

const toCondition = (text: string): Condition | undefined => {
  const match = CONDITION.exec(text);
  const [, field, quoted, bare] = match ?? [];
  if (field === undefined) return undefined;
  return { path: field.split(/[./]/), value: quoted?.replaceAll("''", "'") ?? bare ?? '' };
};

const valueAt = (body: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    body,
  );

/** Splits at `and` outside quotes. */
const conjuncts = (text: string): string[] =>
  text.match(/(?:'(?:[^']|'')*'|(?!\s+and\s+)[\s\S])+/g)?.map((part) => part.replace(/^\s*and\s+/, '')) ?? [];

/** The predicate of a filter text, or undefined when it is not in the grammar. */
export const parseFilter = (text: string): Filter | undefined => {
  const conditions = conjuncts(text).map(toCondition);
  if (conditions.length === 0 || conditions.includes(undefined)) return undefined;
  const known = conditions.filter((condition) => condition !== undefined);
  return (body) => known.every(({ path, value }) => String(valueAt(body, path)) === value);
};
