/** Keeps what the gateway's lists show of assignments, and tells of those that have changed since they were seen last. */
import { withEvents, type EventDraft } from '../../platform/lanes/lane.ts';
import { numberBlockKey } from '../../platform/tables/keys.ts';
import type { RowWrite } from '../../platform/tables/row-store.ts';
import { assignmentEvents, assignmentsIn, isNews, knownAssignments } from '../assignment.ts';
import { runStep, type StepEffects } from '../lane-step.ts';
import { assignedBlock, blockOf, recordOf, type KnownNumber } from '../number-block.ts';
import type { Resource } from '../resource.ts';
import { readStill, type ConfirmEffects } from './confirm.ts';

/** A number's row and its event: with the lane and its due rows within a transaction. */
const NUMBERS_A_STEP = 40;

/** A number as it was known and as a page has shown it; `content` is what it was put or seen as. */
export type ShownNumber = { known: KnownNumber; content: Resource; resource: Resource };

export type NoteAssignmentsEffects = StepEffects & Pick<ConfirmEffects, 'lanes' | 'describeNumbers'> & { now: () => number };

/** Of one lane, from a page that was asked for at `askedAtMs`. What moves meanwhile is left for the next comparison. Repeatable. */
export type NoteAssignments = (lane: string, shown: readonly ShownNumber[], askedAtMs: number) => Promise<void>;

/** What was decided after the page left may have been shown as it was before. */
const saysMore = (askedAtMs: number, { known, content, resource }: ShownNumber): boolean =>
  known.state === 'synced' && Date.parse(known.since) < askedAtMs && isNews(knownAssignments(known, content), assignmentsIn(resource));

const noteSome = (effects: NoteAssignmentsEffects, name: string, shown: readonly ShownNumber[]): Promise<unknown> =>
  runStep(effects, name, async ({ value: lane }) => {
    const digits = shown.map(({ known }) => known.digits);
    const still = await readStill(effects, name, digits);
    if (!still) return { result: undefined };
    const blocks = await effects.lanes.readBlocks(name, digits);
    const changed = new Map([...blocks].map(([start, { value }]) => [start, value]));
    const drafts: EventDraft[] = [];
    for (const { known, content, resource } of shown) {
      const block = changed.get(blockOf(known.digits));
      const record = recordOf(block, known.digits, lane.account);
      const isAsKnown = record?.by === known.by && record.since === known.since && record.seen?.at === known.seen?.at;
      if (!still.numbers.has(known.digits) || !record || !isAsKnown) continue;
      const [before, seen] = [knownAssignments(record, content), assignmentsIn(resource)];
      if (!isNews(before, seen)) continue;
      drafts.push(...assignmentEvents(lane.customerId, known.digits, before, seen));
      changed.set(blockOf(known.digits), assignedBlock(block, record, known.digits, { ...record.assigned, ...seen }));
    }
    const told = withEvents(lane, drafts, effects.now());
    const writes = [...blocks].flatMap(([start, row]): RowWrite[] => {
      const value = changed.get(start);
      return value === undefined || value === row.value
        ? []
        : [{ kind: 'replace', key: numberBlockKey(name, start), value, etag: row.etag }];
    });
    if (writes.length === 0) return { result: undefined };
    return { result: undefined, lane: told.lane, writes: [...writes, ...told.writes] };
  });

export const makeNoteAssignments =
  (effects: NoteAssignmentsEffects): NoteAssignments =>
  async (lane, shown, askedAtMs) => {
    const news = shown.filter((one) => saysMore(askedAtMs, one));
    for (let from = 0; from < news.length; from += NUMBERS_A_STEP) await noteSome(effects, lane, news.slice(from, from + NUMBERS_A_STEP));
  };
