/** Pure: of all requests that could confirm something now, the ones that confirm most for their number (ADR 0025). */
import { SETTLED_BY_MS, ripeness, type Age } from './poll-age.ts';

export type PollItem = Age & {
  /** Empty for the account itself. */
  digits: string;
  /** It left by itself or with few others: somebody waits for it, not for a heap. */
  isExpress: boolean;
  /** Lists do not show it: only a look at it alone can tell. */
  isMissing: boolean;
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
  /** Lists that are being walked, with the pages still ahead where they are known. */
  ahead: ReadonlyMap<string, number>;
};

/** Urgent: worth more than the uploads that wait for the same permits. */
export type Urgency = 'urgent' | 'calm';
export type Target =
  | { kind: 'account'; lane: string }
  | { kind: 'single'; lane: string; digits: string }
  /** `isWhole`: every record of the list must be seen, so that what is not there is proven to be gone. */
  | { kind: 'list'; list: string; lanes: readonly string[]; isWhole: boolean };
export type Planned = Target & { urgency: Urgency; isEarly: boolean };

const BATCH = 100;
/** Looked at one by one whatever lists cost. */
const MAX_SINGLES = 3;
/** Missing numbers looked at in one go. */
const MAX_MISSING = 10;
/** Requests a minute for early looks while uploads wait, and while none does (a burst must find most of its minute unused). */
const EARLY_WHILE_SENDING = 12;
const EARLY_WHILE_IDLE = 30;
/** From this ripeness on a look is not early any more; a walk of many pages waits until nearly everything has settled. */
const RIPE = 0.97;
const RIPE_FOR_MANY = 0.99;
const MANY_PAGES = 20;
/** A walk of more pages than this is not begun early when everything is about to be settled: it would only be walked twice. */
const FEW_PAGES = 3;
const ABOUT_TO_SETTLE_MS = 10_000;
const SOON_MS = 3_000;
/** Pages that finding the place in an ordered list takes. */
const SEARCH_PAGES = 2;
/** Items that have waited longer no longer stand back behind older uploads. */
export const LONGEST_STANDING_BACK_MS = 300_000;

