/** Whether a customer's tenant must stay as it is, because numbers rely on it. */
import { AppError } from '../platform/errors/app-error.ts';
import { SERVICES, TENANT_SERVICES } from '../platform/upstream/services.ts';
import type { PutCustomerRequest } from './model.ts';
import type { CustomerLane, ListNumbers } from './ports.ts';
import { viewOf } from './translate.ts';

/** Another tenant takes the place of the one there; a request that names none gives up the services that need one, which is judged as such. */
const moves = ({ teamsTenantId }: Pick<PutCustomerRequest, 'teamsTenantId'>, lane: CustomerLane): boolean => {
  const known = viewOf(lane).teamsTenantId;
  return known !== undefined && teamsTenantId !== undefined && teamsTenantId !== known;
};

/** Upstream has counted such numbers, or whatever numbers there are can be of no other service. */
const reliesOnTenant = (lane: CustomerLane): boolean => {
  const { services } = viewOf(lane);
  const enabled = SERVICES.filter((name) => services[name]?.enabled);
  const counted = TENANT_SERVICES.some((name) => (lane.account.seen?.numberCounts[name] ?? 0) > 0);
  return counted || (enabled.length > 0 && enabled.every((name) => TENANT_SERVICES.includes(name)));
};

/** TenantIdLocked by what is known here; where that is not enough, the change itself ends with the same code. */
export const tenantLock = async (
  listNumbers: ListNumbers,
  lane: CustomerLane,
  request: Pick<PutCustomerRequest, 'teamsTenantId'>,
): Promise<AppError | undefined> => {
  if (!moves(request, lane) || !reliesOnTenant(lane)) return undefined;
  return (await listNumbers(lane.lane, 1)).length > 0 ? new AppError('TenantIdLocked', { target: 'teamsTenantId' }) : undefined;
};
