/** Judges Requests for Information at rest: what was decided, what upstream really held, what was told, and which customers came of it. */
import type { LaneEvent } from '../../../shared/platform/lanes/lane.ts';
import { laneKey, lanePartition } from '../../../shared/platform/tables/keys.ts';
import type { Decision } from '../../../shared/rfis/decision-model.ts';
import { rfiLaneOf, type RfiLane } from '../../../shared/rfis/model.ts';
import type { MemoryRowStore } from '../../fakes/memory-row-store.ts';
import type { RfiShared } from './host.ts';
import { failsSync } from './upstream.ts';

/** What a partner was answered in the end; no id where it was refused. */
export type Decided = { tag: string; tenantId: string; wantsCustomer: boolean; id: string | undefined };

export type RfiEvidence = {
  shared: RfiShared;
  state: MemoryRowStore;
  tenants: readonly string[];
  planned: readonly { tag: string }[];
  answers: readonly Decided[];
  meddling: number;
};

export const laneOf = (state: MemoryRowStore, tenantId: string): RfiLane | undefined => {
  const lane = rfiLaneOf(tenantId);
  return state.all(lanePartition(lane)).find(({ key }) => key === laneKey(lane))?.value as RfiLane | undefined;
};

const rowsOf = <T>(state: MemoryRowStore, tenantId: string, kind: string): T[] => {
  const lane = rfiLaneOf(tenantId);
  return state
    .all(lanePartition(lane))
    .filter(({ key }) => key.startsWith(`${kind}|${lane}|`))
    .map(({ value }) => value as T);
};

const isSet = ({ steps }: Decision): boolean => steps[0]?.status === 'Succeeded';

const decisionViolations = ({ shared, meddling }: RfiEvidence, decision: Decision, events: readonly LaneEvent[]): string[] => {
  const { tenantId, state, id, error, event, customer } = decision;
  const tag = decision.relationship.comment ?? '';
  const had = (shared.upstream.history.get(tenantId) ?? []).filter((one) => one.tag === tag);
  const reached = (wanted: string): boolean => had.some(({ states }) => states.includes(wanted));
  const told = events.filter(({ type, data }) => type === event && data['operationId'] === id).length;
  const customers = [...shared.customers.keys()].filter((key) => key.split(' ')[0] === id).length;
  const name = `${tag} of ${tenantId}`;
  return [
    ...(decision.finishedAt === undefined ? [`${name} is still ${state}`] : []),
    ...(had.length > 1 && meddling === 0 ? [`${name} was executed ${had.length} times`] : []),
    ...(isSet(decision) && !reached('synced') ? [`${name} succeeded but was never synced`] : []),
    ...(error?.code === 'UpstreamSyncFailed' && !failsSync(tag) ? [`${name} failed but the backend took it`] : []),
    ...(told === (isSet(decision) ? 1 : 0) ? [] : [`${name} was told ${told} times`]),
    ...(customers === (isSet(decision) && customer ? 1 : 0) ? [] : [`for ${name} ${customers} customers were created`]),
  ];
};

/** Two decisions about one RFI take effect in the order in which they were accepted. */
const orderViolations = ({ shared }: RfiEvidence, tenantId: string, decisions: readonly Decision[]): string[] => {
  const placeOf = new Map(decisions.map(({ relationship, n }) => [relationship.comment, n]));
  const places = (shared.upstream.history.get(tenantId) ?? []).flatMap(({ tag }) => placeOf.get(tag) ?? []);
  return places.some((place, n) => place < (places[n - 1] ?? 0)) ? [`decisions of ${tenantId} took effect as ${places.join()}`] : [];
};

const tenantViolations = (evidence: RfiEvidence, tenantId: string): string[] => {
  const { shared, state, planned, answers } = evidence;
  const lane = laneOf(state, tenantId);
  const decisions = rowsOf<Decision>(state, tenantId, 'dec');
  const events = rowsOf<LaneEvent>(state, tenantId, 'evt');
  const published = events.filter(({ id }) => shared.told.has(id)).length;
  const tags = decisions.map(({ relationship }) => relationship.comment);
  const times = (tag: string): number => tags.filter((one) => one === tag).length;
  const refused = answers.filter((one) => one.tenantId === tenantId && one.id === undefined);
  return [
    ...(Object.keys(lane?.due ?? { missing: 0 }).length > 0 ? [`${tenantId} is not at rest`] : []),
    ...((lane?.decisions ?? 0) === (lane?.decided ?? 0) && decisions.length === (lane?.decided ?? 0) ? [] : [`${tenantId} has lost count`]),
    ...(lane?.writing === undefined ? [] : [`${tenantId} says that it is being written`]),
    ...(published === events.length && events.length === lane?.events
      ? []
      : [`${published} of ${events.length} events were told, ${lane?.events ?? 0} counted`]),
    ...planned.filter(({ tag }) => times(tag) > 1).map(({ tag }) => `${tag} was decided ${times(tag)} times`),
    ...answers
      .filter((one) => one.tenantId === tenantId && one.id !== undefined && times(one.tag) === 0)
      .map(({ tag }) => `${tag} was accepted and is not there`),
    ...refused.filter(({ tag }) => times(tag) > 0).map(({ tag }) => `${tag} was refused and carried out`),
    ...decisions.flatMap((decision) => decisionViolations(evidence, decision, events)),
    ...orderViolations(evidence, tenantId, decisions),
  ];
};

export const checkRfis = (evidence: RfiEvidence): string[] => evidence.tenants.flatMap((id) => tenantViolations(evidence, id));
