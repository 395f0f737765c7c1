/** A JSON body -> the text or bytes of one that is wrong, or merely odd. */
import { below, pick, type Random } from './chance.ts';
import { PROTOTYPE_KEYS, UNKNOWN_KEYS, VALUES } from './hostile.ts';

/** `mustFail`: no server may take it, whatever the route. */
export type MutatedBody = { what: string; body: string | Uint8Array; mustFail: boolean };

type Step = string | number;
type Tree = Record<string, unknown> | unknown[];

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Every place below `value`, itself left out. */
export const placesIn = (value: unknown, path: readonly Step[] = []): Step[][] =>
  isTree(value)
    ? Object.entries(value).flatMap(([key, inner]) => {
        const here = [...path, Array.isArray(value) ? Number(key) : key];
        return [here, ...placesIn(inner, here)];
      })
    : [];

/** A copy of `root` in which `change` was done to what holds the place, by its last step. */
const changed = (root: unknown, path: readonly Step[], change: (holder: Tree, step: Step) => void): unknown => {
  const copy = structuredClone(root);
  const last = path.at(-1);
  const holder = path.slice(0, -1).reduce<unknown>((inner, step) => (inner as Record<Step, unknown>)[step], copy);
  if (last !== undefined && isTree(holder)) change(holder, last);
  return copy;
};

const put = (value: unknown) => (holder: Tree, step: Step) => void ((holder as Record<Step, unknown>)[step] = value);
const drop = (holder: Tree, step: Step): void => {
  if (Array.isArray(holder)) holder.splice(Number(step), 1);
  else Reflect.deleteProperty(holder, step);
};

const valueAt = (root: unknown, path: readonly Step[]): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<Step, unknown>)[step], root);

type Mutation = (random: Random, body: unknown) => MutatedBody;

const odd = (what: string, value: unknown): MutatedBody => ({ what, body: JSON.stringify(value), mustFail: false });
const broken = (what: string, body: string | Uint8Array): MutatedBody => ({ what, body, mustFail: true });

const wrongValue: Mutation = (random, body) => {
  const place = pick(random, placesIn(body));
  return odd(`/${place.join('/')} replaced`, changed(body, place, put(pick(random, VALUES))));
};
const missing: Mutation = (random, body) => {
  const place = pick(random, placesIn(body));
  return odd(`/${place.join('/')} missing`, changed(body, place, drop));
};
const unknownKey: Mutation = (random, body) =>
  odd('a property that nobody knows', { ...(body as object), [pick(random, UNKNOWN_KEYS)]: pick(random, VALUES) });
const swapped: Mutation = (random, body) => {
  const places = placesIn(body);
  const [one, other] = [pick(random, places), pick(random, places)];
  return odd(`/${one.join('/')} from /${other.join('/')}`, changed(body, one, put(valueAt(body, other))));
};
const manyMore: Mutation = (random, body) => {
  const lists = placesIn(body).filter((place) => Array.isArray(valueAt(body, place)));
  if (lists.length === 0) return wrongValue(random, body);
  const place = pick(random, lists);
  const item = (valueAt(body, place) as unknown[])[0] ?? 'x';
  return odd(`/${place.join('/')} of 2000`, changed(body, place, put(Array.from({ length: 2_000 }, () => item))));
};
const otherRoot: Mutation = (random) => odd('another root', pick(random, VALUES));

/** As text, so that the key is really there. */
const pollution: Mutation = (random, body) => {
  const key = pick(random, PROTOTYPE_KEYS);
  const text = JSON.stringify(body);
  return broken(`a key ${key}`, `{"${key}":{"polluted":true}${text === '{}' ? '}' : `,${text.slice(1)}`}`);
};
const deep: Mutation = (random) => broken('deep nesting', '{"a":'.repeat(1_000 + below(random, 20_000)));
const deepButClosed: Mutation = (random) => {
  const depth = 100 + below(random, 5_000);
  return broken('deep nesting that is closed', `${'['.repeat(depth)}${']'.repeat(depth)}`);
};
const huge: Mutation = () => broken('more than any route takes', `{"a":"${'x'.repeat(6_000_000)}"}`);
const cut: Mutation = (random, body) => {
  const text = JSON.stringify(body);
  return broken('cut off', text.slice(0, Math.max(1, below(random, text.length - 1))));
};
const notUtf8: Mutation = (random, body) => {
  const bytes = Buffer.from(JSON.stringify(body));
  bytes[below(random, bytes.length)] = 0xff;
  return broken('not UTF-8', bytes);
};
const utf16: Mutation = (_random, body) => broken('UTF-16', Buffer.from(`\ufeff${JSON.stringify(body)}`, 'utf16le'));
const noJson: Mutation = (random) =>
  broken(
    'no JSON',
    pick(random, ['{', 'NaN', "{'a':1}", '{"a":1,}', '\u0000', 'a=1&b=2', '<xml/>', '{"a":01}', '"\\ud800', '{}{}', '// x\n{}']),
  );

const EVERY_BODY: readonly Mutation[] = [otherRoot, deep, deepButClosed, noJson, utf16];
const WITH_PLACES: readonly Mutation[] = [
  wrongValue,
  wrongValue,
  wrongValue,
  wrongValue,
  missing,
  missing,
  swapped,
  manyMore,
  cut,
  notUtf8,
];
const OF_OBJECTS: readonly Mutation[] = [unknownKey, pollution];

/** Large ones are rare: they take time, not imagination. */
const HUGE_SHARE = 0.004;

export const mutateBody = (random: Random, body: unknown): MutatedBody => {
  if (random() < HUGE_SHARE) return huge(random, body);
  const fitting = [
    ...EVERY_BODY,
    ...(placesIn(body).length > 0 ? WITH_PLACES : []),
    ...(isTree(body) && !Array.isArray(body) ? OF_OBJECTS : []),
  ];
  return pick(random, fitting)(random, body);
};
