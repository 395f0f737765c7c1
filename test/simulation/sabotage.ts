/** Ways to break the protocol on purpose. Each must be caught, else the checker is blind. */
import type { AcceptOperation } from '../../shared/operations/accept-operation.ts';
import type { LaneStore } from '../../shared/operations/lane-store.ts';
import type { ExpandEnded } from '../../shared/operations/expand-ended.ts';
import type { TakePermit } from '../../shared/platform/budget/permit.ts';
import type { CallUpstream } from '../../shared/platform/upstream/call.ts';
import type { Batch, Flying } from '../../shared/operations/model.ts';
import type { OwnParts } from '../../shared/operations/own-settings.ts';
import type { NumberIndex } from '../../shared/operations/number-index.ts';
import type { Row, RowStore } from '../../shared/platform/tables/row-store.ts';
import type { Post } from '../../shared/platform/outbound/post-call.ts';
import { notDue, type DueKind } from '../../shared/platform/tables/due.ts';
import type { Random } from './scheduler.ts';

/** Each with the violation that it must show as. */
export const SABOTAGES = {
  'event outside the state transaction': /of \d+ events|ended with 0 events|misses/,
  'due row deleted before its effect': /is not at rest|is still/,
  'new repeatability pair per try': /under two pairs/,
  'a verdict taken from another batch': /never synced|never said so/,
  'two requests on one number overlapping': /overlap/,
  'a transaction over budget': /rows, limit 90/,
  'a number put without being claimed': /is held by .* as well/,
  'a stop that the pump does not heed': /while it was stopped/,
  'a held order put into the line at once': /left before its time/,
  'a cancel that ends what is in flight': /is canceled but was sent/,
  'an account written without its ETag': /lost m\d+/,
  'work let past a removal that is not proven': /on its way out|holds nothing|UpstreamRejected/,
  'an account merged anew under its old pair': /used for two bodies/,
  'an event logged without its id': /^log .* twice$/,
  'a webhook that counts as delivered whatever came of it': /never got/,
  'a resumed subscription that skips what came meanwhile': /never got/,
  'a replay that loses its cursor': /by replay|never got/,
  'a run that hears of no change': /rotated away|moved from/,
  'a permit used late': /requests in 60 s/,
  "a number sent with its neighbour's settings": /never synced|last accepted was/,
  'the rest of what ended together passed over': /was never told: number/,
  'a number told under a new id each time': /was told twice: number/,
  'no quarantine': /two requests on .* overlap/,
} as const;
export type Sabotage = keyof typeof SABOTAGES;

/** The store with events torn out of their transactions, or with transactions padded over the budget. */
export const sabotagedStore = (store: RowStore, sabotage: Sabotage | undefined): RowStore => {
  if (sabotage === 'event outside the state transaction')
    return {
      ...store,
      commit: async (partition, writes) => {
        const events = writes.filter((write) => write.key.startsWith('evt|'));
        const result = await store.commit(
          partition,
          writes.filter((write) => !events.includes(write)),
        );
        if (result.outcome === 'committed' && events.length > 0) await store.commit(partition, events);
        return result;
      },
    };
  if (sabotage === 'a transaction over budget')
    return {
      ...store,
      commit: (partition, writes) => {
        const padding = Array.from(
          { length: writes.length > 4 ? 90 : 0 },
          (_, n) => ({ kind: 'put', key: `pad|${n}`, value: {} }) as const,
        );
        return store.commit(partition, [...writes, ...padding]);
      },
    };
  return store;
};

const withoutFrozen = ({ frozen: _, ...batch }: Batch): Batch => batch;

/** Whose outcome is unknown may be sent again at once. */
const unquarantined = (flying: Flying): Flying => (flying.why === 'quarantine' ? { ...flying, notBeforeMs: 0 } : flying);

const shifted = (own: OwnParts): OwnParts =>
  new Map([...own].map(([part, one]) => [part, { ...one, payloadOf: [...one.payloadOf.slice(1), one.payloadOf[0] ?? 0] }]));

/** What the pump sees of a lane. */
export const sabotagedPumpLanes = (lanes: LaneStore, sabotage: Sabotage | undefined, now: () => number): LaneStore => {
  if (sabotage === 'an account merged anew under its old pair')
    return {
      ...lanes,
      readBatches: async (lane) => (await lanes.readBatches(lane)).map((row) => ({ ...row, value: withoutFrozen(row.value) })),
    };
  if (sabotage === 'work let past a removal that is not proven')
    return {
      ...lanes,
      readBatches: async (lane) =>
        (await lanes.readBatches(lane)).filter(({ value }) => value.kind !== 'accountDelete' || value.phase !== 'submitted'),
    };
  if (sabotage === "a number sent with its neighbour's settings")
    return {
      ...lanes,
      readOwn: async (operation, parts) => shifted(await lanes.readOwn(operation, parts)),
      readBacklog: async (lane, claimed) =>
        (await lanes.readBacklog(lane, claimed)).map((entry) => ({ ...entry, own: shifted(entry.own) })),
    };
  if (sabotage === 'no quarantine')
    return {
      ...lanes,
      readLane: async (lane) => {
        const row = await lanes.readLane(lane);
        return row && { ...row, value: { ...row.value, flying: row.value.flying.map(unquarantined) } };
      },
    };
  if (sabotage !== 'two requests on one number overlapping') return lanes;
  return {
    ...lanes,
    readBatches: async (lane) => {
      const rows = await lanes.readBatches(lane);
      const blind = (claimedAtMs: number): boolean => now() - claimedAtMs < 5_000;
      return rows.map((row) => (blind(row.value.claimedAtMs) ? { ...row, value: { ...row.value, members: [] } } : row));
    },
  };
};

