/** Pure: what the operator's things look like, for the API document. */

export const STOP = {
  id: 'customer.acme.contoso',
  scope: 'customer',
  partnerId: 'acme',
  customerId: 'contoso',
  reason: 'Numbers are being moved by hand',
  since: '2026-11-22T02:00:00.000Z',
};

export const API_KEY = {
  id: '01jd8m9s1c3f5h7k9n1q3s5v7x',
  name: 'bss production',
  roles: ['Partner.Read', 'Partner.Write'],
  state: 'live',
  createdAt: '2026-11-22T02:00:00.000Z',
  expiresAt: '2027-11-22T02:00:00.000Z',
};
