/** What orders have to know of a customer's tenant: the plans and addresses that are kept, or as upstream has them now. */
import { AppError } from '../platform/errors/app-error.ts';
import { readKept, readThrough, type DataOwner, type ReadThroughEffects } from './read-through.ts';
import type { CapabilityPlan } from './tenant-data.ts';
import { ADDRESSES, PLANS, type Source } from './tenant-sources.ts';

/** What is absent is unknown. */
export type TenantOffers = { plans?: CapabilityPlan[]; addresses?: { id: string; locationIds: string[] }[] };

/** `stored` asks nobody; `fresh` asks upstream where the copy is too old, and takes the lack of an answer as not knowing. */
export type ReadTenantOffers = (
  owner: DataOwner,
  wants: { plans: boolean; addresses: boolean },
  how: 'stored' | 'fresh',
) => Promise<TenantOffers>;

export const makeReadTenantOffers = (effects: ReadThroughEffects): ReadTenantOffers => {
  const read = async <T>(owner: DataOwner, source: Source<T>, how: 'stored' | 'fresh'): Promise<T | undefined> => {
    if (how === 'stored') return (await readKept(effects, owner, source))?.value;
    const answer = await readThrough(effects, owner, source, { refresh: false });
    return answer instanceof AppError ? undefined : answer.value;
  };
  return async (owner, wants, how) => {
    const [plans, addresses] = await Promise.all([
      wants.plans ? read(owner, PLANS, how) : undefined,
      wants.addresses ? read(owner, ADDRESSES, how) : undefined,
    ]);
    return {
      ...(plans ? { plans } : {}),
      ...(addresses
        ? {
            addresses: addresses.map(({ id, defaultLocationId, locations }) => ({
              id,
              locationIds: [defaultLocationId, ...locations.map((location) => location.id)],
            })),
          }
        : {}),
    };
  };
};
