/** GET /me: who the caller is and what it may do. */
import { defineRoute } from '../../shared/platform/http/contract.ts';
import { meView } from '../../shared/partners/me.ts';

export const getMe = defineRoute({
  name: 'getMe',
  method: 'GET',
  path: 'me',
  role: 'any',
  success: { 200: meView },
});
