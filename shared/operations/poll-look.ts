/** One look of a poll at upstream: asks, folds what was shown into every lane that it speaks of, and remembers what it saw unsettled. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import { numberPath } from '../platform/upstream/paths.ts';
import { accountVerdict } from './account-verdict.ts';
import { foldSeen, type FoldSeenEffects } from './fold-seen.ts';
import { syncVerdict } from './sync-verdict.ts';
import { accountRequest } from './page-walk.ts';
import type { Seen } from './poll-fold.ts';
import { itemKey, lookKey, type PollMemory } from './poll-memory.ts';
import type { Sighting } from './poll-verdict.ts';
import type { LaneView, Waiting } from './poll-view.ts';
import type { ReadOne } from './read-one.ts';
import type { Page } from './page.ts';
import type { ReadPage } from './read-page.ts';

export type LookEffects = FoldSeenEffects & {
  readPage: ReadPage;
  readOne: ReadOne;
  /** Hands over the events that polling has made. */
  publishLane: (lane: string) => Promise<void>;
  onFault: (lane: string, error: unknown) => void;
};

/** Not there once may be a list behind its writes; twice, so far apart, is gone. */
const GONE_AFTER_MS = 120_000;

/** Folds into one lane; a fault there is told and stops nobody else. */
export const foldInto = async (effects: LookEffects, view: LaneView, seen: Seen): Promise<void> => {
  const { lane } = view.lane;
  try {
    await foldSeen(effects, lane, view.before, view.lane.batches, seen);
    await effects.publishLane(lane);
  } catch (error) {
    effects.onFault(lane, error);
  }
};

const isUnsettled = ({ digits, isLeaving }: Waiting, sighting: Sighting): boolean => {
  if (typeof sighting !== 'object') return false;
  return isLeaving || (digits === '' ? accountVerdict(sighting) : syncVerdict(sighting)).to === 'submitted';
};

/** Remembers the batches of what was seen and is not settled; what was cut off by a page's end is not counted as seen. */
const noteUnsettled = (memory: PollMemory, view: LaneView, seen: Seen, askedAtMs: number): void => {
  for (const item of view.waiting) {
    const sighting = seen.get(item.digits);
    if (sighting === undefined) continue;
    memory.missing.delete(itemKey(view.lane.lane, item));
    if (isUnsettled(item, sighting)) memory.looks.set(lookKey(view.lane.lane, item.n), askedAtMs);
  }
};

const seenOf = (view: LaneView, page: Page): Seen => {
  const seen = new Map<string, Sighting>();
  for (const { digits, resource } of page.rows) if (view.before.has(digits) && isOf(view, resource)) seen.set(digits, resource);
  return seen;
};

/** A list of all accounts shows others' numbers too. */
const isOf = (view: LaneView, resource: Record<string, unknown>): boolean =>
  resource['accountName'] === undefined || resource['accountName'] === view.lane.accountName;

/** Folds a page into every lane whose numbers it shows. */
export const heedPage = async (effects: LookEffects, memory: PollMemory, views: readonly LaneView[], page: Page): Promise<void> => {
  await Promise.all(
    views.map(async (view) => {
      const seen = seenOf(view, page);
      if (seen.size === 0) return;
      noteUnsettled(memory, view, seen, page.askedAtMs);
      await foldInto(effects, view, seen);
    }),
  );
};

/** A 404 proves at once what waits to be gone; anything else only when it is still so minutes later. */
const goneOf = (memory: PollMemory, view: LaneView, item: Waiting, nowMs: number): Sighting | undefined => {
  const key = itemKey(view.lane.lane, item);
  if (item.isLeaving) {
    memory.missing.delete(key);
    return 'gone';
  }
  const firstMs = memory.missing.get(key);
  if (firstMs !== undefined && nowMs - firstMs >= GONE_AFTER_MS) return 'lost';
  memory.missing.set(key, firstMs ?? nowMs);
  return undefined;
};

export type Heard = 'heard' | 'noPermit' | 'noAnswer';

/** Looks at one number, or at the account itself. */
export const lookAtOne = async (
  effects: LookEffects,
  memory: PollMemory,
  view: LaneView,
  digits: string,
  ask: PermitAsk,
): Promise<Heard> => {
  const { accountName } = view.lane;
  const request = digits === '' ? accountRequest(accountName) : { method: 'GET' as const, path: numberPath(accountName, `+${digits}`) };
  const answer = await effects.readOne(request, ask);
  if (answer.kind === 'unheard') return answer.reason;
  const item = view.waiting.find((one) => one.digits === digits);
  if (!item) return 'heard';
  const sighting = answer.kind === 'one' ? answer.resource : goneOf(memory, view, item, effects.now());
  if (sighting === undefined) return 'heard';
  if (typeof sighting === 'object') noteUnsettled(memory, view, new Map([[digits, sighting]]), answer.askedAtMs);
  await foldInto(effects, view, new Map([[digits, sighting]]));
  return 'heard';
};