/** One way to look at some items: its requests, and what they should confirm. */
type Option = {
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

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

/** Pages that show all `items` of a list, or all that is in it. */
const pagesFor = (world: PollWorld, list: string, items: number, isWhole: boolean): number => {
  const known = world.ahead.get(list);
  if (known !== undefined) return Math.max(1, known);
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
  const isWalked = world.ahead.has(lane.accountName);
  if (items.length === 0) return [];
  if (!isWalked && (items.length <= MAX_SINGLES || items.length <= pages)) return singlesOf(world, lane, items);
  return [optionOf(world, [{ kind: 'list', list: lane.accountName, lanes: [lane.lane], isWhole }], pages, [[lane, items]])];
};

/** Ways to look at numbers: all accounts' at once, where that confirms more for its requests, and lane by lane. */
const numberOptions = (world: PollWorld): { all: Option | undefined; each: Option[] } => {
  const due = world.lanes.filter((lane) => lane.isDue && numbersOf(lane).length > 0);
  const each = due.flatMap((lane) => laneOptions(world, lane, numbersOf(lane), false));
  const waiting = world.lanes.map((lane): [PollLane, PollItem[]] => [lane, numbersOf(lane)]).filter(([, items]) => items.length > 0);
  const whole = Math.ceil(Math.max(world.counts.get('') ?? 0, sum(waiting.map(([, items]) => items.length))) / world.pageSize);
  const pages = world.ahead.get('') ?? Math.min(whole, world.reach.get('') ?? whole);
  if (!world.hasAll || due.length === 0 || waiting.length < 2) return { all: undefined, each };
  const lanes = waiting.map(([{ lane }]) => lane);
  const all = optionOf(world, [{ kind: 'list', list: '', lanes, isWhole: false }], Math.max(1, pages), waiting);
  const isBetter = all.value * sum(each.map(({ requests }) => requests)) > sum(each.map(({ value }) => value)) * all.requests;
  return { all: isBetter ? all : undefined, each };
};

const accountOptions = (world: PollWorld, lane: PollLane): Option[] =>
  lane.items
    .filter(({ digits }) => digits === '')
    .map((item) => ({ ...optionOf(world, [{ kind: 'account', lane: lane.lane }], 1, [[lane, [item]]]), isExpress: true }));

const leavingOptions = (world: PollWorld, lane: PollLane): Option[] => laneOptions(world, lane, leavingOf(lane), true);

const missingOptions = (world: PollWorld, lane: PollLane): Option[] =>
  singlesOf(world, lane, lane.items.filter(({ digits, isMissing }) => digits !== '' && isMissing).slice(0, MAX_MISSING));

type Backlog = { numbers: number; uploads: number; lanes: readonly PollLane[] };

const backlogOf = (world: PollWorld): Backlog => {
  const lanes = world.lanes.filter(({ unsent }) => unsent > 0);
  return { lanes, numbers: sum(lanes.map(({ unsent }) => unsent)), uploads: sum(lanes.map(({ unsent }) => Math.ceil(unsent / BATCH))) };
};

/**
 * Splitting the permits between uploads and looks so that the mean wait is least leads to: a look goes first
 * where (what it confirms)² / requests exceeds (what waits to be sent)² / uploads.
 */
const outweighs = (option: Option, { numbers, uploads }: Backlog): boolean =>
  uploads === 0 || option.value ** 2 / option.requests >= numbers ** 2 / uploads;

/**
 * Where all that is unsent was there before these items left, it is the rest of their wave, and nothing new keeps coming:
 * it is sent before they are looked at, so that all of it settles meanwhile.
 */
const standsBack = (option: Option, lanes: readonly PollLane[], nowMs: number): boolean =>
  lanes.length > 0 &&
  nowMs - option.oldestMs < LONGEST_STANDING_BACK_MS &&
  lanes.every(({ unsentSinceMs }) => unsentSinceMs < option.oldestMs);

const isRipe = ({ ripeness: ripe, requests }: Option): boolean => ripe >= (requests > MANY_PAGES ? RIPE_FOR_MANY : RIPE);

/** How an option may go now, if at all. */
const verdictOn = (option: Option, backlog: Backlog, world: PollWorld, earlySpent: number): Planned['urgency'] | 'early' | undefined => {
  const { nowMs } = world;
  const isFree = backlog.uploads === 0;
  const own = backlog.lanes.filter(({ partner }) => option.partners.has(partner));
  const settlesInMs = option.youngestMs + SETTLED_BY_MS - nowMs;
  // Seconds later one look shows everything, and none is left over for another one.
  if (!option.isExpress && settlesInMs > 0 && settlesInMs <= SOON_MS) return undefined;
  // Another partner's uploads are no reason to wait: the budget sees to it that each has its share.
  if (own.length === 0 && isRipe(option)) return 'calm';
  if (!isFree && outweighs(option, backlog) && !standsBack(option, backlog.lanes, nowMs)) return 'urgent';
  if (!option.isExpress && standsBack(option, own, nowMs)) return undefined;
  if (option.isSecondBest === true && !option.isExpress && own.length > 0) return undefined;
  if (option.requests > FEW_PAGES && settlesInMs < ABOUT_TO_SETTLE_MS) return undefined;
  const quota = isFree ? EARLY_WHILE_IDLE : EARLY_WHILE_SENDING;
  const isWorthIt = option.value / option.requests >= earlySpent / quota;
  return isWorthIt && earlySpent + option.requests <= quota ? 'early' : undefined;
};

const byValue = (a: Option, b: Option): number => b.value / b.requests - a.value / a.requests;

/** What to ask for now, most valuable first. Nothing where waiting is worth more. */
export const planPolls = (world: PollWorld): Planned[] => {
  const backlog = backlogOf(world);
  const due = world.lanes.filter(({ isDue }) => isDue);
  let earlySpent = world.earlySpent;
  const { all, each } = numberOptions(world);
  const isAllNow = all && verdictOn(all, backlog, world, earlySpent) !== undefined;
  // Where the look at all stands back for the sake of some, the others are looked at by themselves.
  const numbers = isAllNow ? [all] : each.map((one): Option => ({ ...one, isSecondBest: all !== undefined }));
  const options = [
    ...due.flatMap((lane) => [...accountOptions(world, lane), ...leavingOptions(world, lane), ...missingOptions(world, lane)]),
    ...numbers,
  ];
  const planned: Planned[] = [];
  for (const option of options.filter(({ value }) => value > 0).sort(byValue)) {
    const verdict = verdictOn(option, backlog, world, earlySpent);
    if (verdict === undefined) continue;
    const isEarly = verdict === 'early';
    if (isEarly) earlySpent += option.requests;
    planned.push(...option.targets.map((target): Planned => ({ ...target, urgency: verdict === 'urgent' ? 'urgent' : 'calm', isEarly })));
  }
  return planned;
};

/** How long a minute of early looks lasts. */
export const EARLY_WINDOW_MS = SETTLED_BY_MS;
