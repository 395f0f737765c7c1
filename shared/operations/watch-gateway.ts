/** Notes what requests to the gateway lead to, for all instances together, and tells the operator when a trouble has lasted and when it is over. */
import { withEvent } from '../platform/lanes/lane.ts';
import { moveDue } from '../platform/tables/due.ts';
import { laneKey, lanePartition } from '../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { UpstreamOutcome } from '../platform/upstream/call.ts';
import { GATEWAY_LANE, type GatewayHealth, type GatewayLane, isTroubled, joined, newsOf, noted, UNTROUBLED } from './gateway-health.ts';

/** How often one instance writes what it has seen while something is wrong. */
const WRITE_EVERY_MS = 10_000;
/** How often an instance for which all is well looks whether the others have seen something. */
const LOOK_EVERY_MS = 30_000;

const OPERATOR = 'operator';
const EMPTY: GatewayLane = { v: 1, lane: GATEWAY_LANE, partner: OPERATOR, events: 0, published: 0, due: {}, health: UNTROUBLED };

export type WatchGatewayEffects = {
  /** Table `State`. */
  state: RowStore;
  now: () => number;
  /** Best effort: the due row stands. */
  wakeLane: (lane: string) => Promise<void>;
  /** What went wrong in noting: the next outcome tries again, and no request suffers from it. */
  onFault: (error: unknown) => void;
};

/** Told of every outcome, and for how long it pauses everybody. Costs nothing while all is well but a look now and then. Never rejects. */
export type WatchGateway = (outcome: UpstreamOutcome, pauseMs?: number) => Promise<void>;

/**
 * What an instance has seen and not written goes with it when it dies: the next requests show the same. What is written commits together with
 * the event that follows from it, under an id that follows from its place.
 */
export const makeWatchGateway = ({ state, now, wakeLane, onFault }: WatchGatewayEffects): WatchGateway => {
  const [partition, key] = [lanePartition(GATEWAY_LANE), laneKey(GATEWAY_LANE)];
  let unwritten: GatewayHealth = UNTROUBLED;
  /** As of the last look. */
  let known: GatewayHealth = UNTROUBLED;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isWriting = false;

  const isTime = (nowMs: number): boolean => {
    const everyMs = isTroubled(joined(known, unwritten, nowMs), nowMs) ? WRITE_EVERY_MS : LOOK_EVERY_MS;
    // A clock that was set back must not silence it.
    return nowMs - lookedAtMs >= everyMs || nowMs < lookedAtMs;
  };

  const write = async (row: Row<GatewayLane> | undefined, seen: GatewayHealth, nowMs: number): Promise<void> => {
    const before = row?.value ?? EMPTY;
    const { health, event } = newsOf(joined(before.health, seen, nowMs), nowMs);
    const told = event && withEvent(before, event, nowMs);
    const after: GatewayLane = { ...(told?.lane ?? before), health };
    const own: RowWrite = row ? { kind: 'replace', key, value: after, etag: row.etag } : { kind: 'insert', key, value: after };
    const writes = [own, ...moveDue(GATEWAY_LANE, before.due, after.due), ...(told ? [told.write] : [])];
    if ((await state.commit(partition, writes)).outcome === 'conflict') {
      // Somebody else was first; what was seen meanwhile came on top.
      unwritten = joined(seen, unwritten, nowMs);
      return;
    }
    known = health;
    if (told) await wakeLane(GATEWAY_LANE).catch(() => undefined);
  };

  const look = async (nowMs: number): Promise<void> => {
    const row = (await state.get(partition, key)) as Row<GatewayLane> | undefined;
    known = row?.value.health ?? UNTROUBLED;
    lookedAtMs = nowMs;
    const seen = unwritten;
    unwritten = UNTROUBLED;
    if (isTroubled(joined(known, seen, nowMs), nowMs)) await write(row, seen, nowMs);
  };

  return async (outcome, pauseMs) => {
    const nowMs = now();
    unwritten = noted(unwritten, outcome, nowMs, pauseMs === undefined ? undefined : nowMs + pauseMs);
    if (isWriting || !isTime(nowMs)) return;
    isWriting = true;
    try {
      await look(nowMs);
    } catch (error) {
      onFault(error);
    } finally {
      isWriting = false;
    }
  };
};
