/** Judges what the operator was told of the gateway: a trouble and its end in turn, each once, and nothing that is not stored. */
import { GATEWAY_LANE, type GatewayLane } from '../../shared/operations/gateway-health.ts';
import type { LaneEvent } from '../../shared/platform/lanes/lane.ts';
import { laneKey, lanePartition } from '../../shared/platform/tables/keys.ts';
import type { MemoryRowStore } from '../fakes/memory-row-store.ts';

export const gatewayLane = (state: MemoryRowStore): GatewayLane | undefined =>
  state.all(lanePartition(GATEWAY_LANE)).find(({ key }) => key === laneKey(GATEWAY_LANE))?.value as GatewayLane | undefined;

/** In their order. */
export const gatewayEvents = (state: MemoryRowStore): LaneEvent[] =>
  state
    .all(lanePartition(GATEWAY_LANE))
    .filter(({ key }) => key.startsWith(`evt|${GATEWAY_LANE}|`))
    .map(({ value }) => value as LaneEvent);

export const gatewayViolations = (state: MemoryRowStore): string[] => {
  const [lane, events] = [gatewayLane(state), gatewayEvents(state)];
  const expected = events.map((_, n) => (n % 2 === 0 ? 'upstream.degraded' : 'upstream.recovered'));
  const wrong = events.filter(({ type }, n) => type !== expected[n]).map(({ id }) => `the gateway's event ${id} is out of turn`);
  const isTold = events.length % 2 === 1;
  const isDegraded = lane?.health.degradedSinceMs !== undefined;
  return [
    ...wrong,
    ...(isTold === isDegraded ? [] : [`the gateway counts as ${isDegraded ? '' : 'not '}degraded after ${events.length} events`]),
    ...(events.length === (lane?.events ?? 0) ? [] : [`the gateway has ${events.length} of ${lane?.events ?? 0} events`]),
    ...Object.keys(lane?.due ?? {}).map((kind) => `the gateway has ${kind} due`),
  ];
};
