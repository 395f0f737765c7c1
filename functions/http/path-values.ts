/** Pure: for the API document, a value of each parameter that a path may have. */

export const PATH_VALUES: Readonly<Record<string, string>> = {
  customerId: 'contoso',
  service: 'teams-operator-connect',
  profileId: 'oc-users',
  orderId: '01jd8m3q5v2x7r9t4w6y8z0a1b',
  operationId: '01jd8m2h4n6p8r0t2v4x6z8b0d',
  subscriptionId: 'sub_7k2m',
  deliveryId: '42',
  telephoneNumber: '441632960000',
  civicAddressId: 'b39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a11',
  tenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a',
  partnerId: 'acme',
  ruleId: 'uk-to-acme',
  keyId: '01jd8m9s1c3f5h7k9n1q3s5v7x',
  stopId: 'customer.acme.contoso',
  driftId: '3k9v1c7m2p5r8t0w4y6z',
  lane: 'acc.acme-contoso',
  messageId: '3b1d9b6a5b0f4a6f9a0b9e6f1f7c2d11',
};
