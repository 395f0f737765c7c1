/** Customers and orders over the real engine and stores in memory, as partners reach them: everything but the gateway behind. */
import { validateOrder, validationUses } from '../../../functions/http/order-validation.ts';
import { makeForeseeNumbers } from '../../../shared/operations/foresee-numbers.ts';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { makeValidateOrder } from '../../../shared/orders/validate-order.ts';
import { customerServiceUses, deleteService, putService } from '../../../functions/http/customer-services.ts';
import { customerUses, deleteCustomer, getCustomer, listCustomers, putCustomer } from '../../../functions/http/customers.ts';
import { getNumber, listCustomerNumbers, listNumbers, putNumber, releaseNumber } from '../../../functions/http/numbers.ts';
import { makeListChanges } from '../../../functions/changes.ts';
import { makeNumbers } from '../../../functions/numbers.ts';
import { makeRefreshNumber } from '../../../shared/operations/refresh-number.ts';
import { createOrder, getOrder, listOrderItems, numberOrderUses, listOrders } from '../../../functions/http/number-orders.ts';
import {
  getAvailableCapabilities,
  getCivicAddress,
  listCapabilityPlans,
  listCivicAddresses,
  tenantDataUses,
} from '../../../functions/http/tenant-data.ts';
import { getOperation, operationUses, listOperations } from '../../../functions/http/operations.ts';
import { cancelOrder, orderActionUses, retryOrder } from '../../../functions/http/order-actions.ts';
import { makeReadTenantFacts } from '../../../functions/tenant-facts.ts';
import { makeReadConsent } from '../../../shared/rfis/read-consent.ts';
import { makeDeleteService, makePutService } from '../../../shared/customers/change-service.ts';
import { makeDeleteCustomer } from '../../../shared/customers/delete-customer.ts';
import { makeListCustomers } from '../../../shared/customers/list-customers.ts';
import { makeProjectCustomer } from '../../../shared/customers/project.ts';
import { makeListKnownNumbers } from '../../../shared/operations/known-numbers.ts';
import { describeCustomerEnd } from '../../../shared/customers/describe-end.ts';
import { makeEnsureService } from '../../../shared/customers/ensure-service.ts';
import { makeFindCustomer, makeGetCustomer } from '../../../shared/customers/get-customer.ts';
import { makeReadTenantData } from '../../../shared/customers/read-tenant-data.ts';
import { makeReadTenantOffers } from '../../../shared/customers/tenant-facts.ts';
import { tenantCache } from '../../../shared/customers/tenant-cache.ts';
import { makePutCustomer } from '../../../shared/customers/put-customer.ts';
import { makeAcceptOperation, makeFindRepeat } from '../../../shared/operations/accept-operation.ts';
import { makeCancelOperation } from '../../../shared/operations/cancel.ts';
import { makeIdempotencyKeys } from '../../../shared/operations/idempotency-keys.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import { makeAskNow } from '../../../shared/operations/ask-now.ts';
import { makeRefreshAccount } from '../../../shared/operations/refresh-account.ts';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { makeListAccepted } from '../../../shared/operations/list-accepted.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { makeGetOperation } from '../../../shared/operations/read-operation.ts';
import { makeReadStanding } from '../../../shared/operations/standing.ts';
import type { DescribeState } from '../../../shared/operations/verdict.ts';
import { makeCancelOrder } from '../../../shared/orders/cancel-order.ts';
import { makeCreateOrder } from '../../../shared/orders/create-order.ts';
import { describeOrderState } from '../../../shared/orders/describe-order.ts';
import { makeManageProfiles } from '../../../shared/orders/manage-profiles.ts';
import { profileStore } from '../../../shared/orders/profile-store.ts';
import { makeListItems } from '../../../shared/orders/list-items.ts';
import { makeListOrders } from '../../../shared/orders/list-orders.ts';
import { customerLaneOf } from '../../../shared/customers/names.ts';
import { makeRetryOrder } from '../../../shared/orders/retry-order.ts';
import { makeReadOrder } from '../../../shared/orders/read-order.ts';
import type { Principal, Role } from '../../../shared/partners/model.ts';
import { CUSTOMER, PROFILE } from '../../support/sample-order.ts';
import { admitCallers } from './api-callers.ts';
import type { LaneEvent } from '../../../shared/platform/lanes/lane.ts';
import { makeEndpoint } from '../../../shared/platform/http/endpoint.ts';
import { below, lanePartition } from '../../../shared/platform/tables/keys.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { makeSettle } from './settle.ts';
import { makeGetDecision } from '../../../shared/rfis/decision-view.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { heldToDocument } from '../http/held-to-document.ts';
import { callHttp, type Answered, type Call } from '../http/http-call.ts';

