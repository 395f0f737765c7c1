/** Pure: accounts' contents as the judge compares them. Written apart from the product. */

export type Json = { [name: string]: unknown };

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Whether `content` is what `wish` asks for: its values, and nothing where it says null. */
export const fulfils = (content: unknown, wish: unknown): boolean => {
  if (wish === null) return content === undefined;
  if (!isObject(wish)) return content === wish;
  return isObject(content) && Object.keys(wish).every((name) => fulfils(content[name], wish[name]));
};

/** Two wishes, one after the other, as one. */
export const followedBy = (first: Json, then: Json): Json => {
  const both = { ...first };
  for (const [name, value] of Object.entries(then)) {
    const old = both[name];
    both[name] = isObject(value) && isObject(old) ? followedBy(old, value) : value;
  }
  return both;
};

export const contentOf = (text: string): Json => JSON.parse(text) as Json;

/** The content with one more setting that is none of the product's business. */
export const meddledWith = (text: string, mark: string): string => {
  const content = contentOf(text);
  return JSON.stringify({ ...content, foreign: { ...(content['foreign'] as Json | undefined), [mark]: true } });
};

export const hasMark = (text: string, mark: string): boolean => fulfils(contentOf(text), { foreign: { [mark]: true } });
