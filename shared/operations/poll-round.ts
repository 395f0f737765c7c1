/** One round of polling: reads what waits, plans, asks upstream for the most valuable things at once, and sets when to look again. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { isDefined } from '../platform/values/defined.ts';
import type { CapabilityRow } from './capability-row.ts';
import { reschedule } from './fold-seen.ts';
import { lookAtOne, type Heard, type LookEffects } from './poll-look.ts';
import { itemKey, lookKey, refresh, type PollMemory } from './poll-memory.ts';
import { SETTLED_BY_MS } from './poll-age.ts';
import { STALLED_AFTER_MS, type Ages } from './poll-schedule.ts';
import type { DescribeStall } from './stalled.ts';
import { tellLaneStalled } from './tell-stalled.ts';
import { isQuiet, planPolls, type Planned } from './poll-plan.ts';
import { readView, type LaneView } from './poll-view.ts';
import { walkOn, type Knowledge } from './poll-walk.ts';
import { toPollWorld } from './poll-world.ts';

/** Requests under way at once, so that polling waits for permits and not for answers. */
const MAX_PARALLEL = 24;

export type RoundEffects = LookEffects & { describeStall: DescribeStall } & {
  state: RowStore;
  capabilities: CapabilityRow;
  memory: PollMemory;
};

/** What was heard of a round's requests, and when another round may have something to do; never when nothing waits. */
export type RoundResult = { heard: readonly Heard[]; nextMs: number };

/** Older than any upload: of one partner's orders, this goes first. */
const BEFORE_UPLOADS = 0;

/** Something is due and other things come first, or it would be too early: the next look at that. */
const RETHINK_MS = 2_000;

const agesOf = ({ waiting }: LaneView, nowMs: number): Ages => ({
  oldestMs: nowMs - waiting.reduce((oldest, { sinceMs }) => Math.min(oldest, sinceMs), nowMs),
  youngestMs: waiting.length === 0 ? 0 : nowMs - waiting.reduce((youngest, { sinceMs }) => Math.max(youngest, sinceMs), 0),
});

/** When there may be more to plan: soon, or earlier where all that a lane waits for should have settled. */
const rethinkMs = (views: readonly LaneView[], nowMs: number): number => {
  const settled = views
    .filter(({ isDue, waiting }) => isDue && waiting.length > 0)
    .map((view) => nowMs - agesOf(view, nowMs).youngestMs + SETTLED_BY_MS);
  return Math.min(nowMs + RETHINK_MS, ...settled.filter((atMs) => atMs > nowMs));
};

type Done = { heard: readonly Heard[]; looked: readonly LaneView[] };

/** What outweighs uploads goes before them; the rest takes what they leave. */
const permitAskOf = (planned: Planned, views: readonly LaneView[]): PermitAsk => {
  const partners = new Set(views.map(({ lane }) => lane.partner));
  const [partner] = partners;
  const name = partners.size === 1 && partner !== undefined ? { partner } : {};
  return planned.urgency === 'urgent' ? { permitClass: 'orders', sinceMs: BEFORE_UPLOADS, ...name } : { permitClass: 'polls', ...name };
};

const execute = async (effects: RoundEffects, knowledge: Knowledge, planned: Planned, most: number): Promise<Done> => {
  const { memory } = effects;
  const names = planned.kind === 'list' ? planned.lanes : [planned.lane];
  const views = names.map((name) => memory.views.get(name)).filter(isDefined);
  const [view] = views;
  if (!view) return { heard: [], looked: [] };
  const ask = permitAskOf(planned, views);
  if (planned.kind === 'list') {
    const { heard, ended } = await walkOn(effects, memory, knowledge, { list: planned.list, views, isWhole: planned.isWhole }, ask, most);
    return { heard, looked: ended?.views ?? [] };
  }
  const heard = await lookAtOne(effects, memory, view, planned.kind === 'account' ? '' : planned.digits, ask);
  return { heard: [heard], looked: heard === 'heard' ? [view] : [] };
};

