/** Pure: a list followed by its links; its second page is asked for in other ways first, to learn what upstream supports. */
import type { Capability } from './capabilities.ts';
import { goingRound, runsOf, withFirstPage, withLink, withoutLinks } from './list-links.ts';
import { isAscending, withPage, type ListMap } from './list-map.ts';
import { ALL_ACCOUNTS, byLinks, endedIfFound, mapWith, within, type Learned, type PageAsk, type Step, type Walk } from './page-walk.ts';
import type { Page, PageAnswer } from './page.ts';
import { isComplete, isInVain, needsRecount, newTally, tallied } from './walk-tally.ts';

/** Shorter lists are not worth a trial. */
const PAGES_WORTH_A_TRIAL = 3;
/** Bounds a walk whose links never end. */
const MOST_PAGES = 4_000;

/** A list of unknown length is. */
export const isLongEnoughToTry = (count: number | undefined, pageSize: number): boolean =>
  (count ?? Number.POSITIVE_INFINITY) > PAGES_WORTH_A_TRIAL * pageSize;

const keysOf = (page: Page): string[] => page.rows.map(({ digits }) => digits);

/** A window of wanted numbers, for trying a range. */
const windowOf = ({ todo, pageSize }: Walk): { from: string; to: string } => ({
  from: todo[0] ?? '',
  to: todo[Math.min(pageSize, todo.length) - 1] ?? '',
});

export const linkAsk = (walk: Walk): PageAsk | undefined => {
  if (!walk.begun || walk.tally?.isRecounting === true) return { kind: 'first' };
  const [trial] = walk.untried;
  if (trial === 'order') return { kind: 'skip', at: walk.firstKeys.length - 1 };
  if (trial === 'range') return { kind: 'range', ...windowOf(walk) };
  return walk.next === undefined ? undefined : { kind: 'link', url: walk.next };
};

const begunAnew = (walk: Walk): Walk => ({ ...byLinks(walk), ...(walk.tally ? { tally: newTally(walk.tally.restarts + 1) } : {}) });

const withoutSeen = (walk: Walk, page: Page): Walk => {
  const seen = new Set(keysOf(page));
  return { ...walk, pages: walk.pages + 1, todo: walk.todo.filter((key) => !seen.has(key)) };
};

/** What is still worth trying after the first page; a list that shows no order is not asked about it again. */
const trials = (walk: Walk, page: Page): { untried: readonly Capability[]; learned: readonly Learned[] } => {
  const isLong = page.nextLink !== undefined && isLongEnoughToTry(page.count, page.rows.length);
  if (!isLong || page.rows.length < 2) return { untried: [], learned: [] };
  if (!walk.untried.includes('order') || isAscending(keysOf(page))) return { untried: walk.untried, learned: [] };
  return { untried: walk.untried.filter((what) => what !== 'order'), learned: [{ what: 'order', holds: false }] };
};

/** The links of a list whose keys ascend are kept, wherever it begins; where they go down twice it is in no order. */
const remembered = (
  walk: Walk,
  map: ListMap,
  ask: PageAsk,
  page: Page,
): { descents: number; lastKey: { lastKey?: string }; known: ListMap } => {
  const keys = keysOf(page);
  const runs = runsOf(walk.lastKey === undefined ? keys : [walk.lastKey, ...keys]).length;
  const descents = walk.descents + Math.max(0, runs - 1);
  const last = keys.at(-1);
  const linked = withLink(map, keys, page.nextLink);
  const began = ask.kind === 'first' ? withFirstPage(linked) : linked;
  const known = descents > 1 ? withoutLinks(map) : descents === 1 ? goingRound(began) : began;
  return { descents, lastKey: last === undefined ? {} : { lastKey: last }, known };
};

