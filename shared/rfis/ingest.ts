/** Use case of the timer `ingest-rfis` and of whoever finds a requested sync: one scan at a time over all instances. */
import type { RowStore } from '../platform/tables/row-store.ts';
import { once } from '../platform/values/once.ts';
import type { ListRules } from './assignment-rules.ts';
import { nowhere, type At } from './fault-points.ts';
import { makeProjectRfi } from './list-rows.ts';
import type { AskUpstream, FindPartnersOfTenant, PublishLane } from './ports.ts';
import { makeIndexRfi } from './rfi-store.ts';
import { scanLease } from './scan-lease.ts';
import { begin, finish, renew, type ScanCounts, type ScanEnd } from './scan-state.ts';
import { scanRfis } from './scan.ts';

export type IngestEffects = {
  /** Table `State`. */
  state: RowStore;
  /** Table `Leases`. */
  leases: RowStore;
  /** Table `Lists`. */
  lists: RowStore;
  ask: AskUpstream;
  now: () => number;
  newId: () => string;
  findPartnersOfTenant: FindPartnersOfTenant;
  publishLane: PublishLane;
  listRules: ListRules;
  at?: At;
};

export type IngestOutcome =
  /** Another scan runs; this one did nothing. */
  { outcome: 'busy' } | { outcome: ScanEnd; counts: ScanCounts };

/** Rejects where tables fail; whatever was recorded until then stands, and the next scan goes on from it. */
export type IngestRfis = () => Promise<IngestOutcome>;

/** How often a scan shows that it lives. */
const RENEW_MS = 20_000;

export const makeIngestRfis = (effects: IngestEffects): IngestRfis => {
  const { state, lists, leases, now, newId, at = nowhere } = effects;
  const lease = scanLease(leases);
  const indexRfi = makeIndexRfi({ state, project: makeProjectRfi({ lists }) });

  const keeping = (id: string): (() => Promise<boolean>) => {
    let keptMs = now();
    return async () => {
      if (now() - keptMs < RENEW_MS) return true;
      keptMs = now();
      return (await lease.change((held) => renew(held, id, now()))) !== undefined;
    };
  };

  const end = (id: string, outcome: ScanEnd, counts: ScanCounts): Promise<unknown> =>
    lease.change((held) => finish(held, id, outcome, counts, now()));

  return async () => {
    const id = newId();
    // A try that was committed unheard shows as a conflict: the next one finds its own id.
    const begun = await lease.change((held) => (held.running?.id === id ? held : begin(held, id, now())));
    if (!begun) return { outcome: 'busy' };
    at('scan.begun');
    // The same rules for all of one scan; those of later ones come with the change of a rule, or with the next scan.
    const listRules = once(effects.listRules);
    const counts: ScanCounts = { pages: 0, seen: 0, received: 0, assigned: 0, updated: 0, removed: 0, refreshed: 0, failed: 0 };
    try {
      const outcome = await scanRfis({ ...effects, listRules, indexRfi, keepLease: keeping(id) }, counts);
      at('scan.done');
      await end(id, outcome, counts);
      return { outcome, counts };
    } catch (error) {
      // The lease would run out by itself.
      await end(id, 'failed', counts).catch(() => undefined);
      throw error;
    }
  };
};