export const BASE = 'https://api.test';
export const START_MS = Date.parse('2026-11-22T02:00:00Z');
export type AsCaller = { as?: string };

/** What stands in for upstream where somebody waits for its answer; `answers` by path, `answer` to everything else. */
type Gateway = {
  permit: boolean;
  pausedUntilMs: number;
  answer: UpstreamOutcome;
  answers: Record<string, UpstreamOutcome>;
  asked: string[];
};

/** `state` may stand in for table `State`, such as one that always loses. */
export const apiWorld = (state: RowStore = memoryRowStore()) => {
  let nowMs = START_MS;
  let ids = 0;
  const woken: string[] = [];
  const now = (): number => nowMs;
  const lanes = makeLaneStore(state);
  const keys = makeIdempotencyKeys(memoryRowStore(), async (id) => (await lanes.readOperation(id)) !== undefined, now);
  const accept = makeAcceptOperation({
    lanes,
    keys,
    now,
    sleep: () => Promise.resolve(),
    random: () => 0,
    newId: () => `id${String(++ids).padStart(4, '0')}`,
    wakeLane: async (lane) => void woken.push(lane),
  });
  const common = { now, publicBaseUrl: BASE, upstreamRequestsPerMinute: 100 };
  const lists = memoryRowStore();
  const gateway: Gateway = {
    permit: true,
    pausedUntilMs: 0,
    answer: { kind: 'answer', status: 404, body: undefined },
    answers: {},
    asked: [],
  };
  const refreshEffects = {
    lanes,
    now,
    sleep: () => Promise.resolve(),
    random: () => 0,
  };
  const askNow = makeAskNow({
    now,
    takePermit: () => Promise.resolve(gateway.permit ? { usableUntilMs: nowMs + 1 } : undefined),
    heedOutcome: () => Promise.resolve(),
    pausedUntilMs: () => Promise.resolve(gateway.pausedUntilMs),
    call: (request) => {
      gateway.asked.push(`${request.method} ${request.path}`);
      return Promise.resolve(gateway.answers[request.path] ?? gateway.answer);
    },
  });
  const getOperationUse = makeGetOperation({ readItems: makeReadItems(lanes), publicBaseUrl: BASE });
  const ofCustomers = {
    readLane: lanes.readLane,
    accept,
    publicBaseUrl: BASE,
    gatewayDomain: 'gw.commsgw.azure.com',
    isReserved: () => Promise.resolve('free' as const),
    listNumbers: makeListKnownNumbers(state),
  };
  const customers = customerUses(
    {
      putCustomer: makePutCustomer(ofCustomers),
      getCustomer: makeGetCustomer({ ...ofCustomers, refresh: makeRefreshAccount({ ...refreshEffects, askNow }) }),
      listCustomers: makeListCustomers({ lists, publicBaseUrl: BASE }),
      deleteCustomer: makeDeleteCustomer(ofCustomers),
      getOperation: getOperationUse,
    },
    BASE,
  );
  const services = customerServiceUses(
    { putService: makePutService(ofCustomers), deleteService: makeDeleteService(ofCustomers), getOperation: getOperationUse },
    BASE,
  );
  const reading = { askNow, now, cache: tenantCache(memoryRowStore()) };
  const tenantData = tenantDataUses(makeReadTenantData({ ...ofCustomers, ...reading }));
  const rules = { emergencyAddressRequired: true };
  const readTenantFacts = makeReadTenantFacts({
    readOffers: makeReadTenantOffers(reading),
    readConsent: makeReadConsent({ state }),
  });
  const project = makeProjectCustomer({ lists });
  const describe: DescribeState = (operation, lane) => describeCustomerEnd(BASE)(operation, lane) ?? describeOrderState(BASE)(operation);
  const wakeLane = async (lane: string): Promise<void> => void woken.push(lane);
  const step = { lanes, now, describe, sleep: () => Promise.resolve(), random: () => 0 };
  const readStanding = makeReadStanding({
    lanes,
    now,
    haltOver: () => Promise.resolve(undefined),
    pausedUntilMs: () => Promise.resolve(0),
  });
  const readItems = makeReadItems(lanes);
  const profiles = makeManageProfiles(profileStore(memoryRowStore()), now, BASE);
  const placeOrder = makeCreateOrder({
    ...common,
    accept,
    findRepeat: makeFindRepeat({ keys, lanes }),
    findCustomer: makeFindCustomer({ readLane: lanes.readLane }),
    ensureService: makeEnsureService({ readLane: lanes.readLane }),
    readTenantFacts,
    rules,
    findProfile: profiles.findSettings,
  });
  const listAccepted = makeListAccepted({ state, lanes });
  const index = makeNumberIndex({ table: memoryRowStore(), sleep: () => Promise.resolve(), random: () => 0 });
  const validating = validationUses({
    validateOrder: makeValidateOrder({
      ...common,
      findCustomer: makeFindCustomer({ readLane: lanes.readLane }),
      ensureService: makeEnsureService({ readLane: lanes.readLane }),
      readTenantFacts,
      rules,
      findProfile: profiles.findSettings,
      foreseeNumbers: makeForeseeNumbers({ lanes, index }),
    }),
  });
  const readOrder = makeReadOrder({ ...common, readOperation: lanes.readOperation, readRetries: lanes.readRetries, readStanding });
  const orders = numberOrderUses({
    createOrder: placeOrder,
    listOrders: makeListOrders({ ...common, listAccepted, laneOf: customerLaneOf }),
    readOrder,
    listItems: makeListItems({ readItems, publicBaseUrl: BASE }),
  });
  const actions = orderActionUses({
    cancelOrder: makeCancelOrder({ ...common, cancel: makeCancelOperation({ ...step, wakeLane }) }),
    retryOrder: makeRetryOrder({ readItems, createOrder: placeOrder }),
  });
  const operations = operationUses({
    getOperation: getOperationUse,
    getDecision: makeGetDecision({ state, publicBaseUrl: BASE }),
    listOperations: makeListChanges({ state, lanes, readItems, publicBaseUrl: BASE }),
  });

  const numbers = makeNumbers({
    state,
    lists,
    createOrder: placeOrder,
    readOrder,
    engine: { lanes, index, refreshNumber: makeRefreshNumber({ ...refreshEffects, askNow }) },
    publicBaseUrl: BASE,
  });
  const route = makeEndpoint<Principal, Role>({ admit: admitCallers(), nowMs: now, newId: () => 'request' });
  const routes = [
    route(putCustomer, customers.putCustomer),
    route(getCustomer, customers.getCustomer),
    route(listCustomers, customers.listCustomers),
    route(deleteCustomer, customers.deleteCustomer),
    route(putService, services.putCustomerService),
    route(deleteService, services.deleteCustomerService),
    route(listCivicAddresses, tenantData.listCivicAddresses),
    route(getCivicAddress, tenantData.getCivicAddress),
    route(listCapabilityPlans, tenantData.listCapabilityPlans),
    route(getAvailableCapabilities, tenantData.getAvailableCapabilities),
    route(listCustomerNumbers, numbers.listCustomerNumbers),
    route(listNumbers, numbers.listNumbers),
    route(getNumber, numbers.getNumber),
    route(putNumber, numbers.putNumber),
    route(releaseNumber, numbers.releaseNumber),
    route(createOrder, orders.createOrder),
    route(validateOrder, validating.validateOrder),
    route(listOrders, orders.listOrders),
    route(getOrder, orders.getOrder),
    route(listOrderItems, orders.listOrderItems),
    route(cancelOrder, actions.cancelOrder),
    route(retryOrder, actions.retryOrder),
    route(listOperations, operations.listOperations),
    route(getOperation, operations.getOperation),
  ];
  const held = heldToDocument(routes.map(({ contract }) => contract));
  const call = async (name: string, { as = 'acme', ...request }: Call & AsCaller = {}): Promise<Answered> => {
    const found = routes.find(({ contract }) => contract.name === name);
    if (!found) throw new Error(`no route ${name}`);
    const { method, path } = found.contract;
    const answer = await callHttp(found.handler, { method, ...request, headers: { authorization: `Bearer ${as}`, ...request.headers } });
    return held(method, `/api/${path.replaceAll(/[{}]/g, '')}`, answer);
  };

  const settle = makeSettle({ lanes, index, describe, now });
  /** What was told of a lane, in order. */
  const eventsOf = async (lane: string): Promise<LaneEvent[]> => {
    const { from, to } = below('evt', lane);
    return (await state.range(lanePartition(lane), from, to)).map((row) => row.value as LaneEvent);
  };
  /** Brings the lists up to date, as the engine does. */
  const projectLane = async (lane: string): Promise<void> => {
    const row = await lanes.readLane(lane);
    if (row) await project(row.value);
  };
  return {
    index,
    gateway,
    profiles,
    readItems,
    projectLane,
    call,
    settle,
    eventsOf,
    woken,
    lanes,
    accept,
    moveClock: (ms: number) => void (nowMs += ms),
  };
};

export type ApiWorld = ReturnType<typeof apiWorld>;

/** Puts customer `contoso` of a partner. */
export const putContoso = (world: ApiWorld, request: Call & AsCaller = {}): Promise<Answered> =>
  world.call('putCustomer', { params: { customerId: 'contoso' }, body: CUSTOMER, ...request });

export const orderOf = (numbers: readonly string[], more: Record<string, unknown> = {}): Record<string, unknown> => ({
  action: 'provision',
  customerId: 'contoso',
  numbers,
  profile: PROFILE,
  ...more,
});
