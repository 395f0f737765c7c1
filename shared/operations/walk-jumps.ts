/** Pure: jumps through a list to the pages that should hold the wanted numbers, each checked by what it shows. */
import { withLink } from './list-links.ts';
import { guessAt, isAscending, withPage, type ListMap } from './list-map.ts';
import { byLinks, endedIfFound, within, type PageAsk, type Step, type Walk } from './page-walk.ts';
import type { Page } from './page.ts';

/** Jumps in a row that miss before even spacing is doubted. */
const MISSES_BEFORE_HALVING = 2;

/** Positions to ask for at once, at most `most`: one page for each stretch of wanted numbers; one only where the place is uncertain. */
export const skipAsks = (walk: Walk, map: ListMap, most: number): PageAsk[] => {
  const asks: PageAsk[] = [];
  let coveredTo = -1;
  for (let index = 0; index < walk.todo.length && asks.length < most;) {
    const guess = guessAt(map, walk.todo, index, walk.pageSize, walk.misses >= MISSES_BEFORE_HALVING);
    if (guess.at >= coveredTo) {
      asks.push({ kind: 'skip', at: guess.at });
      coveredTo = guess.at + walk.pageSize;
      if (!guess.sure) index = firstFrom(walk.todo, index, guess.until);
      else index++;
    } else index++;
  }
  return asks;
};

/** The first wanted number from `until` on: what lies before it hangs on the same uncertain guess. */
const firstFrom = (todo: readonly string[], index: number, until: string | undefined): number => {
  if (until === undefined) return todo.length;
  let next = index + 1;
  while (next < todo.length && (todo[next] ?? '') < until) next++;
  return next;
};

const disorderly = (walk: Walk, map: ListMap): Step => ({ walk: byLinks(walk), map, learned: [{ what: 'order', holds: false }] });

/** Pages that inserts and removals may move a record by while a walk lasts, beside what the list's length tells of them. */
const TOLERATED_PAGES = 4;

/** A page of this walk from well before that shows later keys, or the other way round. */
const contradicts = ({ shown, pageSize }: Walk, at: number, first: string, last: string, count = 0): boolean =>
  shown.some((other) => {
    const far = TOLERATED_PAGES * pageSize + Math.abs(count - (other.count ?? count));
    return (other.at + far < at && other.first > last) || (other.at > at + far && other.last < first);
  });

/** Keys that a page at `at` has passed: between its first and last, or beyond the list's own ends. */
const passed = (key: string, first: string, last: string, at: number, isLast: boolean): boolean =>
  (key >= first || at === 0) && (key <= last || isLast);

export const afterSkip = (walk: Walk, map: ListMap, at: number, page: Page): Step => {
  const keys = page.rows.map(({ digits }) => digits);
  if (!isAscending(keys)) return disorderly(walk, map);
  const [first, last] = [keys[0], keys.at(-1)];
  if (first !== undefined && last !== undefined && contradicts(walk, at, first, last, page.count)) return disorderly(walk, map);
  const count = page.count ?? (first === undefined ? at : map.count);
  const isLast = page.nextLink === undefined && (count === undefined || at + keys.length >= count);
  const todo =
    first === undefined || last === undefined
      ? at === 0
        ? []
        : walk.todo
      : walk.todo.filter((key) => !passed(key, first, last, at, isLast));
  const missed = todo.length === walk.todo.length;
  const shown =
    first === undefined || last === undefined
      ? walk.shown
      : [...walk.shown, { at, first, last, ...(page.count === undefined ? {} : { count: page.count }) }];
  const moved = endedIfFound({ ...walk, todo, shown, pages: walk.pages + 1, misses: missed ? walk.misses + 1 : 0 });
  // More jumps than a list in good order can take: it is not what it seemed.
  if (moved.end === undefined && moved.pages > walk.mostJumps) return disorderly(moved, map);
  return { walk: moved, map: withPage(withLink(map, keys, page.nextLink), at, keys, count), learned: [] };
};

/** A window of as many wanted numbers as fit on a page; others may lie between them. */
export const rangeAsks = (walk: Walk, most: number): PageAsk[] => {
  const size = Math.max(1, walk.pageSize >> Math.min(walk.misses, 8));
  const asks: PageAsk[] = [];
  for (let index = 0; index < walk.todo.length && asks.length < most; index += size) {
    const [from, to] = [walk.todo[index], walk.todo[Math.min(index + size, walk.todo.length) - 1]];
    if (from !== undefined && to !== undefined) asks.push({ kind: 'range', from, to });
  }
  return asks;
};

export const afterRange = (walk: Walk, map: ListMap, ask: PageAsk & { kind: 'range' }, page: Page): Step => {
  const keys = new Set(page.rows.map(({ digits }) => digits));
  if ([...keys].some((key) => !within(key, ask.from, ask.to)))
    return { walk: byLinks(walk), map, learned: [{ what: 'range', holds: false }] };
  const isWhole = page.nextLink === undefined;
  const todo = walk.todo.filter((key) => !(keys.has(key) || (isWhole && within(key, ask.from, ask.to))));
  const missed = todo.length === walk.todo.length;
  const moved = endedIfFound({ ...walk, todo, pages: walk.pages + 1, misses: missed ? walk.misses + 1 : 0 });
  if (moved.end === undefined && moved.pages > walk.mostJumps)
    return { walk: byLinks(moved), map, learned: [{ what: 'range', holds: false }] };
  return { walk: moved, map, learned: [] };
};
