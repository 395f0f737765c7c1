/** Keeps table `Lists` in step with customers: which ones a partner has, and who serves a Microsoft Entra tenant. */
import type { Lane } from '../platform/lanes/lane.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { SERVICES, type Service } from '../platform/upstream/services.ts';
import { isCustomerLane } from './names.ts';
import type { CustomerLane } from './ports.ts';
import { viewOf } from './translate.ts';

const MAX_TRIES = 5;
/** Before and after every key made of ids. */
const FIRST_KEY = '0';
const AFTER_LAST_KEY = '~';

/** A row of `customers|<partner>`: what changes only when the partner changes it. */
export type ListedCustomer = {
  v: 1;
  customerId: string;
  accountName: string;
  teamsTenantId?: string;
  reference?: string;
  services: Service[];
  createdAt: string;
  /** The request that this row shows; an older one never overwrites it. */
  operationSeq: number;
  /** Gone; the row stays so that an older look cannot bring it back. */
  removed?: true;
};

/** A row of `tenant|<tenant id>`. */
type TenantRow = { v: 1; partner: string; customerId: string };

export type ProjectEffects = { lists: RowStore };

/** Whether a lane of any kind is a customer's. */
export const isCustomer = (lane: Lane): lane is CustomerLane => isCustomerLane(lane.lane);

/** Where a partner's customers stand in `Lists`, by their ids. */
export const customersPartition = (partner: string): string => `customers|${partner}`;
const tenantPartition = (tenantId: string): string => `tenant|${tenantId.toLowerCase()}`;
const tenantKey = ({ partner, customerId }: { partner: string; customerId: string }): string => `${partner}|${customerId}`;

const toListed = (lane: CustomerLane): ListedCustomer => {
  const { teamsTenantId: tenantId, reference, services } = viewOf(lane);
  const teamsTenantId = lane.account.removal === 'done' ? undefined : tenantId;
  return {
    v: 1,
    customerId: lane.customerId,
    accountName: lane.accountName,
    ...(teamsTenantId === undefined ? {} : { teamsTenantId }),
    ...(reference === undefined ? {} : { reference }),
    services: SERVICES.filter((name) => services[name]?.enabled),
    createdAt: lane.account.createdAt,
    operationSeq: lane.account.operationSeq,
    ...(lane.account.removal === 'done' ? { removed: true } : {}),
  };
};

const removeTenant = async (lists: RowStore, tenantId: string, lane: CustomerLane): Promise<void> => {
  const key = tenantKey(lane);
  if (!(await lists.get(tenantPartition(tenantId), key))) return;
  // A conflict means that it is gone already.
  await lists.commit(tenantPartition(tenantId), [{ kind: 'delete', key }]);
};

const addTenant = async (lists: RowStore, tenantId: string, lane: CustomerLane): Promise<void> => {
  const value: TenantRow = { v: 1, partner: lane.partner, customerId: lane.customerId };
  await lists.commit(tenantPartition(tenantId), [{ kind: 'put', key: tenantKey(lane), value }]);
};

/** False when the row moved meanwhile. The customer's row is written last: until then a repeat still sees which tenant it had. */
const projectOnce = async (lists: RowStore, lane: CustomerLane): Promise<boolean> => {
  const partition = customersPartition(lane.partner);
  const row = await lists.get(partition, lane.customerId);
  const old = row?.value as ListedCustomer | undefined;
  const value = toListed(lane);
  if (old && (old.operationSeq > value.operationSeq || (old.removed && old.operationSeq === value.operationSeq))) return true;
  if (old?.teamsTenantId !== undefined && old.teamsTenantId !== value.teamsTenantId) await removeTenant(lists, old.teamsTenantId, lane);
  if (value.teamsTenantId !== undefined) await addTenant(lists, value.teamsTenantId, lane);
  const key = lane.customerId;
  const write: RowWrite = row ? { kind: 'replace', key, value, etag: row.etag } : { kind: 'insert', key, value };
  return (await lists.commit(partition, [write])).outcome === 'committed';
};

/** Repeatable at any point; throws when somebody else keeps changing the same row. */
export const makeProjectCustomer =
  ({ lists }: ProjectEffects) =>
  async (lane: CustomerLane): Promise<void> => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) if (await projectOnce(lists, lane)) return;
    throw new Error('the list of customers stayed contended');
  };

/** Who serves a tenant, by partner and customer id. */
export type FindPartnersOfTenant = (tenantId: string) => Promise<{ partner: string; customerId: string }[]>;

export const makeFindPartnersOfTenant =
  ({ lists }: ProjectEffects): FindPartnersOfTenant =>
  async (tenantId) => {
    const rows = await lists.range(tenantPartition(tenantId), FIRST_KEY, AFTER_LAST_KEY);
    return rows.map(({ value }) => {
      const { partner, customerId } = value as TenantRow;
      return { partner, customerId };
    });
  };