/** Where a walk goes on after its page, or how it ends. */
const walkAfter = (walk: Walk): Walk => {
  const { tally } = walk;
  const isOver = walk.next === undefined || walk.pages >= MOST_PAGES;
  if (!isOver) return isInVain(tally) ? begunAnew(walk) : endedIfFound(walk);
  if (needsRecount(tally)) return { ...walk, tally: { ...tally, isRecounting: true } };
  return { ...walk, end: isComplete(tally) ? 'complete' : 'end' };
};

/** The first page once more, for its count alone. */
const afterRecount = (walk: Walk, map: ListMap, page: Page): Step => {
  const tally = walk.tally && tallied(walk.tally, page, false);
  const end = isComplete(tally) ? 'complete' : 'end';
  return { walk: { ...withoutSeen(walk, page), ...(tally ? { tally } : {}), end }, map: mapWith(map, page.count), learned: [] };
};

/** After a page that the list's own links led to. */
export const afterLink = (walk: Walk, map: ListMap, ask: PageAsk, page: Page): Step => {
  if (walk.tally?.isRecounting === true) return afterRecount(walk, map, page);
  const { next: _, ...rest } = withoutSeen(walk, page);
  const next = page.nextLink !== undefined && !(ask.kind === 'link' && ask.url === page.nextLink) ? { next: page.nextLink } : {};
  const { untried, learned } = ask.kind === 'first' ? trials(walk, page) : { untried: [], learned: [] };
  const tally = walk.tally && { tally: tallied(walk.tally, page, !walk.begun) };
  const { descents, lastKey, known } = remembered(walk, map, ask, page);
  const moved: Walk = {
    ...rest,
    ...next,
    ...tally,
    ...lastKey,
    descents,
    begun: true,
    untried,
    firstKeys: untried.length > 0 ? keysOf(page) : [],
  };
  return { walk: walkAfter(moved), map: mapWith(known, page.count), learned };
};

const provesOrder = (walk: Walk, page: Page): boolean => {
  const keys = keysOf(page);
  return keys.length > 1 && isAscending(keys) && keys[0] === walk.firstKeys.at(-1);
};

/** Only rows of the window, though the list's first page has others: the filter was not ignored. */
const provesRange = (walk: Walk, page: Page): boolean => {
  const { from, to } = windowOf(walk);
  const inside = (key: string): boolean => within(key, from, to);
  return page.rows.length > 0 && keysOf(page).every(inside) && walk.firstKeys.some((key) => !inside(key));
};

/** What waits is spread over the list of all accounts: unless it is most of that list, jumps would save nothing. */
export const isWorthJumping = ({ list, todo }: Pick<Walk, 'list' | 'todo'>, count: number | undefined): boolean =>
  list !== ALL_ACCOUNTS || (count !== undefined && 2 * todo.length >= count);

/** After a page that was asked for in a way that upstream may not support; whatever it shows counts as seen. */
export const afterTrial = (walk: Walk, map: ListMap, answer: PageAnswer): Step => {
  const [what] = walk.untried;
  if (what === undefined || answer.kind === 'unheard') return { walk, map, learned: [] };
  const page = answer.kind === 'page' ? answer : undefined;
  const seen = page ? withoutSeen(walk, page) : { ...walk, pages: walk.pages + 1 };
  if (!page || !(what === 'order' ? provesOrder(walk, page) : provesRange(walk, page))) {
    const untried = walk.untried.slice(1);
    return { walk: endedIfFound({ ...seen, untried }), map, learned: [{ what, holds: false }] };
  }
  const mode = !isWorthJumping(seen, page.count) ? 'links' : what === 'order' ? 'skip' : 'range';
  const jumping: Walk = endedIfFound({ ...seen, mode, untried: [], firstKeys: [] });
  const first = withPage(map, 0, walk.firstKeys, page.count);
  const known = what === 'order' ? withPage(first, walk.firstKeys.length - 1, keysOf(page), page.count) : map;
  return { walk: jumping, map: known, learned: [{ what, holds: true }] };
};
