/** Brings one RFI's lane to what a scan has seen, together with its event; then, at best, the lists and the webhook logs. */
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import { TransactionTooLarge } from '../platform/tables/transaction-budget.ts';
import { assign } from './assignment.ts';
import type { ListRules } from './assignment-rules.ts';
import { withoutErased } from './contacts.ts';
import { diff, isGone, recordGone, recordSeen, type Recorded, type RfiChange } from './diff.ts';
import { nowhere, type At } from './fault-points.ts';
import { rfiLaneOf, type RfiContent, type RfiLane } from './model.ts';
import type { FindPartnersOfTenant, PublishLane } from './ports.ts';
import { commitRfi, readRfi } from './rfi-store.ts';

export type RecordEffects = {
  state: RowStore;
  now: () => number;
  findPartnersOfTenant: FindPartnersOfTenant;
  indexRfi: (lane: string) => Promise<void>;
  publishLane: PublishLane;
  listRules: ListRules;
  at?: At;
};

/** `failed`: it fits no row, or its lane stayed contended. The next scan tries again. */
export type RecordOutcome = RfiChange | 'failed';

export type ListedRfi = { tenantId: string; content: RfiContent; askedAtMs: number };

const MAX_TRIES = 5;

/** Undefined when nothing is to be written. */
type Decide = (row: Row<RfiLane> | undefined) => { change: RfiChange; recorded: Recorded | undefined };

const afterwards = async ({ indexRfi, publishLane, at = nowhere }: RecordEffects, lane: string): Promise<void> => {
  at('change.committed');
  // Best effort: both have their due rows.
  await indexRfi(lane).catch(() => undefined);
  at('change.indexed');
  await publishLane(lane).catch(() => undefined);
  at('change.published');
};

const commitChange = async (effects: RecordEffects, lane: string, decide: Decide): Promise<RecordOutcome> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const row = await readRfi(effects.state, lane);
    const { change, recorded } = decide(row);
    if (!recorded) return change;
    if (!(await commitRfi(effects.state, row, recorded.lane, recorded.writes))) continue;
    await afterwards(effects, lane);
    return change;
  }
  return 'failed';
};

/** One RFI that fits no row must not keep all others back. */
const sparing = async (work: Promise<RecordOutcome>): Promise<RecordOutcome> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof TransactionTooLarge) return 'failed';
    throw error;
  }
};

/** `replaces` tells whether another RFI of this tenant, the one with the id given, may be replaced. */
export const recordListed = async (
  effects: RecordEffects,
  { tenantId, content, askedAtMs }: ListedRfi,
  replaces: (storedId: string | undefined) => boolean,
): Promise<RecordOutcome> => {
  const [customers, rules] = await Promise.all([effects.findPartnersOfTenant(tenantId), effects.listRules()]);
  const facts = { tenantId, countries: content.consentedCountries, customers, rules };
  const decide: Decide = (row) => {
    const before = row?.value;
    const mayReplace = replaces(before?.rfi.content.id);
    const seen = {
      tenantId,
      content: withoutErased(content, before?.rfi),
      askedAtMs,
      mayReplace,
      assignment: assign({ ...facts, current: before?.partner, pinned: before?.rfi.pinned }),
    };
    const change = diff(before, seen);
    const written = change !== 'same' && change !== 'sibling' && change !== 'later';
    return { change, recorded: written ? recordSeen(before, seen, change, effects.now()) : undefined };
  };
  return sparing(commitChange(effects, rfiLaneOf(tenantId), decide));
};

/** For an RFI that a complete scan, begun at `beganMs`, did not show. */
export const recordUnlisted = (effects: RecordEffects, tenantId: string, beganMs: number): Promise<RecordOutcome> =>
  sparing(
    commitChange(effects, rfiLaneOf(tenantId), (row) =>
      row && isGone(row.value.rfi, beganMs)
        ? { change: 'removed', recorded: recordGone(row.value, beganMs, effects.now()) }
        : { change: 'same', recorded: undefined },
    ),
  );
