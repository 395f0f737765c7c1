/** Connects what places, checks and follows orders: customers and requests for information say what may be ordered, the engine carries it out. */
import { customerLaneOf } from '../shared/customers/names.ts';
import { makeListAccepted } from '../shared/operations/list-accepted.ts';
import { makeCancelOrder } from '../shared/orders/cancel-order.ts';
import { makeCreateOrder, type CreateOrder } from '../shared/orders/create-order.ts';
import { makeListItems } from '../shared/orders/list-items.ts';
import { makeListOrders, type ListOrders } from '../shared/orders/list-orders.ts';
import { makeManageProfiles } from '../shared/orders/manage-profiles.ts';
import { makeQuotaAccept } from '../shared/orders/order-quota.ts';
import type { ReadItems } from '../shared/orders/ports.ts';
import { profileStore } from '../shared/orders/profile-store.ts';
import { makeReadOrder, type ReadOrder } from '../shared/orders/read-order.ts';
import { makeRetryOrder } from '../shared/orders/retry-order.ts';
import { makeValidateOrder } from '../shared/orders/validate-order.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { makeReadConsent } from '../shared/rfis/read-consent.ts';
import type { Customers } from './customers.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { numberOrderUses, type NumberOrderUses } from './http/number-orders.ts';
import { orderActionUses, type OrderActionUses } from './http/order-actions.ts';
import { validationUses, type ValidationUses } from './http/order-validation.ts';
import { profileUses, type ProfileUses } from './http/profiles.ts';
import { makeReadTenantFacts } from './tenant-facts.ts';

export type OrderParts = {
  engine: Pick<Engine, 'lanes' | 'accept' | 'findRepeat' | 'readStanding' | 'foreseeNumbers' | 'cancel'>;
  customers: Pick<Customers, 'findCustomer' | 'ensureService' | 'readOffers'>;
  readItems: ReadItems;
};

/** The last three are what others do with orders. */
export type Orders = {
  uses: NumberOrderUses & ValidationUses & OrderActionUses & ProfileUses;
  createOrder: CreateOrder;
  readOrder: ReadOrder;
  listOrders: ListOrders;
};

export const makeOrders = (settings: Settings, { clock, table }: Effects, { engine, customers, readItems }: OrderParts): Orders => {
  const { PUBLIC_BASE_URL: publicBaseUrl, UPSTREAM_REQUESTS_PER_MINUTE: upstreamRequestsPerMinute } = settings;
  const { lanes, accept, findRepeat, readStanding, foreseeNumbers, cancel } = engine;
  const { findCustomer, ensureService, readOffers } = customers;
  const now = (): number => clock.now();
  const state = table('State');
  const profiles = makeManageProfiles(profileStore(table('Partners')), now, publicBaseUrl);
  const common = {
    findCustomer,
    ensureService,
    findProfile: profiles.findSettings,
    readTenantFacts: makeReadTenantFacts({ readOffers, readConsent: makeReadConsent({ state }) }),
    rules: { emergencyAddressRequired: settings.EMERGENCY_ADDRESS_REQUIRED },
    findRepeat,
    accept: makeQuotaAccept({ usage: table('Usage'), accept, now }),
    now,
    publicBaseUrl,
    upstreamRequestsPerMinute,
  };
  const listOrders = makeListOrders({ ...common, listAccepted: makeListAccepted({ state, lanes }), laneOf: customerLaneOf });
  const createOrder = makeCreateOrder(common);
  const { readOperation, readRetries } = lanes;
  const readOrder = makeReadOrder({ readOperation, readRetries, readStanding, now, publicBaseUrl, upstreamRequestsPerMinute });
  return {
    uses: {
      ...validationUses({ validateOrder: makeValidateOrder({ ...common, foreseeNumbers }) }),
      ...numberOrderUses({ createOrder, listOrders, readOrder, listItems: makeListItems({ readItems, publicBaseUrl }) }),
      ...orderActionUses({ cancelOrder: makeCancelOrder({ ...common, cancel }), retryOrder: makeRetryOrder({ readItems, createOrder }) }),
      ...profileUses(profiles),
    },
    createOrder,
    readOrder,
    listOrders,
  };
};
