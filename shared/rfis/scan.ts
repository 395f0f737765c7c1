/** One scan of all Requests for Information: every page recorded as it comes, and what is gone only after all of them. */
import type { RowStore } from '../platform/tables/row-store.ts';
import type { RfiResource } from '../platform/upstream/contract.ts';
import { isGone } from './diff.ts';
import { nowhere } from './fault-points.ts';
import { AFTER_TENANT_IDS, ALL_RFIS, type RfiListRow } from './list-rows.ts';
import { tenantKeyOf, toContent } from './model.ts';
import type { AskUpstream } from './ports.ts';
import { recordListed, recordUnlisted, type ListedRfi, type RecordEffects, type RecordOutcome } from './record-change.ts';
import type { ScanCounts, ScanEnd } from './scan-state.ts';
import { upstreamRfis } from './upstream-pages.ts';

export type ScanEffects = RecordEffects & {
  lists: RowStore;
  ask: AskUpstream;
  /** False when another scan has taken over. */
  keepLease: () => Promise<boolean>;
};

const AT_ONCE = 10;
const LIST_PAGE = 500;

/** What a scan remembers: some hundred bytes for each RFI. */
type Progress = {
  beganMs: number;
  counts: ScanCounts;
  tenants: Set<string>;
  /** Every row of upstream by tenant and its own id: a page that shifted shows some twice and others never. */
  rows: Set<string>;
  siblings: Map<string, ListedRfi>;
  recordCount: number | undefined;
};

const rowKey = (tenantId: string, id: string | undefined): string => `${tenantId}|${id ?? ''}`;

const never = (): boolean => false;

/** Of several RFIs that could follow the stored one, the same one whatever their order: the latest. */
const precedes = (a: ListedRfi, b: ListedRfi): boolean =>
  rowKey(a.content.lastModifiedOn ?? '', a.content.id) < rowKey(b.content.lastModifiedOn ?? '', b.content.id);

const count = (counts: ScanCounts, outcome: RecordOutcome): void => {
  if (outcome !== 'same' && outcome !== 'sibling' && outcome !== 'later') counts[outcome]++;
};

const keepSibling = ({ siblings }: Progress, listed: ListedRfi): void => {
  const kept = siblings.get(listed.tenantId);
  if (!kept || precedes(kept, listed)) siblings.set(listed.tenantId, listed);
};

/** Notes that it is there, and brings it into the form that is stored; undefined when it lacks a key. */
const note = (progress: Progress, resource: RfiResource, askedAtMs: number): ListedRfi | undefined => {
  const tenantId = tenantKeyOf(resource.tenantId);
  progress.rows.add(rowKey(tenantId ?? resource.tenantId, resource.id));
  progress.counts.seen++;
  if (tenantId === undefined) {
    progress.counts.failed++;
    return undefined;
  }
  progress.tenants.add(tenantId);
  return { tenantId, content: toContent(resource), askedAtMs };
};

/** Those of one tenant one after the other, different tenants at once. */
const recordPage = async (effects: ScanEffects, progress: Progress, listed: readonly ListedRfi[]): Promise<boolean> => {
  const groups = [...Map.groupBy(listed, ({ tenantId }) => tenantId).values()];
  for (let at = 0; at < groups.length; at += AT_ONCE) {
    if (!(await effects.keepLease())) return false;
    const work = groups.slice(at, at + AT_ONCE).map(async (group) => {
      for (const one of group) {
        const outcome = await recordListed(effects, one, never);
        count(progress.counts, outcome);
        if (outcome === 'sibling') keepSibling(progress, one);
      }
    });
    await Promise.all(work);
  }
  return true;
};

const recordPages = async (effects: ScanEffects, progress: Progress): Promise<ScanEnd> => {
  const { at = nowhere } = effects;
  for await (const page of upstreamRfis(effects)) {
    if (page.kind !== 'page') return page.kind;
    progress.counts.pages++;
    at('scan.pageRead');
    progress.recordCount ??= page.recordCount;
    const listed = page.items.flatMap((item) => note(progress, item, page.askedAtMs) ?? []);
    if (!(await recordPage(effects, progress, listed)) || !(await effects.keepLease())) return 'leaseLost';
  }
  return progress.rows.size < (progress.recordCount ?? 0) ? 'missedRows' : 'complete';
};

/** A tenant's other RFI takes the place of the stored one when that is listed no longer. */
const recordSiblings = async (effects: ScanEffects, { siblings, rows, counts }: Progress): Promise<void> => {
  for (const sibling of siblings.values()) {
    count(counts, await recordListed(effects, sibling, (storedId) => !rows.has(rowKey(sibling.tenantId, storedId))));
  }
};

const recordGoneOnes = async (effects: ScanEffects, { tenants, beganMs, counts }: Progress): Promise<boolean> => {
  for (let from = ''; ;) {
    if (!(await effects.keepLease())) return false;
    const known = await effects.lists.range(ALL_RFIS, from, AFTER_TENANT_IDS, LIST_PAGE);
    for (const { key, value } of known) {
      const row = value as RfiListRow;
      if (tenants.has(key) || !row.listed || !isGone(row, beganMs)) continue;
      count(counts, await recordUnlisted(effects, key, beganMs));
    }
    const last = known.at(-1);
    if (!last || known.length < LIST_PAGE) return true;
    from = `${last.key} `;
  }
};

/** Rejects only where tables do. `counts` is counted up on the way. */
export const scanRfis = async (effects: ScanEffects, counts: ScanCounts): Promise<ScanEnd> => {
  const beganMs = effects.now();
  const progress: Progress = { beganMs, counts, tenants: new Set(), rows: new Set(), siblings: new Map(), recordCount: undefined };
  const end = await recordPages(effects, progress);
  if (end !== 'complete') return end;
  effects.at?.('scan.pagesDone');
  await recordSiblings(effects, progress);
  return (await recordGoneOnes(effects, progress)) ? 'complete' : 'leaseLost';
};
