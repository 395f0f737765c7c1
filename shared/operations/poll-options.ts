/** Pure: the ways in which what waits could be looked at, each with its requests and what it should confirm. */
import { ripeness, type Age } from './poll-age.ts';

export type PollItem = Age & {
  /** Empty for the account itself. */
  digits: string;
  /** It left by itself or with few others: somebody waits for it, not for a heap. */
  isExpress: boolean;
  /** Lists do not show it: only a look at it alone can tell. */
  isMissing: boolean;
  /** When a look at it alone first found it missing as well. */
  soughtMs?: number;
  /** It waits for being gone, which takes a look at it alone or a whole list. */
  isLeaving: boolean;
};

export type PollLane = {
  lane: string;
  partner: string;
  accountName: string;
  /** Its time to be looked at has come. */
  isDue: boolean;
  items: readonly PollItem[];
  unsent: number;
  /** Since when it has had something unsent; counts where `unsent` does. */
  unsentSinceMs: number;
};

/** Of a walk under way: pages still to come, and whether it shows the whole list. */
export type Ahead = { pages: number; isWhole: boolean };

export type PollWorld = {
  nowMs: number;
  lanes: readonly PollLane[];
  pageSize: number;
  /** Pages can be reached without those before them. */
  canJump: boolean;
  /** There is a list of all accounts' numbers. */
  hasAll: boolean;
  /** Records of each list, as last told; the empty name stands for all accounts. */
  counts: ReadonlyMap<string, number>;
  /** Pages that show all that waits of a list by way of remembered links, where those lead to it. */
  reach: ReadonlyMap<string, number>;
  /** Requests of the last minute that were spent before their items were ripe. */
  earlySpent: number;
  /** Lists that are being walked. */
  ahead: ReadonlyMap<string, Ahead>;
};

export type Target =
  | { kind: 'account'; lane: string }
  | { kind: 'single'; lane: string; digits: string }
  /** `isWhole`: every record of the list must be seen, so that what is not there is proven to be gone. */
  | { kind: 'list'; list: string; lanes: readonly string[]; isWhole: boolean };

/** Looked at one by one whatever lists cost. */
const MAX_SINGLES = 3;
/** Missing numbers looked at in one go. */
export const MAX_MISSING = 10;
/** Pages that finding the place in an ordered list takes. */
const SEARCH_PAGES = 2;

/** One way to look at some items: its requests, and what they should confirm. */
export type Option = {
  targets: readonly Target[];
  requests: number;
  /** Expected confirmations. */
  value: number;
  /** How ripe its ripest and its average item are. */
  ripeness: number;
  oldestMs: number;
  youngestMs: number;
  partners: ReadonlySet<string>;
  isExpress: boolean;
  /** The look at all accounts confirms more for its requests. */
  isSecondBest?: boolean;
};

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const optionOf = (
  world: PollWorld,
  targets: readonly Target[],
  requests: number,
  of: readonly [PollLane, readonly PollItem[]][],
): Option => {
  const items = of.flatMap(([, some]) => some);
  const value = sum(items.map((item) => ripeness(item, world.nowMs)));
  return {
    targets,
    requests,
    value,
    ripeness: items.length === 0 ? 0 : value / items.length,
    oldestMs: items.reduce((oldest, { sinceMs }) => Math.min(oldest, sinceMs), Number.POSITIVE_INFINITY),
    youngestMs: items.reduce((youngest, { sinceMs }) => Math.max(youngest, sinceMs), 0),
    partners: new Set(of.map(([{ partner }]) => partner)),
    isExpress: items.every(({ isExpress }) => isExpress),
  };
};

const listed = (lane: PollLane): PollItem[] => lane.items.filter(({ digits, isMissing }) => digits !== '' && !isMissing);
const numbersOf = (lane: PollLane): PollItem[] => listed(lane).filter(({ isLeaving }) => !isLeaving);
const leavingOf = (lane: PollLane): PollItem[] => listed(lane).filter(({ isLeaving }) => isLeaving);

