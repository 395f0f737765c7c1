/** Use cases: a partner reads what the gateway knows of its customer's tenant: emergency addresses, plans, capabilities of numbers. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { fromPageToken, nextLinkTo, pageAfter, pagingQuery } from '../platform/http/paging.ts';
import { customerLaneOf } from './names.ts';
import type { ReadCustomerLane } from './ports.ts';
import { dataOwnerOf, readKept, readThrough, type DataOwner, type ReadData, type ReadThroughEffects } from './read-through.ts';
import { ADDRESSES, capabilitiesOf, oneAddress, PLANS } from './tenant-sources.ts';
import { capabilityPlanBody, civicAddressBody, type CapabilityPlan, type CivicAddress } from './tenant-data.ts';

/** `true` asks the gateway, however young the copy is. */
const refresh = z.enum(['true', 'false']).optional();
export const refreshQuery = z.strictObject({ refresh });
export const addressListQuery = z.strictObject({ refresh, ...pagingQuery });
export type AddressListQuery = z.output<typeof addressListQuery>;

export const civicAddressPage = z
  .strictObject({ value: z.array(civicAddressBody), nextLink: z.string().optional() })
  .meta({ id: 'CivicAddressPage' });
export const capabilityPlanList = z.strictObject({ value: z.array(capabilityPlanBody) }).meta({ id: 'CapabilityPlanList' });
export const availableCapabilitiesBody = z
  .strictObject({ availableCapabilities: z.array(z.string()) })
  .meta({ id: 'AvailableCapabilities' });

type WithAge<T> = { body: T; headers: { Age: string } };
type Asked<T> = Promise<WithAge<T> | AppError>;

/**
 * Errors: ResourceNotFound (another partner's customer, too), TooManyRequests, UpstreamUnavailable, UpstreamTimeout, UpstreamRejected; the list of
 * addresses also InvalidContinuationToken. `Age` tells in seconds how old the answer is.
 */
export type ReadTenantData = {
  addresses: (partner: string, customerId: string, query: AddressListQuery) => Asked<z.input<typeof civicAddressPage>>;
  address: (partner: string, customerId: string, civicAddressId: string, refresh: boolean) => Asked<CivicAddress>;
  plans: (partner: string, customerId: string, refresh: boolean) => Asked<{ value: CapabilityPlan[] }>;
  /** What all these numbers of the customer have in common. */
  capabilities: (
    partner: string,
    customerId: string,
    numbers: readonly string[],
    refresh: boolean,
  ) => Asked<{ availableCapabilities: string[] }>;
};

export type ReadTenantDataEffects = ReadThroughEffects & { readLane: ReadCustomerLane; publicBaseUrl: string };

const MS_PER_S = 1_000;

export const makeReadTenantData = (effects: ReadTenantDataEffects): ReadTenantData => {
  const find = async (partner: string, customerId: string): Promise<DataOwner | AppError> => {
    const lane = (await effects.readLane(customerLaneOf(partner, customerId)))?.value;
    return lane && lane.account.removal !== 'done' ? dataOwnerOf(lane) : new AppError('ResourceNotFound', { target: 'customer' });
  };
  const aged = <T>(body: T, { atMs }: ReadData<unknown>): WithAge<T> => ({
    body,
    headers: { Age: String(Math.max(0, Math.floor((effects.now() - atMs) / MS_PER_S))) },
  });
  return {
    addresses: async (partner, customerId, { refresh, maxpagesize, continuationToken }) => {
      const after = continuationToken === undefined ? undefined : fromPageToken(continuationToken);
      if (continuationToken !== undefined && after === undefined)
        return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
      const lane = await find(partner, customerId);
      if (lane instanceof AppError) return lane;
      const read = await readThrough(effects, lane, ADDRESSES, { refresh: refresh === 'true' });
      if (read instanceof AppError) return read;
      const { page, next } = pageAfter(read.value, ({ id }) => id, after, maxpagesize);
      // The next page is of the same list: asking anew for each page would spend the budget and mix two lists.
      const path = `customers/${customerId}/civic-addresses`;
      const link = next === undefined ? {} : { nextLink: nextLinkTo(effects.publicBaseUrl, path, { maxpagesize }, next) };
      return aged({ value: page, ...link }, read);
    },
    address: async (partner, customerId, civicAddressId, refresh) => {
      const lane = await find(partner, customerId);
      if (lane instanceof AppError) return lane;
      const all = refresh ? undefined : await readKept(effects, lane, ADDRESSES);
      const listed = all?.value.find(({ id }) => id === civicAddressId);
      if (all && listed) return aged(listed, all);
      const read = await readThrough(effects, lane, oneAddress(civicAddressId), { refresh, target: 'civicAddress' });
      return read instanceof AppError ? read : aged(read.value, read);
    },
    plans: async (partner, customerId, refresh) => {
      const lane = await find(partner, customerId);
      if (lane instanceof AppError) return lane;
      const read = await readThrough(effects, lane, PLANS, { refresh });
      return read instanceof AppError ? read : aged({ value: read.value }, read);
    },
    capabilities: async (partner, customerId, numbers, refresh) => {
      const lane = await find(partner, customerId);
      if (lane instanceof AppError) return lane;
      const read = await readThrough(effects, lane, capabilitiesOf(numbers), { refresh, target: 'numbers' });
      return read instanceof AppError ? read : aged({ availableCapabilities: read.value }, read);
    },
  };
};
