/** Pure: which answers to a Request for Information have waited for a day without anybody being told, and the one event that each of them makes. */
import { withEvent } from '../platform/lanes/lane.ts';
import { decisionKey } from '../platform/tables/keys.ts';
import type { Row, RowWrite } from '../platform/tables/row-store.ts';
import type { Decision } from './decision-model.ts';
import { eventData } from './diff.ts';
import type { RfiLane } from './model.ts';

const STALLED_AFTER_MS = 86_400_000;

/** Whether it was accepted a day ago; those behind it in the line were accepted later. */
export const isOld = ({ createdAt }: Pick<Decision, 'createdAt'>, nowMs: number): boolean =>
  nowMs - Date.parse(createdAt) >= STALLED_AFTER_MS;

/** Tells of those `decisions` that have not ended and were not told of yet; undefined when there is none. */
export const tellStalled = (
  start: RfiLane,
  decisions: readonly Row<Decision>[],
  nowMs: number,
): { lane: RfiLane; writes: RowWrite[] } | undefined => {
  const untold = decisions.filter(({ value }) => value.stalledAt === undefined && value.finishedAt === undefined && isOld(value, nowMs));
  let lane = start;
  const writes: RowWrite[] = [];
  for (const { value, etag } of untold) {
    const { id, ticket } = value;
    const data = { ...eventData(lane), operationId: id, ...(ticket === undefined ? {} : { externalReference: ticket }) };
    const told = withEvent(lane, { type: 'rfi.stalled', data }, nowMs);
    lane = told.lane;
    const stalled: Decision = { ...value, stalledAt: new Date(nowMs).toISOString() };
    writes.push({ kind: 'replace', key: decisionKey(lane.lane, value.n), value: stalled, etag }, told.write);
  }
  return writes.length > 0 ? { lane, writes } : undefined;
};
