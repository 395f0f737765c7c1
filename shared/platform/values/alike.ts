/** Pure: one object for all JSON objects of a list that are alike, so that what is made of them is made once. */
import { canonicalJson } from './canonical-json.ts';

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

const areAlikeLists = (a: readonly unknown[], b: readonly unknown[]): boolean => {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (!isAlike(a[n], b[n])) return false;
  return true;
};

/** Whether two values as JSON.parse gives them say the same, whatever the order of their names. */
export const isAlike = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && areAlikeLists(a, b);
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!Object.hasOwn(b, name) || !isAlike(a[name], b[name])) return false;
  return true;
};

const isBetter = (text: unknown, hint: string): text is string =>
  typeof text === 'string' && (text.length > hint.length || (text.length === hint.length && text > hint));

/** The longest text in an object or in the objects right in it: objects that are not alike mostly differ in it, since ids are long. */
const hintOf = (value: Members): string => {
  let hint = '';
  for (const name in value) {
    const member = value[name];
    if (isBetter(member, hint)) hint = member;
    else if (isObject(member)) for (const inner in member) if (isBetter(member[inner], hint)) hint = member[inner];
  }
  return hint;
};

/** More that share a hint are told apart by their texts: to compare each with each would take the square of their number. */
const MAX_COMPARED = 8;

type Bucket = { few: Members[]; byText: Map<string, Members> };

const firstIn = ({ few, byText }: Bucket, value: Members): Members => {
  for (const one of few) if (isAlike(one, value)) return one;
  if (few.length < MAX_COMPARED) {
    few.push(value);
    return value;
  }
  const text = canonicalJson(value);
  const known = byText.get(text) ?? value;
  byText.set(text, known);
  return known;
};

/** Gives for an object the first that was alike. */
const makeFirstAlike = (): ((value: Members) => Members) => {
  const buckets = new Map<string, Bucket>();
  return (value) => {
    const hint = hintOf(value);
    const bucket = buckets.get(hint);
    if (bucket) return firstIn(bucket, value);
    buckets.set(hint, { few: [value], byText: new Map() });
    return value;
  };
};

/** Changes the objects of `list`: those members of theirs that are objects and, under one name, alike become one object. Nobody may change them afterwards. */
const shareMembers = (list: readonly unknown[]): void => {
  const firsts = new Map<string, (value: Members) => Members>();
  for (const item of list) {
    if (!isObject(item)) continue;
    for (const name in item) {
      const member = item[name];
      if (!isObject(member)) continue;
      let first = firsts.get(name);
      if (!first) firsts.set(name, (first = makeFirstAlike()));
      item[name] = first(member);
    }
  }
};

/** The same for each list that stands right in `value`: an order's items have their settings so. */
export const shareAlike = (value: unknown): void => {
  if (isObject(value)) for (const member of Object.values(value)) if (Array.isArray(member)) shareMembers(member);
};
