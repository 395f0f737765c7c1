/** Walks a list for a poll: one or more pages of it at a time, each folded as it comes; what the walk learns of upstream is kept. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import { holds, pageSizeOf, withFinding, withPageSeen, type Capabilities, type Capability } from './capabilities.ts';
import { pagesByLinks } from './list-links.ts';
import { EMPTY_MAP, type ListMap } from './list-map.ts';
import { ALL_ACCOUNTS, startWalk, toRequest, type PageAsk } from './page-walk.ts';
import { foldInto, heedPage, type Heard, type LookEffects } from './poll-look.ts';
import { itemKey, type PollMemory, type WalkUnderWay } from './poll-memory.ts';
import { MAX_MISSING } from './poll-options.ts';
import type { LaneView, Waiting } from './poll-view.ts';
import type { PageAnswer } from './page.ts';
import { isLongEnoughToTry, isWorthJumping } from './walk-links.ts';
import { afterAnswer, nextAsks } from './walk-step.ts';

/** What is known of upstream, and how to keep what is learned. */
export type Knowledge = { found: Capabilities };

const TRIALS: readonly Capability[] = ['order', 'range'];

const jumpOf = (found: Capabilities, nowMs: number): Capability | undefined => TRIALS.find((what) => holds(found, what, nowMs) === true);

/** Once one way of jumping is known, no other is tried. */
const untriedOf = (found: Capabilities, nowMs: number): Capability[] =>
  jumpOf(found, nowMs) ? [] : TRIALS.filter((what) => holds(found, what, nowMs) === undefined);

/** Whether remembered links lead to all that is wanted in fewer pages than the list has. What upstream supports is tried out first, where the list is long. */
const areWorthAsking = (map: ListMap | undefined, todo: readonly string[], pageSize: number, untried: readonly Capability[]): boolean => {
  if (!map?.links || (untried.length > 0 && isLongEnoughToTry(map.count, pageSize))) return false;
  const pages = pagesByLinks(map, todo, pageSize);
  return pages !== undefined && pages < Math.ceil((map.count ?? Number.POSITIVE_INFINITY) / pageSize);
};

export type ListLook = { list: string; views: readonly LaneView[]; isWhole: boolean };

/** The walk of this list that is under way, without what no longer waits, or a new one. */
export const openWalk = (memory: PollMemory, { found }: Knowledge, { list, views, isWhole }: ListLook, nowMs: number): WalkUnderWay => {
  const wanted = new Set(views.flatMap(({ waiting }) => waiting.map(({ digits }) => digits)));
  wanted.delete('');
  const old = memory.walks.get(list);
  if (old && (!isWhole || old.walk.tally)) {
    const walk = { ...old.walk, todo: old.walk.todo.filter((digits) => wanted.has(digits)) };
    return { ...old, walk: walk.todo.length === 0 && !walk.tally ? { ...walk, end: 'found' } : walk };
  }
  const todo = [...wanted].sort();
  const map = memory.maps.get(list);
  const untried = untriedOf(found, nowMs);
  const mayJump = isWorthJumping({ list, todo }, map?.count);
  const pageSize = pageSizeOf(found, nowMs);
  const again = areWorthAsking(map, todo, pageSize, untried) ? 'again' : undefined;
  const walk = startWalk({
    list,
    wanted: todo,
    pageSize,
    jumpBy: (mayJump ? jumpOf(found, nowMs) : undefined) ?? again,
    untried,
    tally: isWhole,
  });
  return { walk, startedMs: nowMs, views, unseen: wanted };
};

const learn = (knowledge: Knowledge, answer: PageAnswer, learned: readonly { what: Capability; holds: boolean }[], nowMs: number): void => {
  for (const { what, holds: isTrue } of learned) knowledge.found = withFinding(knowledge.found, what, isTrue, nowMs);
  if (answer.kind !== 'page' || answer.nextLink === undefined) return;
  knowledge.found = withPageSeen(knowledge.found, answer.rows.length, nowMs) ?? knowledge.found;
};

/** One page of a walk. `views`: the lanes that it may show, as they were before it left. */
const readPageOf = async (
  effects: LookEffects,
  memory: PollMemory,
  knowledge: Knowledge,
  views: readonly LaneView[],
  list: string,
  ask: PageAsk,
  permitAsk: PermitAsk,
): Promise<Heard> => {
  const before = memory.walks.get(list);
  if (!before) return 'heard';
  const answer = await effects.readPage(toRequest(before.walk, ask), permitAsk);
  const current = memory.walks.get(list);
  if (answer.kind === 'unheard') return answer.reason;
  if (current) {
    const step = afterAnswer(current.walk, memory.maps.get(list) ?? EMPTY_MAP, ask, answer);
    memory.walks.set(list, { ...current, walk: step.walk });
    memory.maps.set(list, step.map);
    learn(knowledge, answer, step.learned, effects.now());
  }
  if (answer.kind !== 'page') return 'heard';
  for (const { digits } of answer.rows) current?.unseen.delete(digits);
  await heedPage(effects, memory, views, answer);
  return 'heard';
};

/**
 * What the end of a walk says of what it never showed: gone where that is proven and waited for, else to be looked at alone, as many as the
 * walk had pages. The rest of more than that is left to the next walk, which costs no more.
 */
const heedEnd = async (effects: LookEffects, memory: PollMemory, { walk, views, unseen }: WalkUnderWay): Promise<void> => {
  // Without the list of all accounts nothing is known of any of them.
  if (walk.list === ALL_ACCOUNTS && walk.end === 'absent') return;
  const proves = walk.end === 'complete' || walk.end === 'absent';
  for (const view of views) {
    const isGone = ({ isLeaving }: Waiting): boolean => isLeaving && proves;
    const items = view.waiting.filter(({ digits }) => unseen.has(digits));
    const gone = items.filter(isGone);
    const left = items.filter((item) => !isGone(item)).map((item) => itemKey(view.lane.lane, item));
    const missing = left.filter((key) => !memory.missing.has(key));
    for (const key of missing.slice(0, Math.max(MAX_MISSING, walk.pages))) memory.missing.set(key, undefined);
    if (gone.length > 0) await foldInto(effects, view, new Map(gone.map(({ digits }) => [digits, 'gone'])));
  }
};

/** The next pages of a list, at most `most`. Tells each page's fate, and the walk if it has come to its end. */
export const walkOn = async (
  effects: LookEffects,
  memory: PollMemory,
  knowledge: Knowledge,
  look: ListLook,
  permitAsk: PermitAsk,
  most: number,
): Promise<{ heard: Heard[]; ended?: WalkUnderWay }> => {
  const opened = openWalk(memory, knowledge, look, effects.now());
  memory.walks.set(look.list, opened);
  const asks = nextAsks(opened.walk, memory.maps.get(look.list) ?? EMPTY_MAP, most);
  const heard = await Promise.all(asks.map((ask) => readPageOf(effects, memory, knowledge, look.views, look.list, ask, permitAsk)));
  const now = memory.walks.get(look.list);
  if (now?.walk.end === undefined) return { heard };
  memory.walks.delete(look.list);
  await heedEnd(effects, memory, now);
  return { heard, ended: now };
};
