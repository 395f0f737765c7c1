/** Wires what is done about the gateway's own state: it is listed, taken over, and compared with what is stored here. */
import { makeAccountOwners } from '../shared/customers/account-owner.ts';
import { viewOfAccount } from '../shared/customers/from-upstream.ts';
import { makeListUpstream } from '../shared/customers/list-upstream.ts';
import { accountNameOf, customerLaneOf, fromCustomerLane } from '../shared/customers/names.ts';
import type { IsReserved } from '../shared/customers/ports.ts';
import { makeAdoptAccount } from '../shared/operations/adopt/adopt-account.ts';
import { isAdoptionLane } from '../shared/operations/adopt/adoption.ts';
import { makeIsAdopting, makeManageAdoptions } from '../shared/operations/adopt/manage-adoptions.ts';
import type { ManageReconcile } from '../shared/operations/reconcile/manage-reconcile.ts';
import type { ListDrift } from '../shared/operations/reconcile/list-drift.ts';
import { makeReadOne } from '../shared/operations/read-one.ts';
import { makeReadPage } from '../shared/operations/read-page.ts';
import type { DescribeState } from '../shared/operations/verdict.ts';
import { isAllocated } from '../shared/partners/ranges.ts';
import type { PartnerRegistry } from '../shared/partners/registry.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { adoptionUses } from './http/operator-adoptions.ts';
import type { TimerFunction } from './timer/timer-function.ts';
import { makeReconciling } from './reconcile.ts';
import { RECONCILE_LANE } from '../shared/operations/reconcile/run.ts';
import { upstreamListUses } from './http/operator-upstream.ts';
import type { AllTruthUses } from './http/truth-routes.ts';

/** A lane's work goes on later when no permit comes by then. */
const PERMIT_WAIT_MS = 20_000;

export type Truth = {
  uses: AllTruthUses;
  isReserved: IsReserved;
  listDrift: ListDrift;
  getReconcile: ManageReconcile['get'];
  runJob: (lane: string, deadlineMs: number) => Promise<void>;
  timers: TimerFunction[];
};

export type TruthParts = {
  engine: Pick<Engine, 'accept' | 'ask' | 'askNow' | 'index' | 'lanes' | 'upstream'>;
  registry: PartnerRegistry;
  describe: DescribeState;
};

export const makeTruth = (settings: Settings, effects: Effects, { engine, registry, describe }: TruthParts): Truth => {
  const { clock, table, newId, wakes } = effects;
  const { PUBLIC_BASE_URL: publicBaseUrl } = settings;
  const now = (): number => clock.now();
  const { lanes, index, askNow } = engine;
  const [state, lists] = [table('State'), table('Lists')];
  const owners = makeAccountOwners({ lists, readLane: lanes.readLane });
  const reading = { ...engine.upstream, now, permitWaitMs: PERMIT_WAIT_MS };
  const reconcile = makeReconciling(settings, effects, engine);
  const isAdopting = makeIsAdopting({ lanes });
  const adopt = makeAdoptAccount({
    lanes,
    state,
    index,
    now,
    describe,
    readPage: makeReadPage(reading),
    readOne: makeReadOne(reading),
    claimAccount: owners.claim,
    settleAccount: owners.settle,
    describeAccount: viewOfAccount,
    placeOf: fromCustomerLane,
    isAllocated: async (partner) => {
      const ranges = (await registry.partner(partner))?.ranges ?? [];
      return (number) => isAllocated(ranges, number);
    },
  });
  return {
    listDrift: reconcile.listDrift,
    getReconcile: reconcile.getReconcile,
    isReserved: async (partner, customerId) => {
      if (await isAdopting(partner, customerId)) return 'adopting';
      const owner = await owners.ownerOf(accountNameOf(partner, customerId));
      return owner === undefined || owner.lane === customerLaneOf(partner, customerId) ? 'free' : 'taken';
    },
    runJob: async (lane, deadlineMs) => {
      if (isAdoptionLane(lane)) await adopt(lane, deadlineMs);
      if (lane === RECONCILE_LANE) await reconcile.runJob(lane, deadlineMs);
    },
    timers: reconcile.timers,
    uses: {
      ...reconcile.uses,
      ...upstreamListUses(makeListUpstream({ askNow, ownerOf: owners.ownerOf, publicBaseUrl })),
      ...adoptionUses(
        makeManageAdoptions({
          lanes,
          state,
          now,
          newId,
          publicBaseUrl,
          customerLaneOf,
          ownerOf: owners.ownerOf,
          partnerExists: async (id) => (await registry.partner(id)) !== undefined,
          wakeLane: (lane) => wakes.wakeLane(lane),
        }),
      ),
    },
  };
};
