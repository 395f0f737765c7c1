/**
 * Pure: the fingerprint of a request, the same for all JSON that says the same. An order's 10,000 items are mostly alike, so values are told by
 * columns: the names once, then all values of the first name, of the second, and so on, each column in one text.
 */
import { createHash } from 'node:crypto';

type Members = Record<string, unknown>;

/** Values of one kind. Objects are of one kind when they have the same names. */
type Group =
  | { kind: 'scalars'; values: unknown[] }
  | { kind: 'lists'; values: unknown[] }
  | { kind: 'objects'; sorted: readonly string[]; values: unknown[] };

const kindOf = (value: unknown): Group['kind'] =>
  typeof value !== 'object' || value === null ? 'scalars' : Array.isArray(value) ? 'lists' : 'objects';

const isSame = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
};

/** The group of them all, where they are alike at first sight. */
const oneGroup = (values: unknown[]): Group | undefined => {
  const kind = kindOf(values[0]);
  for (const value of values) if (kindOf(value) !== kind) return undefined;
  if (kind !== 'objects') return { kind, values };
  const names = Object.keys(values[0] as Members);
  for (const value of values) if (!isSame(Object.keys(value as Members), names)) return undefined;
  return { kind, sorted: names.toSorted(), values };
};

const groupNameOf = (value: unknown): string => {
  const kind = kindOf(value);
  return kind === 'objects' ? JSON.stringify(Object.keys(value as Members).toSorted()) : kind;
};

/** The groups in order of their first values, and for each value the place of its group. */
const groupsOf = (values: readonly unknown[]): { groups: Group[]; places: number[] } => {
  const places = new Map<string, number>();
  const groups: Group[] = [];
  const placeOf = (value: unknown): number => {
    const name = groupNameOf(value);
    const place = places.get(name) ?? groups.length;
    if (place === groups.length) {
      const kind = kindOf(value);
      places.set(name, place);
      groups.push(kind === 'objects' ? { kind, sorted: Object.keys(value as Members).toSorted(), values: [] } : { kind, values: [] });
    }
    groups[place]?.values.push(value);
    return place;
  };
  return { places: values.map(placeOf), groups };
};

/** Sees the names of all objects of a kind at once, and how deep a value lies. Throws what it does not want. */
export type Watch = { names: (names: readonly string[]) => void; depth: (depth: number) => void };

type Telling = { put: (text: string) => void; watch: Watch };

const tellGroup = (group: Group, depth: number, telling: Telling): void => {
  const { put, watch } = telling;
  const { values } = group;
  if (group.kind === 'scalars') return put(JSON.stringify(values));
  watch.depth(depth);
  if (group.kind === 'lists') {
    put(`l${JSON.stringify((values as unknown[][]).map((list) => list.length))}`);
    return tell((values as unknown[][]).flat(), depth + 1, telling);
  }
  watch.names(group.sorted);
  put(`o${JSON.stringify(group.sorted)}`);
  for (const name of group.sorted) {
    const column = (values as Members[]).map((value) => value[name]);
    tell(column, depth + 1, telling);
  }
};

/** Fewer are not worth a look whether they are the same. */
const MIN_SHARED = 16;

/** Objects of which many are one and the same: each once, in order of first appearance, and for each value which one it is. */
const sharedOf = ({ kind, values }: Group): { once: unknown[]; places: number[] } | undefined => {
  if (kind !== 'objects' || values.length < MIN_SHARED) return undefined;
  const placeOf = new Map<unknown, number>();
  const places = values.map((value) => {
    const known = placeOf.get(value);
    if (known !== undefined) return known;
    placeOf.set(value, placeOf.size);
    return placeOf.size - 1;
  });
  return placeOf.size > values.length / 2 ? undefined : { once: [...placeOf.keys()], places };
};

/** Each text says by its first character what it is, so that no two columns of as many values are told alike. */
const tell = (values: unknown[], depth: number, telling: Telling): void => {
  if (values.length === 0) return;
  const one = oneGroup(values);
  const shared = one && sharedOf(one);
  if (one && shared) {
    telling.put(`s${JSON.stringify(shared.places)}`);
    return tellGroup({ ...one, values: shared.once }, depth, telling);
  }
  if (one) return tellGroup(one, depth, telling);
  const { groups, places } = groupsOf(values);
  telling.put(`m${JSON.stringify(places)}`);
  for (const group of groups) tellGroup(group, depth, telling);
};

const SEES_NOTHING: Watch = { names: () => undefined, depth: () => undefined };

/** SHA-256 in hex of JSON as JSON.parse gives it. Where it was given to `shareAlike` first it is another digest than where it was not. */
export const digestOf = (value: unknown, watch = SEES_NOTHING): string => {
  const hash = createHash('sha256');
  tell([value], 0, { put: (text) => void hash.update(text), watch });
  return hash.digest('hex');
};

/** The digest of a body that is no JSON. */
export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

/** SHA-256 in hex over query (without api-version, which says how to read a request and not what it wants) and body, by its digest. */
export const requestHash = (query: Readonly<Record<string, string>>, bodyDigest: string | undefined): string =>
  createHash('sha256')
    .update(`${digestOf(query)} ${bodyDigest ?? ''}`)
    .digest('hex');
