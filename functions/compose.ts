/** The one place that connects features. */
import { describeCustomerEnd, describeCustomerStall } from '../shared/customers/describe-end.ts';
import { isCustomer, makeProjectCustomer } from '../shared/customers/project.ts';
import { fromCustomerLane } from '../shared/customers/names.ts';
import type { DescribeState } from '../shared/operations/verdict.ts';
import { makeManageStops } from '../shared/operations/manage-stops.ts';
import { makeReadItems } from '../shared/operations/read-items.ts';
import { makeGetOperation } from '../shared/operations/read-operation.ts';
import { describeOrderState, describeOrderStall } from '../shared/orders/describe-order.ts';
import { describeOrderNumber } from '../shared/orders/describe-number.ts';
import { makeCountCaller } from '../shared/partners/count-caller.ts';
import { ownerOf } from '../shared/partners/model.ts';
import { viewOfMe } from '../shared/partners/me.ts';
import { QUEUES } from '../shared/platform/bus/queues.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { API_VERSIONS } from '../shared/platform/http/api-version.ts';
import { auditedEndpoint } from '../shared/platform/http/audited.ts';
import { makeEndpoint, type Route } from '../shared/platform/http/endpoint.ts';
import { makeExpireKeys } from '../shared/platform/http/expire-keys.ts';
import { makeRunOnce } from '../shared/platform/http/repeats.ts';
import { makeCountRequest } from '../shared/platform/http/request-rate.ts';
import type { NewId } from '../shared/platform/ids/new-id.ts';
import type { Lane } from '../shared/platform/lanes/lane.ts';
import { errorFields } from '../shared/platform/telemetry/log.ts';
import { makeReadiness } from '../shared/platform/telemetry/readiness.ts';
import { makeProjectRfi } from '../shared/rfis/list-rows.ts';
import { isRfi, isRfiLane } from '../shared/rfis/model.ts';
import type { Effects } from './effects.ts';
import { makeAudit } from './audit.ts';
import { makeListChanges } from './changes.ts';
import { makeEngine } from './engine.ts';
import { makeExport } from './export.ts';
import { healthUses } from './http/health.ts';
import { metaUses } from './http/meta.ts';
import { operationUses } from './http/operations.ts';
import { closingUses } from './http/operator-operations.ts';
import { laneUses } from './http/operator-lanes.ts';
import { stopUses } from './http/operator-stops.ts';
import type { ExportUses } from './http/operator-export.ts';
import { routeTable, type UseCases } from './http/routes.ts';
import { apply } from './queue/apply.ts';
import { deadLetters } from './queue/dead-letters.ts';
import { deliver } from './queue/deliver.ts';
import type { QueueFunction } from './queue/queue-function.ts';
import { housekeeping } from './timer/housekeeping.ts';
import { pollPending } from './timer/poll-pending.ts';
import { sweep } from './timer/sweep.ts';
import type { TimerFunction } from './timer/timer-function.ts';
import { makeNumbers } from './numbers.ts';
import { makeConsole } from './console.ts';
import { makeCustomers } from './customers.ts';
import { makeOrders } from './orders.ts';
import { makeOperator } from './operator.ts';
import { makePartners } from './partners.ts';
import { observedEffects } from './observed-effects.ts';
import { makeRfis } from './rfis.ts';
import { makeTruth } from './truth.ts';
import { makeUsage } from './usage.ts';
import { makeWebhooks } from './webhooks.ts';

export type App = { routes: Route[]; queues: QueueFunction[]; timers: TimerFunction[]; newId: NewId };

const LIMITS = { numbersPerOrder: 10_000, rangesPerOrder: 100 } as const;

