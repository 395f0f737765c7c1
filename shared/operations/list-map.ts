/** Pure: what is remembered of an ordered list: which key stood at which position, and where a key is to be expected. */

/** A key (digits) and the position at which it was last seen. */
export type Anchor = { at: number; key: string };

/** A link that a page gave out whose last key was `after`; both are empty for the list's first page. */
export type RememberedLink = { after: string; url: string };

export type ListMap = {
  /** Records in the whole list, as last told. */
  count?: number;
  /** In ascending order of key and position. */
  anchors: readonly Anchor[];
  /** Difference of neighbouring keys on the page seen last. */
  spacing?: number;
  /** Of a list whose keys ascend, wherever it begins: in ascending order. */
  links?: readonly RememberedLink[];
  /** It was seen to begin somewhere and to go round: what its first page shows is a matter of chance. */
  goesRound?: boolean;
};

export const EMPTY_MAP: ListMap = { anchors: [] };

/** Longest telephone number (E.164). */
const MAX_DIGITS = 15;
/** Keys compare as texts; padded, their values compare alike. */
const valueOf = (key: string): number => Number(key.padEnd(MAX_DIGITS, '0'));

/** Strictly: a key that comes twice does not ascend. */
export const isAscending = (keys: readonly string[]): boolean => keys.every((key, n) => n === 0 || (keys[n - 1] ?? '') < key);

const withCount = (map: ListMap, count: number | undefined): ListMap => (count === undefined ? map : { ...map, count });

/** The map after a page of ascending `keys` that began at position `at`; what contradicts it is forgotten. */
export const withPage = (map: ListMap, at: number, keys: readonly string[], count?: number): ListMap => {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined) return withCount(map, count);
  const end = at + keys.length - 1;
  const before = map.anchors.filter((a) => a.key < first && a.at < at);
  const after = map.anchors.filter((a) => a.key > last && a.at > end);
  const here: Anchor[] =
    keys.length === 1
      ? [{ at, key: first }]
      : [
          { at, key: first },
          { at: end, key: last },
        ];
  const spacing = keys.length === 1 ? map.spacing : (valueOf(last) - valueOf(first)) / (keys.length - 1);
  return { ...withCount(map, count), anchors: [...before, ...here, ...after], ...(spacing === undefined ? {} : { spacing }) };
};

/** How many of the ascending `keys` come before `key`. */
export const rankOf = (keys: readonly string[], key: string): number => {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

export type Guess = {
  at: number;
  /** Whether the key should stand at `at` or within half a page after it. */
  sure: boolean;
  /** The nearest known key after it: what lies before that shares this guess. */
  until: string | undefined;
};

/** Where `todo[index]` is to be expected; all of the ascending `todo` are taken to be in the list. `halve` doubts even spacing. */
export const guessAt = (map: ListMap, todo: readonly string[], index: number, pageSize: number, halve: boolean): Guess => {
  const key = todo[index] ?? '';
  const keys = map.anchors.map((a) => a.key);
  const above = rankOf(keys, key);
  const exact = map.anchors[above]?.key === key ? map.anchors[above] : undefined;
  if (exact) return { at: exact.at, sure: true, until: key };
  const [low, high] = [map.anchors[above - 1], map.anchors[above]];
  // The wanted keys between the anchor and this one take a place each.
  const least = low ? low.at + 1 + index - rankOf(todo, low.key) - (todo[rankOf(todo, low.key)] === low.key ? 1 : 0) : index;
  const beyond = high ? rankOf(todo, high.key) - index - 1 : todo.length - index - 1;
  const most = Math.max(least, (high ? high.at : (map.count ?? Number.POSITIVE_INFINITY)) - 1 - beyond);
  const spaced = spacedGuess(map, low, high, valueOf(key), least);
  const even = halve && Number.isFinite(most) ? (least + most) / 2 : spaced;
  const at = Math.floor(Math.min(most, Math.max(least, even)));
  const isNear = most - least <= pageSize / 2 || (low !== undefined && at - least <= pageSize / 2);
  if (isNear) return { at: least, sure: true, until: high?.key };
  if (!low) return { at, sure: false, until: high?.key };
  return { at: at === most ? most : Math.max(least, at - Math.floor(pageSize / 4)), sure: false, until: high?.key };
};

const spacedGuess = (map: ListMap, low: Anchor | undefined, high: Anchor | undefined, value: number, least: number): number => {
  if (low && high) {
    const [from, to] = [valueOf(low.key), valueOf(high.key)];
    return low.at + ((high.at - low.at) * (value - from)) / Math.max(1, to - from);
  }
  if (low && map.spacing !== undefined && map.spacing > 0) return low.at + (value - valueOf(low.key)) / map.spacing;
  return least;
};
