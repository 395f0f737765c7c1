/** Picks out of a page of the gateway's lists what does not look like what is known here, which is looked at again, and what it shows of assignments. */
import { toPage, accountResource } from '../../platform/upstream/contract.ts';
import type { DescribeNumbers } from '../describe-numbers.ts';
import type { LaneStore } from '../lane-store.ts';
import type { AccountLane } from '../model.ts';
import { knownAmong } from '../number-block.ts';
import type { Page, PageRow } from '../page.ts';
import { asResource, type Resource } from '../resource.ts';
import { driftOfAccount, driftOfNumber } from './confirm.ts';
import type { NoteAssignments, ShownNumber } from './note-assignments.ts';
import type { SeenPage } from './run.ts';

export type Owners = ReadonlyMap<string, AccountLane>;
export type SuspectEffects = {
  lanes: LaneStore;
  describeNumbers: DescribeNumbers;
  describeAccount: (resource: Resource) => Record<string, unknown>;
  noteAssignments: NoteAssignments;
};

const accountOf = ({ resource }: PageRow): string => (typeof resource['accountName'] === 'string' ? resource['accountName'] : '');

const suspectNumbers = async (
  effects: SuspectEffects,
  lane: AccountLane,
  rows: readonly PageRow[],
  askedAtMs: number,
): Promise<string[]> => {
  const digits = rows.map((row) => row.digits);
  const blocks = await effects.lanes.readBlocks(lane.lane, digits);
  const known = knownAmong(blocks, digits, lane.account);
  const now = new Map((await effects.describeNumbers(lane.lane, known)).map((one) => [one.digits, one]));
  const records = new Map(known.map((record) => [record.digits, record]));
  const shown = rows.flatMap(({ digits: one, resource }): ShownNumber[] => {
    const [record, content] = [records.get(one), now.get(one)?.content];
    return record && content ? [{ known: record, content, resource }] : [];
  });
  await effects.noteAssignments(lane.lane, shown, askedAtMs);
  return rows.flatMap(({ digits: one, resource }) => (driftOfNumber(lane, one, now.get(one), resource).length > 0 ? [one] : []));
};

export const seenNumbers = async (
  effects: SuspectEffects,
  owners: Owners,
  { rows, askedAtMs }: Pick<Page, 'rows' | 'askedAtMs'>,
): Promise<SeenPage> => {
  const page: Required<Pick<SeenPage, 'v' | 'numbers' | 'suspects'>> = { v: 1, numbers: {}, suspects: {} };
  for (const [accountName, mine] of Map.groupBy(rows, accountOf)) {
    const lane = owners.get(accountName);
    if (!lane) continue;
    page.numbers[accountName] = mine.map(({ digits }) => digits);
    const suspects = await suspectNumbers(effects, lane, mine, askedAtMs);
    if (suspects.length > 0) page.suspects[accountName] = suspects;
  }
  return page;
};

export type AccountsPage = { seen: SeenPage; nextLink?: string };

/** Undefined for what is no page of accounts. */
export const seenAccounts = (
  effects: Pick<SuspectEffects, 'describeAccount'>,
  owners: Owners,
  status: number,
  body: unknown,
): AccountsPage | undefined => {
  const read = toPage(accountResource, status, body);
  if (!read) return undefined;
  const items = status === 204 ? [] : (asResource(body)['value'] as unknown[]).map(asResource);
  const mine = items.flatMap((resource) => {
    const lane = owners.get(String(resource['name']));
    return lane ? [{ lane, resource }] : [];
  });
  const strange = mine.filter(({ lane, resource }) => driftOfAccount(effects, lane, resource).length > 0);
  return {
    seen: {
      v: 1,
      accounts: mine.map(({ lane }) => lane.accountName),
      suspects: Object.fromEntries(strange.map(({ lane }) => [lane.accountName, ['']])),
    },
    ...(read.nextLink === undefined ? {} : { nextLink: read.nextLink }),
  };
};
