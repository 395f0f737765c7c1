/** Wires the Requests for Information: what timers run, and what the use cases behind the routes need. */
import { makeFindPartnersOfTenant } from '../shared/customers/project.ts';
import { askTimed } from '../shared/operations/ask-timed.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import type { GetDecision } from '../shared/rfis/decision-view.ts';
import { makeListRules, makeManageRules } from '../shared/rfis/assignment-rules.ts';
import { makeEraseContacts, makeExpireContacts } from '../shared/rfis/erase-contacts.ts';
import { makeGetRfi } from '../shared/rfis/get.ts';
import { makeIngestRfis } from '../shared/rfis/ingest.ts';
import { makeProjectRfi } from '../shared/rfis/list-rows.ts';
import { makeListRfis, type ListRfis } from '../shared/rfis/list.ts';
import type { AskOnce } from '../shared/rfis/ports.ts';
import { makeAssignRfi, makeReassignRfis } from '../shared/rfis/reassign.ts';
import { makeRefreshRfi } from '../shared/rfis/refresh.ts';
import { makeIndexRfi } from '../shared/rfis/rfi-store.ts';
import { makeIsSyncRequested } from '../shared/rfis/scan-lease.ts';
import { makeGetRfiScan, makeSyncRfis } from '../shared/rfis/sync.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { rfiAssignmentUses } from './http/rfi-assignment.ts';
import type { AllRfiUses } from './http/rfi-routes.ts';
import { rfiUses } from './http/rfis.ts';
import { makeRfiDecisions } from './rfi-decisions.ts';
import { ingestRequestedRfis, ingestRfis } from './timer/ingest-rfis.ts';
import type { TimerFunction } from './timer/timer-function.ts';

const MS_PER_DAY = 86_400_000;

export type Rfis = {
  uses: AllRfiUses;
  timers: TimerFunction[];
  /** A chore of the housekeeping. */
  expireContacts: () => Promise<void>;
  listRfis: ListRfis;
  getDecision: GetDecision;
  workDecisions: (lane: string, deadlineMs: number) => Promise<void>;
};

export const makeRfis = (settings: Settings, effects: Effects, engine: Engine, partnerExists: (id: string) => Promise<boolean>): Rfis => {
  const { clock, table, newId, log } = effects;
  const { PUBLIC_BASE_URL: publicBaseUrl } = settings;
  const [state, lists, leases] = [table('State'), table('Lists'), table('Leases')];
  const now = (): number => clock.now();
  const { publishLane } = engine;
  const findPartnersOfTenant = makeFindPartnersOfTenant({ lists });
  const askOnce: AskOnce = (request, ask, permitWaitMs) => askTimed({ ...engine.upstream, now, permitWaitMs }, request, ask);
  const partners = table('Partners');
  const indexRfi = makeIndexRfi({ state, project: makeProjectRfi({ lists }) });
  const recording = { state, lists, now, findPartnersOfTenant, indexRfi, publishLane, listRules: makeListRules({ partners }) };
  const ingest = makeIngestRfis({ ...recording, leases, ask: engine.ask, newId });
  const scan = async (): Promise<void> => {
    const result = await ingest();
    log('info', 'RFI scan', { state: result.outcome, ...(result.outcome === 'busy' ? {} : { count: result.counts.seen }) });
  };
  const erasing = { ...recording, keepMs: settings.RFI_CONTACTS_KEEP_DAYS * MS_PER_DAY };
  const expireContacts = makeExpireContacts(erasing);
  const decisions = makeRfiDecisions(settings, effects, engine, { askOnce, indexRfi });
  const listRfis = makeListRfis({ lists, baseUrl: publicBaseUrl });
  return {
    ...decisions,
    listRfis,
    uses: {
      ...decisions.uses,
      ...rfiAssignmentUses({
        assignRfi: makeAssignRfi({ ...recording, partnerExists }),
        rules: makeManageRules({ partners, partnerExists, reassign: makeReassignRfis(recording) }),
      }),
      ...rfiUses(
        {
          listRfis,
          syncRfis: makeSyncRfis({ leases, now, newId }),
          getRfiScan: makeGetRfiScan({ leases, now }),
          eraseContacts: makeEraseContacts(erasing),
          getRfi: makeGetRfi({ state, refresh: makeRefreshRfi({ ...recording, askOnce }) }),
        },
        publicBaseUrl,
      ),
    },
    expireContacts: async () => {
      const count = await expireContacts();
      if (count > 0) log('info', 'contacts of RFIs were erased', { count });
    },
    timers: [
      ingestRfis(settings.RFI_SCHEDULE, scan),
      ingestRequestedRfis(settings.SWEEP_SCHEDULE, makeIsSyncRequested({ leases, now }), scan),
    ],
  };
};