/** The walk under way that such a look would go on with. */
const walkedAs = ({ ahead }: PollWorld, list: string, isWhole: boolean): Ahead | undefined => {
  const walked = ahead.get(list);
  return isWhole && walked?.isWhole === false ? undefined : walked;
};

/** Pages that show all `items` of a list, or all that is in it. */
const pagesFor = (world: PollWorld, list: string, items: number, isWhole: boolean): number => {
  const walked = walkedAs(world, list, isWhole);
  if (walked) return Math.max(1, walked.pages);
  const whole = Math.max(1, Math.ceil(Math.max(world.counts.get(list) ?? 0, isWhole ? 0 : items) / world.pageSize));
  const jumps = Math.ceil(items / world.pageSize) + SEARCH_PAGES;
  if (isWhole) return whole;
  return Math.min(whole, world.canJump ? jumps : (world.reach.get(list) ?? whole));
};

const singlesOf = (world: PollWorld, lane: PollLane, items: readonly PollItem[]): Option[] =>
  items.map((item) => optionOf(world, [{ kind: 'single', lane: lane.lane, digits: item.digits }], 1, [[lane, [item]]]));

/** The cheaper of looking at a lane's numbers one by one and of its list. */
const laneOptions = (world: PollWorld, lane: PollLane, items: readonly PollItem[], isWhole: boolean): Option[] => {
  const pages = pagesFor(world, lane.accountName, items.length, isWhole);
  const isWalked = walkedAs(world, lane.accountName, isWhole) !== undefined;
  if (items.length === 0) return [];
  if (!isWalked && (items.length <= MAX_SINGLES || items.length <= pages)) return singlesOf(world, lane, items);
  return [optionOf(world, [{ kind: 'list', list: lane.accountName, lanes: [lane.lane], isWhole }], pages, [[lane, items]])];
};

/** Ways to look at numbers: all accounts' at once, where that confirms more for its requests, and lane by lane. */
export const numberOptions = (world: PollWorld): { all: Option | undefined; each: Option[] } => {
  const due = world.lanes.filter((lane) => lane.isDue && numbersOf(lane).length > 0);
  const each = due.flatMap((lane) => laneOptions(world, lane, numbersOf(lane), false));
  const waiting = world.lanes.map((lane): [PollLane, PollItem[]] => [lane, numbersOf(lane)]).filter(([, items]) => items.length > 0);
  const whole = Math.ceil(Math.max(world.counts.get('') ?? 0, sum(waiting.map(([, items]) => items.length))) / world.pageSize);
  const pages = world.ahead.get('')?.pages ?? Math.min(whole, world.reach.get('') ?? whole);
  if (!world.hasAll || due.length === 0 || waiting.length < 2) return { all: undefined, each };
  const lanes = waiting.map(([{ lane }]) => lane);
  const all = optionOf(world, [{ kind: 'list', list: '', lanes, isWhole: false }], Math.max(1, pages), waiting);
  const isBetter = all.value * sum(each.map(({ requests }) => requests)) > sum(each.map(({ value }) => value)) * all.requests;
  return { all: isBetter ? all : undefined, each };
};

export const accountOptions = (world: PollWorld, lane: PollLane): Option[] =>
  lane.items
    .filter(({ digits }) => digits === '')
    .map((item) => ({ ...optionOf(world, [{ kind: 'account', lane: lane.lane }], 1, [[lane, [item]]]), isExpress: true }));

export const leavingOptions = (world: PollWorld, lane: PollLane): Option[] => laneOptions(world, lane, leavingOf(lane), true);

/** Those that nobody has looked at alone come first. */
export const missingOptions = (world: PollWorld, lane: PollLane): Option[] => {
  const missing = lane.items.filter(({ digits, isMissing }) => digits !== '' && isMissing);
  return singlesOf(world, lane, missing.sort((a, b) => (a.soughtMs ?? 0) - (b.soughtMs ?? 0)).slice(0, MAX_MISSING));
};
