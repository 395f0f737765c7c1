/** Pure: one object for all JSON objects that are alike, so that what is made of them is made once. */

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether two values as JSON.parse gives them say the same, whatever the order of their names. */
export const isAlike = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let n = 0; n < a.length; n++) if (!isAlike(a[n], b[n])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  let names = 0;
  for (const name in a) {
    if (!Object.hasOwn(b, name) || !isAlike((a as Members)[name], (b as Members)[name])) return false;
    names++;
  }
  return names === Object.keys(b).length;
};

/** More that share a hint are told apart by their texts. */
const MAX_COMPARED = 8;

/** Some that share a hint. */
type Bucket<T> = { few: T[]; byText: Map<string, T> };

const added = <T>({ few, byText }: Bucket<T>, value: T): T => {
  if (few.length < MAX_COMPARED) {
    few.push(value);
    return value;
  }
  const text = JSON.stringify(value);
  const known = byText.get(text) ?? value;
  byText.set(text, known);
  return known;
};

/**
 * Gives for each object the first that was alike. `hintOf`: a text in which objects that are not alike mostly differ; it costs time, and
 * nothing else, where they do not. Many that share a hint are alike only if their names stand in the same order.
 */
export const makeFirstAlike = <T extends object>(hintOf: (value: T) => string): ((value: T) => T) => {
  const buckets = new Map<string, Bucket<T>>();
  return (value) => {
    const hint = hintOf(value);
    const bucket = buckets.get(hint);
    if (!bucket) {
      buckets.set(hint, { few: [value], byText: new Map() });
      return value;
    }
    for (const one of bucket.few) if (isAlike(one, value)) return one;
    return added(bucket, value);
  };
};