/** The app over `effects`; makes no request. Throws when SEED_PARTNERS is wrong. */
export const compose = (settings: Settings, given: Effects): App => {
  const effects = observedEffects(given);
  const { clock, table, checks, log } = effects;
  const now = (): number => clock.now();
  const { PUBLIC_BASE_URL: publicBaseUrl } = settings;
  const [state, lists] = [table('State'), table('Lists')];

  const { registry, admit, uses: ofPartners } = makePartners(settings, effects);
  const webhooks = makeWebhooks(settings, effects);

  const projectCustomer = makeProjectCustomer({ lists });
  const projectRfi = makeProjectRfi({ lists });
  const describeOrder = describeOrderState(publicBaseUrl);
  const describeCustomer = describeCustomerEnd(publicBaseUrl);
  const describeStalledOrder = describeOrderStall(publicBaseUrl);
  const describeStalledCustomer = describeCustomerStall(publicBaseUrl);
  const describe: DescribeState = (operation, lane) => describeOrder(operation) ?? describeCustomer(operation, lane);
  const engine = makeEngine(settings, effects, {
    appendEvents: webhooks.appendEvents,
    describeStall: (operation) => describeStalledOrder(operation) ?? describeStalledCustomer(operation),
    describe,
    describeNumber: describeOrderNumber(publicBaseUrl),
    wantsNumbers: webhooks.wantsNumbers,
    placeOf: fromCustomerLane,
    isSuspended: async (partner) => (await registry.partner(partner))?.state === 'suspended',
    pumpOther: (lane, deadlineMs) => (isRfiLane(lane) ? rfis.workDecisions(lane, deadlineMs) : undefined),
    runJob: (lane, deadlineMs) => truth.runJob(lane, deadlineMs),
    projectLane: async (lane: Lane) => {
      if (isCustomer(lane)) await projectCustomer(lane);
      if (isRfi(lane)) await projectRfi(lane);
    },
  });
  const { lanes } = engine;

  const { newId: makeId } = effects;
  const operator = makeOperator(settings, effects, {
    engine,
    rearmSubscription: webhooks.rearm,
    readDeliveryStanding: webhooks.readStanding,
    appendEvents: webhooks.appendEvents,
    getReconcile: () => truth.getReconcile(),
  });
  const rfis = makeRfis(settings, effects, engine, async (id) => (await registry.partner(id)) !== undefined);
  const truth = makeTruth(settings, effects, { engine, registry, describe });

  const readItems = makeReadItems(lanes);
  const getOperation = makeGetOperation({ readItems, publicBaseUrl });
  const customers = makeCustomers(settings, effects, { engine, getOperation, isReserved: truth.isReserved });
  const orders = makeOrders(settings, effects, { engine, customers, readItems });
  const health = healthUses(makeReadiness(checks, clock, log));
  const audit = makeAudit(settings, effects, registry);
  const usage = makeUsage(settings, effects, registry);
  const endpoint = makeEndpoint({
    admit: usage.counted(admit),
    nowMs: now,
    newId: makeId,
    countRequest: makeCountCaller(makeCountRequest(now), settings.PARTNER_REQUESTS_PER_MINUTE),
    repeats: { ownerOf, runOnce: makeRunOnce({ keys: table('Keys'), now }) },
  });
  const expireKeys = makeExpireKeys({ keys: table('Keys'), leases: table('Leases'), now, owners: audit.everybody });
  const route = auditedEndpoint(endpoint, audit.effects);
  const uses: Omit<UseCases, keyof ExportUses> = {
    getLive: health.live,
    getReady: health.ready,
    ...metaUses(() => routes.map(({ contract }) => contract), publicBaseUrl),
    getMe: ({ principal }) => ({
      body: viewOfMe(principal, { limits: LIMITS, apiVersions: [...API_VERSIONS] }, settings.PARTNER_REQUESTS_PER_MINUTE),
    }),
    ...customers.uses,
    ...orders.uses,
    ...makeNumbers({ state, lists, engine, createOrder: orders.createOrder, readOrder: orders.readOrder, publicBaseUrl }),
    ...truth.uses,
    ...closingUses({ closeByHand: engine.closeByHand }),
    ...laneUses({ rearm: engine.rearm }),
    ...stopUses(makeManageStops({ stops: engine.stops, now })),
    ...ofPartners,
    ...audit.uses,
    ...operator.uses,
    ...usage.uses,
    ...operationUses({
      getOperation,
      getDecision: rfis.getDecision,
      listOperations: makeListChanges({ state, lanes, readItems, publicBaseUrl }),
    }),
    ...rfis.uses,
    ...makeConsole({
      readAllDue: operator.readAllDue,
      getStatus: operator.getStatus,
      listOrders: orders.listOrders,
      listRfis: rfis.listRfis,
      answered: Object.values(settings.RFI_STATUS_MAP),
      readSubscription: webhooks.readSubscription,
      readDeliveryStanding: webhooks.readStanding,
      deadLetters: operator.deadLetters,
      listDrift: truth.listDrift,
    }),
    ...webhooks.uses,
  };
  const routes: Route[] = routeTable(route, { ...uses, ...makeExport({ uses, registry, now, publicBaseUrl }) });
  return {
    newId: makeId,
    routes,
    queues: [
      apply(engine.workLane),
      deliver(webhooks.deliverDue),
      deadLetters('provisioning-dead-letters', QUEUES.provisioning, operator.deadLetters.keep),
      deadLetters('webhooks-dead-letters', QUEUES.webhooks, operator.deadLetters.keep),
    ],
    timers: operator.noted([
      sweep(settings.SWEEP_SCHEDULE, engine.sweep),
      pollPending(settings.POLL_SCHEDULE, engine.pollPending),
      ...rfis.timers,
      ...truth.timers,
      housekeeping(
        settings.HOUSEKEEPING_SCHEDULE,
        {
          expireAudit: audit.expire,
          expireRfiContacts: rfis.expireContacts,
          expireDeadLetters: operator.deadLetters.expire,
          countUsage: usage.count,
          expireKeys,
        },
        (chore, error) => log('error', 'a chore was not done', { kind: chore, ...errorFields(error) }),
      ),
    ]),
  };
};
