/** Pure: of all requests that could confirm something now, the ones that confirm most for their number (ADR 0025). */
import { SETTLED_BY_MS } from './poll-age.ts';
import {
  accountOptions,
  leavingOptions,
  missingOptions,
  numberOptions,
  sum,
  type Option,
  type PollLane,
  type PollWorld,
  type Target,
} from './poll-options.ts';

/** Urgent: worth more than the uploads that wait for the same permits. */
export type Urgency = 'urgent' | 'calm';
export type Planned = Target & { urgency: Urgency; isEarly: boolean };

const BATCH = 100;
/** Requests a minute for early looks while uploads wait, and while none does (a burst must find most of its minute unused). */
const EARLY_WHILE_SENDING = 12;
const EARLY_WHILE_IDLE = 30;
/** While so few wait and nothing is to be sent, looks at them come soon after one another, up to so many requests a minute. */
const QUIET_ITEMS = 3;
const EARLY_WHILE_QUIET = 20;
/** From this ripeness on a look is not early any more. A walk of many pages takes a while itself: what is still settling has settled when its page comes. */
const RIPE = 0.97;
const RIPE_FOR_MANY = 0.9;
const MANY_PAGES = 20;
/** A walk of more pages than this is not begun early when everything is about to be settled: it would only be walked twice. */
const FEW_PAGES = 3;
const ABOUT_TO_SETTLE_MS = 10_000;
const SOON_MS = 3_000;
/** While something is still being removed the list gets shorter and proves nothing; but who always removes something does not wait for ever. */
const LONGEST_WAIT_TO_PROVE_MS = 150_000;
/** Items that have waited longer no longer stand back behind older uploads. */
export const LONGEST_STANDING_BACK_MS = 300_000;

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

/** Somebody waits, and next to nothing else goes on. */
export const isQuiet = ({ lanes }: Pick<PollWorld, 'lanes'>): boolean =>
  lanes.every(({ unsent }) => unsent === 0) && sum(lanes.map(({ items }) => items.length)) <= QUIET_ITEMS;

const isRipe = ({ ripeness: ripe, requests }: Option): boolean => ripe >= (requests > MANY_PAGES ? RIPE_FOR_MANY : RIPE);

/** A long list that is to prove, by all of it, what is gone. */
const isLongProof = ({ targets, requests }: Option): boolean =>
  requests > FEW_PAGES && targets.some((target) => target.kind === 'list' && target.isWhole);

/** How an option may go now, if at all. */
const verdictOn = (option: Option, backlog: Backlog, world: PollWorld, earlySpent: number): Planned['urgency'] | 'early' | undefined => {
  const { nowMs } = world;
  const isFree = backlog.uploads === 0;
  const own = backlog.lanes.filter(({ partner }) => option.partners.has(partner));
  const settlesInMs = option.youngestMs + SETTLED_BY_MS - nowMs;
  // Seconds later one look shows everything, and none is left over for another one.
  if (!option.isExpress && settlesInMs > 0 && settlesInMs <= SOON_MS) return undefined;
  if (isLongProof(option) && settlesInMs > 0 && nowMs - option.oldestMs < LONGEST_WAIT_TO_PROVE_MS) return undefined;
  // Another partner's uploads are no reason to wait: the budget sees to it that each has its share.
  if (own.length === 0 && isRipe(option)) return 'calm';
  if (!isFree && outweighs(option, backlog) && !standsBack(option, backlog.lanes, nowMs)) return 'urgent';
  if (!option.isExpress && standsBack(option, own, nowMs)) return undefined;
  if (option.isSecondBest === true && !option.isExpress && own.length > 0) return undefined;
  if (option.requests > FEW_PAGES && settlesInMs < ABOUT_TO_SETTLE_MS) return undefined;
  if (option.isExpress && isQuiet(world) && earlySpent + option.requests <= EARLY_WHILE_QUIET) return 'early';
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
