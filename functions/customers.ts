/** Connects what reads and changes customers: the engine carries changes out, the gateway is asked about their tenants. */
import { makeDeleteService, makePutService } from '../shared/customers/change-service.ts';
import { makeDeleteCustomer } from '../shared/customers/delete-customer.ts';
import { makeEnsureService } from '../shared/customers/ensure-service.ts';
import { makeFindCustomer, makeGetCustomer } from '../shared/customers/get-customer.ts';
import { makeListCustomers } from '../shared/customers/list-customers.ts';
import type { IsReserved } from '../shared/customers/ports.ts';
import { makePutCustomer } from '../shared/customers/put-customer.ts';
import { makeReadTenantData } from '../shared/customers/read-tenant-data.ts';
import { tenantCache } from '../shared/customers/tenant-cache.ts';
import { makeReadTenantOffers, type ReadTenantOffers } from '../shared/customers/tenant-facts.ts';
import { makeListKnownNumbers } from '../shared/operations/known-numbers.ts';
import type { GetOperation } from '../shared/operations/read-operation.ts';
import type { EnsureService, FindCustomer } from '../shared/orders/ports.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import type { Effects } from './effects.ts';
import type { Engine } from './engine.ts';
import { customerServiceUses, type CustomerServiceUses } from './http/customer-services.ts';
import { customerUses, type CustomerUses } from './http/customers.ts';
import { tenantDataUses, type TenantDataUses } from './http/tenant-data.ts';

export type CustomerParts = {
  engine: Pick<Engine, 'lanes' | 'accept' | 'askNow' | 'refreshAccount'>;
  getOperation: GetOperation;
  isReserved: IsReserved;
};

/** The last three are what orders need of customers. */
export type Customers = {
  uses: CustomerUses & CustomerServiceUses & TenantDataUses;
  findCustomer: FindCustomer;
  ensureService: EnsureService;
  readOffers: ReadTenantOffers;
};

export const makeCustomers = (settings: Settings, { clock, table }: Effects, parts: CustomerParts): Customers => {
  const { engine, getOperation, isReserved } = parts;
  const { PUBLIC_BASE_URL: publicBaseUrl, GATEWAY_BASE_DOMAIN: gatewayDomain } = settings;
  const { readLane } = engine.lanes;
  const listNumbers = makeListKnownNumbers(table('State'));
  const common = { readLane, accept: engine.accept, publicBaseUrl, gatewayDomain, isReserved, listNumbers };
  const tenantData = { askNow: engine.askNow, cache: tenantCache(table('Cache')), now: () => clock.now() };
  return {
    uses: {
      ...customerUses(
        {
          putCustomer: makePutCustomer(common),
          getCustomer: makeGetCustomer({ ...common, refresh: engine.refreshAccount }),
          listCustomers: makeListCustomers({ lists: table('Lists'), publicBaseUrl }),
          deleteCustomer: makeDeleteCustomer(common),
          getOperation,
        },
        publicBaseUrl,
      ),
      ...customerServiceUses({ putService: makePutService(common), deleteService: makeDeleteService(common), getOperation }, publicBaseUrl),
      ...tenantDataUses(makeReadTenantData({ ...tenantData, readLane, publicBaseUrl })),
    },
    findCustomer: makeFindCustomer({ readLane }),
    ensureService: makeEnsureService({ readLane }),
    readOffers: makeReadTenantOffers(tenantData),
  };
};
