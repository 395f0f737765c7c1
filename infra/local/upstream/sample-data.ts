/** What an emulator that runs alone begins with: one Request for Information, since the API cannot create one. */
import { changeRfis } from './control/seed.ts';
import type { World } from './world.ts';

export const SAMPLE_TENANT_ID = '0c0ffee0-0000-4000-8000-000000000001';

/** Does nothing when there are RFIs already. */
export const seedSample = (world: World): void => {
  if (world.store.rfiKeys.size() > 0) return;
  const contact = { fullName: 'Sam Sample', email: 'sam@sample.example', companyName: 'Sample Ltd', companySize: 'L1_U1' };
  const rfi = {
    tenantId: SAMPLE_TENANT_ID,
    id: '0c0ffee0-0000-4000-8000-000000000002',
    consentedCountries: ['US', 'UK'],
    contacts: [contact],
  };
  changeRfis(world, { rfis: [rfi] });
};
