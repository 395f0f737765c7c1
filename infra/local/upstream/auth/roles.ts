/** App roles in a token and what each opens; pure. */
import type { Permission, Route } from '../http/routes.ts';

/** Published for the verbs; which role opens the POST actions is not, so each follows what it does to the data. */
const ROLE_OF: Record<Permission, string> = {
  read: 'ProvisioningAPI.Read',
  write: 'ProvisioningAPI.Write',
  delete: 'ProvisioningAPI.Delete',
};

export const ADMIN_ROLE = 'ProvisioningAPI.Admin';
export const ALL_ROLES = [ADMIN_ROLE, ...Object.values(ROLE_OF)];

/** Roles add up; Write does not include Read. `lenient` lets Write call every POST action. */
export const isAllowed = (roles: readonly string[], route: Route, lenient: boolean): boolean =>
  roles.includes(ADMIN_ROLE) ||
  roles.includes(ROLE_OF[route.permission]) ||
  (lenient && route.method === 'POST' && roles.includes(ROLE_OF.write));
