/** GET /me: who the caller is and what it may do. */
import { defineRoute } from '../../shared/platform/http/contract.ts';
import { meView } from '../../shared/partners/me.ts';

const ME = {
  kind: 'partner',
  tenantId: '22222222-2222-4222-8222-222222222222',
  clientId: '33333333-3333-4333-8333-333333333333',
  roles: ['Partner.Read', 'Partner.Write'],
  partner: {
    id: 'acme',
    name: 'Acme',
    state: 'active',
    numberRanges: [{ from: '+441632960000', to: '+441632969999' }],
    quota: { requestsPerMinute: 300, numbersPerDay: 50_000 },
  },
  limits: { numbersPerOrder: 10_000, rangesPerOrder: 100 },
  apiVersions: ['2026-11-01'],
};

export const getMe = defineRoute({
  name: 'getMe',
  method: 'GET',
  path: 'me',
  role: 'any',
  summary: 'Who you are to this API, and what you may',
  examples: { answer: ME },
  success: { 200: meView },
});
