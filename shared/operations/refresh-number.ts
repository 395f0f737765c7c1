/** Reads one number once, now, for somebody who waits, keeps what upstream says of it, and tells of an assignment that has changed. */
import { withEvents } from '../platform/lanes/lane.ts';
import { numberBlockKey } from '../platform/tables/keys.ts';
import { numberPath } from '../platform/upstream/paths.ts';
import type { Unanswered } from '../platform/upstream/unanswered.ts';
import type { AskNow } from './ask-now.ts';
import { assignmentEvents, assignmentsIn, knownAssignments } from './assignment.ts';
import { makeDescribeNumbers } from './describe-numbers.ts';
import { runStep, type StepEffects } from './lane-step.ts';
import { blockOf, recordOf, seenBlock } from './number-block.ts';
import { asResource, type Resource } from './resource.ts';

/** `gone`: upstream does not have it. */
export type RefreshNumber = (lane: string, digits: string) => Promise<{ kind: 'refreshed' } | { kind: 'gone' } | Unanswered>;

/** A number is some hundred bytes; what is much more is not kept. */
const MAX_KEPT_CHARS = 8_000;

const kept = ({ serviceDetails, configuration }: Resource): Resource | undefined => {
  const resource = { serviceDetails: asResource(serviceDetails), configuration: asResource(configuration) };
  return JSON.stringify(resource).length > MAX_KEPT_CHARS ? undefined : resource;
};

export const makeRefreshNumber =
  (effects: StepEffects & { askNow: AskNow; now: () => number }): RefreshNumber =>
  async (lane, digits) => {
    const describe = makeDescribeNumbers(effects.lanes);
    const row = await effects.lanes.readLane(lane);
    if (!row) return { kind: 'gone' };
    const askedAtMs = effects.now();
    const asked = await effects.askNow({ method: 'GET', path: numberPath(row.value.accountName, `+${digits}`) }, row.value.partner);
    if (asked.kind !== 'answer') return asked;
    if (asked.answer.status === 404) return { kind: 'gone' };
    const resource = kept(asResource(asked.answer.body));
    if (!resource) return { kind: 'refreshed' };
    const seen = { at: new Date(askedAtMs).toISOString(), resource };
    await runStep(effects, lane, async ({ value }) => {
      const old = (await effects.lanes.readBlocks(lane, [digits])).get(blockOf(digits));
      const [record, assigned] = [recordOf(old?.value, digits, value.account), assignmentsIn(resource)];
      // Put anew meanwhile: this was seen before.
      const isStale = Date.parse(record?.since ?? '') > askedAtMs;
      const block = isStale ? undefined : seenBlock(old?.value, record, digits, seen, { ...record?.assigned, ...assigned });
      if (!old || !block || !record) return { result: undefined };
      const [known] = await describe(lane, [{ digits, ...record }]);
      const drafts = assignmentEvents(value.customerId, digits, knownAssignments(record, known?.content ?? {}), assigned);
      const told = withEvents(value, drafts, effects.now());
      const key = numberBlockKey(lane, blockOf(digits));
      return { result: undefined, lane: told.lane, writes: [{ kind: 'replace', key, value: block, etag: old.etag }, ...told.writes] };
    });
    return { kind: 'refreshed' };
  };
