/** Who is on the stage: two partners with ranges, applications and customers of their own. */

const TENANT = '22222222-2222-4222-8222-222222222222';

/** Has nothing, so that it can go. */
export const IDLE_PARTNER = 'idle';

export const SEED_PARTNERS = [
  {
    id: 'acme',
    name: 'Acme',
    ranges: [{ from: '+441632960000', to: '+441632969999' }],
    clients: [{ tenantId: TENANT, clientId: '33333333-3333-4333-8333-333333333333' }],
  },
  {
    id: 'globex',
    name: 'Globex',
    ranges: [{ from: '+441632950000', to: '+441632959999' }],
    clients: [{ tenantId: TENANT, clientId: '44444444-4444-4444-8444-444444444444' }],
  },
  { id: IDLE_PARTNER, name: 'Idle', ranges: [], clients: [] },
];

/** First digits of each partner's numbers. */
export const BLOCK_OF = { acme: '44163296', globex: '44163295' } as const;

/** The tenant of each partner's customer; each has asked to be served. */
export const TENANT_OF = { acme: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a', globex: 'b7f4bd5c-cc01-40f4-8baa-2b6bdb272b8b' } as const;
export const RFI_TENANTS = Object.values(TENANT_OF);

export const ADDRESS_ID_OF = { acme: 'b39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a11', globex: 'c39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a12' } as const;

export const addressOf = (partner: keyof typeof ADDRESS_ID_OF) => ({
  id: ADDRESS_ID_OF[partner],
  defaultLocationId: 'd39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a13',
  country: 'GB',
  houseNumber: '1',
  streetName: 'Example Street',
  cityOrTown: 'Reading',
  postalOrZipCode: 'RG1 1AA',
  locations: [{ id: 'd39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a13', civicAddressId: ADDRESS_ID_OF[partner], isDefault: true }],
});
