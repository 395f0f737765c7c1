/** Pure: what a walk asks for next, and where it stands after an answer. */
import type { ListMap } from './list-map.ts';
import { ALL_ACCOUNTS, byLinks, type PageAsk, type Step, type Walk } from './page-walk.ts';
import type { PageAnswer } from './page.ts';
import { afterAgain, againAsks, forgetLinks } from './walk-again.ts';
import { afterRange, afterSkip, rangeAsks, skipAsks } from './walk-jumps.ts';
import { afterLink, afterTrial, linkAsk } from './walk-links.ts';

/** Pages to ask for now, at most `most` of them at once; none when the walk has ended. */
export const nextAsks = (walk: Walk, map: ListMap, most: number): PageAsk[] => {
  if (walk.end !== undefined || most < 1) return [];
  if (walk.mode === 'skip') return skipAsks(walk, map, most);
  if (walk.mode === 'range') return rangeAsks(walk, most);
  if (walk.mode === 'again') return againAsks(walk, map, most);
  const ask = linkAsk(walk);
  return ask ? [ask] : [];
};

/** The list of all accounts is not there for us; that of one account may just be gone with it. */
const noList = (walk: Walk): Step['learned'] => (walk.list === ALL_ACCOUNTS ? [{ what: 'all', holds: false }] : []);

const refusedJump = (walk: Walk, map: ListMap): Step => ({
  walk: byLinks({ ...walk, pages: walk.pages + 1 }),
  map,
  learned: [{ what: walk.mode === 'skip' ? 'order' : 'range', holds: false }],
});

/**
 * The walk after the answer to `ask`, which it gave out since it last changed its mode. An answer that tells nothing
 * leaves it where it is, so that it goes on from there.
 */
export const afterAnswer = (walk: Walk, map: ListMap, ask: PageAsk, answer: PageAnswer): Step => {
  const stays: Step = { walk, map, learned: [] };
  if (walk.end !== undefined || answer.kind === 'unheard') return stays;
  if (answer.kind === 'absent') return { ...stays, walk: { ...walk, end: 'absent' }, learned: noList(walk) };
  const isOwnWay = ask.kind === 'first' || ask.kind === 'link';
  if (walk.mode === 'links') {
    if (!isOwnWay) return walk.untried.length > 0 ? afterTrial(walk, map, answer) : stays;
    if (answer.kind === 'page') return afterLink(walk, map, ask, answer);
    // A link that is refused has expired: the list is read from its start. If that is refused too, nothing can be learned.
    return ask.kind === 'link' ? { ...stays, walk: byLinks(walk) } : { ...stays, walk: { ...walk, end: 'end' }, learned: noList(walk) };
  }
  if (isOwnWay) return stays;
  if (walk.mode === 'again') {
    if (ask.kind !== 'again') return stays;
    return answer.kind === 'page' ? afterAgain(walk, map, ask, answer) : forgetLinks({ ...walk, pages: walk.pages + 1 }, map);
  }
  if (answer.kind === 'refused') return refusedJump(walk, map);
  if (ask.kind === 'skip' && walk.mode === 'skip') return afterSkip(walk, map, ask.at, answer);
  if (ask.kind === 'range' && walk.mode === 'range') return afterRange(walk, map, ask, answer);
  return stays;
};
