/** Whether a number's emergency address exists in its customer's tenant; asked only when addresses were loaded; pure. */
import type { NumberContent } from '../resources/number-schema.ts';
import { TENANT_SERVICES } from '../resources/services.ts';
import type { CivicAddress } from '../resources/teams-data.ts';

export type AddressProblem = { target: string; message: string };

type Wanted = { civicAddressId?: string | undefined; locationId?: string | undefined };

const findProblem = (addresses: readonly CivicAddress[], { civicAddressId, locationId }: Wanted): string | undefined => {
  const named = addresses.filter((address) => civicAddressId === undefined || address.id === civicAddressId);
  if (civicAddressId !== undefined && named.length === 0) return 'The civic address does not exist.';
  const hasLocation = named.some(
    (address) => address.defaultLocationId === locationId || address.locations?.some((location) => location.id === locationId),
  );
  return locationId !== undefined && !hasLocation ? 'The location does not exist in the civic address.' : undefined;
};

/** The first address or location that nobody loaded. */
export const findAddressProblem = (addresses: readonly CivicAddress[], number: NumberContent): AddressProblem | undefined => {
  if (addresses.length === 0) return undefined;
  for (const service of TENANT_SERVICES) {
    const message = findProblem(addresses, number.serviceDetails[service]?.configuration ?? {});
    if (message !== undefined) return { target: `serviceDetails.${service}.configuration`, message };
  }
  return undefined;
};