/** What the poller sees of a lane: blind for everything that is in flight. */
export const sabotagedPollLanes = (lanes: LaneStore, sabotage: Sabotage | undefined): LaneStore => {
  if (sabotage !== 'a verdict taken from another batch') return lanes;
  const isSubmitted = (row: Row<Batch>): boolean => row.value.phase === 'submitted';
  return {
    ...lanes,
    readBatches: async (lane) => (await lanes.readBatches(lane)).filter(isSubmitted),
    readBatchesAfter: async (lane, n) => (await lanes.readBatchesAfter(lane, n)).filter(isSubmitted),
  };
};

export const sabotagedAccept = (accept: AcceptOperation, sabotage: Sabotage | undefined): AcceptOperation =>
  sabotage !== 'a held order put into the line at once' ? accept : (draft, scope) => accept({ ...draft, notBeforeMs: 0 }, scope);

/** What a cancel sees of a lane: nothing of what is in flight. */
export const sabotagedCancelLanes = (lanes: LaneStore, sabotage: Sabotage | undefined): LaneStore => {
  return sabotage === 'a cancel that ends what is in flight' ? { ...lanes, readBatches: () => Promise.resolve([]) } : lanes;
};

export const sabotagedCall = (call: CallUpstream, sabotage: Sabotage | undefined, newPairId: () => string): CallUpstream => {
  if (sabotage === 'an account written without its ETag') return ({ ifMatch: _, ...request }, permit) => call(request, permit);
  if (sabotage !== 'new repeatability pair per try') return call;
  return (request, permit) => call(request.pair ? { ...request, pair: { ...request.pair, id: newPairId() } } : request, permit);
};

/** Deletes a lane's due rows before anything was done about them. */
export const dropDue = async (lanes: LaneStore, lane: string): Promise<void> => {
  const row = await lanes.readLane(lane);
  if (!row) return;
  const due = (['apply', 'fold', 'publish'] as DueKind[]).reduce((times, kind) => notDue(times, kind), row.value.due);
  await lanes.commit(row, { ...row.value, due }, []);
};

export const sabotagedPost = (post: Post, sabotage: Sabotage | undefined): Post => {
  if (sabotage !== 'a webhook that counts as delivered whatever came of it') return post;
  return async (request) => {
    const { durationMs } = await post(request);
    return { outcome: 'answered', status: 204, headers: {}, body: '', bodyTruncated: false, durationMs };
  };
};

const LATEST_USE_MS = 40_000;

/** Permits that lie about before they are used. */
export const sabotagedPermits = (
  takePermit: TakePermit,
  sabotage: Sabotage | undefined,
  { now, sleep, random }: { now: () => number; sleep: (ms: number) => Promise<void>; random: Random },
): TakePermit => {
  if (sabotage !== 'a permit used late') return takePermit;
  return async (ask, waitMs) => {
    const permit = await takePermit(ask, waitMs);
    if (!permit || random.chance(0.7)) return permit;
    await sleep(random.between(0, LATEST_USE_MS));
    return { usableUntilMs: now() + 1_000 };
  };
};

/** What publishing does to its lane: the cursor moves past an event of which only a part was told. */
export const sabotagedPublishLanes = (lanes: LaneStore, sabotage: Sabotage | undefined): LaneStore => {
  if (sabotage !== 'the rest of what ended together passed over') return lanes;
  return {
    ...lanes,
    commit: (row, lane, writes) => {
      const { publishedPart, ...rest } = lane;
      return publishedPart === undefined
        ? lanes.commit(row, lane, writes)
        : lanes.commit(row, { ...rest, published: lane.published + 1 } as typeof lane, writes);
    },
  };
};

/** The events of single numbers with ids that no repeat makes again. */
export const sabotagedExpand = (expand: ExpandEnded, sabotage: Sabotage | undefined, newId: () => string): ExpandEnded => {
  if (sabotage !== 'a number told under a new id each time') return expand;
  return async (event, items) => (await expand(event, items)).map((one) => ({ ...one, id: `evt_${newId()}` }));
};

/** The index as a pump sees it that asks nobody. */
export const sabotagedIndex = (index: NumberIndex, sabotage: Sabotage | undefined): NumberIndex => {
  if (sabotage === 'a number put without being claimed') return { ...index, claim: () => Promise.resolve(new Map()) };
  return index;
};