/** Whether lists have left something of it out that is still to be looked at alone. */
const hasUnsought = ({ missing }: PollMemory, { lane, waiting }: LaneView): boolean => {
  if (missing.size === 0) return false;
  const keys = waiting.map((item) => itemKey(lane.lane, item));
  return keys.some((key) => missing.has(key) && missing.get(key) === undefined);
};

/** Sets the next look at every lane that had one, unless more of this look is still to come. */
const rescheduleLooked = async (effects: RoundEffects, looked: readonly LaneView[], startedMs: number, isQuiet: boolean): Promise<void> => {
  const { memory } = effects;
  const open = new Set([...memory.walks.values()].flatMap(({ views }) => views.map(({ lane }) => lane.lane)));
  const isOpen = (view: LaneView): boolean => open.has(view.lane.lane) || hasUnsought(memory, view);
  const done = [...new Map(looked.map((view) => [view.lane.lane, view])).values()].filter((view) => !isOpen(view));
  await Promise.all(
    done.map(async (view) => {
      try {
        const ages = agesOf(view, effects.now());
        await reschedule(effects, view.lane.lane, startedMs, ages, isQuiet);
        if (ages.oldestMs < STALLED_AFTER_MS) return;
        await tellLaneStalled(effects, view.lane.lane);
        await effects.publishLane(view.lane.lane);
      } catch (error) {
        effects.onFault(view.lane.lane, error);
      }
    }),
  );
};

/** How many pages each planned target may ask for at once: lists that can be reached out of order share what is left. */
const sharesOf = (planned: readonly Planned[]): Map<Planned, number> => {
  const chosen = planned.slice(0, MAX_PARALLEL);
  const lists = chosen.filter(({ kind }) => kind === 'list').length;
  const share = lists === 0 ? 0 : 1 + Math.floor((MAX_PARALLEL - chosen.length) / lists);
  return new Map(chosen.map((one) => [one, one.kind === 'list' ? share : 1]));
};

/** A list is walked once, whole if anybody needs it whole. */
const withoutDoubles = (planned: readonly Planned[]): Planned[] => {
  const whole = new Set(planned.flatMap((one) => (one.kind === 'list' && one.isWhole ? [one.list] : [])));
  return planned.filter((one) => one.kind !== 'list' || one.isWhole || !whole.has(one.list));
};

export const makePollRound = (effects: RoundEffects) => async (): Promise<RoundResult> => {
  const { memory } = effects;
  const startedMs = effects.now();
  const { lanes: views, firstDueMs = Number.POSITIVE_INFINITY } = await readView(effects, memory.views);
  // Nothing is due, so nothing was read: what is remembered stays.
  if (views.length === 0) return { heard: [], nextMs: Math.max(firstDueMs, effects.now()) };
  refresh(memory, views, startedMs);
  const before = await effects.capabilities.read();
  const knowledge: Knowledge = { found: before };
  const world = toPollWorld(
    views,
    {
      walks: memory.walks,
      maps: memory.maps,
      earlySpent: memory.early.length,
      lookOf: (lane, { n }) => memory.looks.get(lookKey(lane, n)),
      isMissing: (lane, item) => memory.missing.has(itemKey(lane, item)),
      soughtAt: (lane, item) => memory.missing.get(itemKey(lane, item)),
    },
    before,
    startedMs,
  );
  const planned = withoutDoubles(planPolls(world));
  const shares = sharesOf(planned);
  const done = await Promise.all(
    [...shares].map(async ([one, most]) => {
      const result = await execute(effects, knowledge, one, most);
      if (one.isEarly) memory.early.push(...result.heard.filter((h) => h === 'heard').map(() => startedMs));
      return result;
    }),
  );
  if (knowledge.found !== before) await effects.capabilities.write(knowledge.found);
  // Nothing of a lane that has nothing left to wait for keeps its time.
  const idle = views.filter(({ isDue, waiting, lane }) => isDue && waiting.length === 0 && !lane.answered.length);
  await rescheduleLooked(effects, [...done.flatMap(({ looked }) => looked), ...idle], startedMs, isQuiet(world));
  return { heard: done.flatMap(({ heard }) => heard), nextMs: rethinkMs(views, effects.now()) };
};
