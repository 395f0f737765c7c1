/** Pure: a walk that asks again for links given out before, where wanted numbers should come after them; each page is checked by what it shows. */
import { linkBefore, linksTo, runsOf, withLink, withoutLinks } from './list-links.ts';
import type { ListMap } from './list-map.ts';
import { byLinks, endedIfFound, mapWith, type PageAsk, type Step, type Walk } from './page-walk.ts';
import type { Page } from './page.ts';

/** So many numbers may be passed by on a page before its order is doubted: lists may lag behind writes. */
const TOLERATED = 3;

/** One page for each remembered link that wanted numbers come after, at most `most`. */
export const againAsks = (walk: Walk, map: ListMap, most: number): PageAsk[] =>
  (linksTo(map, walk.todo) ?? []).slice(0, most).map(({ link }): PageAsk => ({ kind: 'again', ...link }));

/** Goes on from the first page where links do not lead to all that is left. */
const goOn = (walk: Walk, map: ListMap): Walk => (walk.end !== undefined || linksTo(map, walk.todo) ? walk : byLinks(walk));

/** The links are not what they were: expired, or of a list in another order. */
export const forgetLinks = (walk: Walk, map: ListMap): Step => ({ walk: byLinks(walk), map: withoutLinks(map), learned: [] });

/** What one page showed of the stretch after its link. */
type Stretch = { shown: ReadonlySet<string>; from: string; to: string; isEnd: boolean };

/** Undefined where the page is in no order. */
const stretchOf = ({ after }: { after: string }, page: Page): Stretch | undefined => {
  const keys = page.rows.map(({ digits }) => digits);
  const runs = runsOf(keys);
  if (runs.length > 2) return undefined;
  const [first = after, last = after] = [runs[0]?.[0], runs[0]?.at(-1)];
  // Inserts and removals elsewhere may have moved what the link shows.
  const from = first > after ? after : first;
  return { shown: new Set(keys), from, to: last, isEnd: runs.length !== 1 || page.nextLink === undefined || last <= after };
};

/** After a page asked for by a remembered link. Numbers that it should have shown and did not are looked at alone, unless they are many. */
export const afterAgain = (walk: Walk, before: ListMap, ask: PageAsk & { kind: 'again' }, page: Page): Step => {
  const stretch = stretchOf(ask, page);
  const keys = new Set(page.rows.map(({ digits }) => digits));
  const seen: Walk = { ...walk, pages: walk.pages + 1, todo: walk.todo.filter((key) => !keys.has(key)) };
  if (!stretch || seen.pages > walk.mostJumps) return forgetLinks(seen, before);
  const { shown, from, to, isEnd } = stretch;
  const passed = (key: string): boolean => key > from && key <= to;
  const missed = seen.todo.filter(passed).length;
  if (missed > Math.max(TOLERATED, walk.todo.filter((key) => shown.has(key)).length)) return forgetLinks(seen, before);
  const map = withLink(mapWith(before, page.count), [...shown], page.nextLink, ask.after);
  const left = seen.todo.filter((key) => !passed(key));
  const isStuck = (key: string): boolean => isEnd && key > ask.after && linkBefore(map, key)?.after === ask.after;
  const stuck = left.filter(isStuck).length;
  // What comes after the end of a list is not listed, or the list goes round there: whichever way of finding out is cheaper.
  if (stuck > Math.max(TOLERATED, (map.count ?? 0) / walk.pageSize)) return { walk: byLinks({ ...seen, todo: left }), map, learned: [] };
  const moved = endedIfFound({ ...seen, todo: left.filter((key) => !isStuck(key)) });
  return { walk: goOn(moved, map), map, learned: [] };
};
