/** Pure: what the tenant data of a customer look like, for the API document. */

export const CIVIC_ADDRESS = {
  id: 'b39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a11',
  description: 'London office',
  companyName: 'Contoso',
  address: { country: 'GB', houseNumber: '1', streetName: 'Islington Green', city: 'London', postalCode: 'N1 2XH' },
  validated: true,
  defaultLocationId: 'c5a1f7d2-0e3b-4c68-8f0b-2d9f3b7e6a52',
  locations: [{ id: 'c5a1f7d2-0e3b-4c68-8f0b-2d9f3b7e6a52', description: 'Reception', isDefault: true }],
};

export const CIVIC_ADDRESS_PAGE = { value: [CIVIC_ADDRESS] };

export const CAPABILITY_PLAN_LIST = {
  value: [
    {
      name: 'Calling user',
      usage: 'CallingUserAssignment',
      offerTypes: ['Calling'],
      mandatoryCapabilities: ['UserAssignment'],
      choosableCapabilities: ['InboundCalling', 'OutboundCalling'],
      supportsTollFree: false,
    },
  ],
};

export const CAPABILITIES_REQUEST = { numbers: ['+441632960000', '+441632960001'] };
export const AVAILABLE_CAPABILITIES = { availableCapabilities: ['InboundCalling', 'OutboundCalling'] };
