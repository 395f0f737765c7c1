/** RFIs as table `Lists` keeps them for partner-wide lists: a copy of each lane that never goes back to an older one. */
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { UNASSIGNED, type RfiLane, type StoredRfi } from './model.ts';

/** All RFIs there are or were: the operator's list, and what a scan compares upstream with. */
export const ALL_RFIS = 'rfis-all';
export const partnerRfis = (partner: string): string => `rfis|${partner}`;

/** The key after all tenant ids. */
export const AFTER_TENANT_IDS = 'g';

export type RfiListRow =
  | ({ v: 1; listed: true; rev: number; partner: string; customerId?: string } & Pick<
      StoredRfi,
      'tenantId' | 'open' | 'seenAtMs' | 'content' | 'contactsSinceMs'
    >)
  /** It went to somebody else: stays, so that a late writer of the older copy finds a newer one. */
  | { v: 1; listed: false; rev: number };

const MAX_TRIES = 5;

const putNewer = async (lists: RowStore, partition: string, key: string, value: RfiListRow): Promise<void> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const row = await lists.get(partition, key);
    if (row && (row.value as RfiListRow).rev >= value.rev) return;
    const write: RowWrite = row ? { kind: 'replace', key, value, etag: row.etag } : { kind: 'insert', key, value };
    if ((await lists.commit(partition, [write])).outcome === 'committed') return;
  }
  throw new Error('a row of table Lists stayed contended');
};

const copyOf = ({ partner, customerId, rfi }: RfiLane): RfiListRow => ({
  v: 1,
  listed: true,
  rev: rfi.rev,
  partner,
  ...(customerId === undefined ? {} : { customerId }),
  tenantId: rfi.tenantId,
  open: rfi.open,
  seenAtMs: rfi.seenAtMs,
  content: rfi.content,
  ...(rfi.contactsSinceMs === undefined ? {} : { contactsSinceMs: rfi.contactsSinceMs }),
});

/** Brings the lists up to this lane row. Doing it again, late, or beside another one changes nothing more. */
export type ProjectRfi = (lane: RfiLane) => Promise<void>;

export const makeProjectRfi =
  ({ lists }: { lists: RowStore }): ProjectRfi =>
  async (lane) => {
    const { tenantId, rev, formerly } = lane.rfi;
    for (const partner of formerly) await putNewer(lists, partnerRfis(partner), tenantId, { v: 1, listed: false, rev });
    const copy = copyOf(lane);
    if (lane.partner !== UNASSIGNED) await putNewer(lists, partnerRfis(lane.partner), tenantId, copy);
    await putNewer(lists, ALL_RFIS, tenantId, copy);
  };
