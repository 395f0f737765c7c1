/** The 18 published operations as data: method, path, which role opens them, and which header families they honour. */

/** What a caller must be allowed to do; the app roles that give it are in auth/roles.ts. */
export type Permission = 'read' | 'write' | 'delete';

export type OperationId = keyof typeof ROUTES;

export type Route = {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  template: string;
  permission: Permission;
  /** Honours If-Match and its family (azure-rest-api-specs voiceservices 2024-02-29-preview: single resources only). */
  conditional: boolean;
  /** Honours the Repeatability-* pair: every operation that is not a GET. */
  repeatable: boolean;
};

const read = (template: string, conditional = false): Route => ({
  method: 'GET',
  template,
  permission: 'read',
  conditional,
  repeatable: false,
});
const change = (method: Route['method'], template: string, permission: Permission): Route => ({
  method,
  template,
  permission,
  conditional: method !== 'POST',
  repeatable: true,
});

const ACCOUNT = '/accounts/{accountName}';
const NUMBER = `${ACCOUNT}/numbers/{telephoneNumber}`;
const RFI = '/teamsRequestsForInformation/{tenantId}';

export const ROUTES = {
  Accounts_List: read('/accounts'),
  Accounts_Get: read(ACCOUNT, true),
  Accounts_CreateOrReplace: change('PUT', ACCOUNT, 'write'),
  Accounts_Delete: change('DELETE', ACCOUNT, 'delete'),
  Accounts_CreateOrUpdateNumbers: change('POST', `${ACCOUNT}:createOrUpdateNumbers`, 'write'),
  Accounts_DeleteNumbers: change('POST', `${ACCOUNT}:deleteNumbers`, 'delete'),
  Accounts_GetTeamsCapabilityPlans: change('POST', `${ACCOUNT}:getTeamsCapabilityPlans`, 'read'),
  Accounts_GetTeamsAvailableCapabilities: change('POST', `${ACCOUNT}:getTeamsAvailableCapabilities`, 'read'),
  Accounts_ListNumbers: read(`${ACCOUNT}/numbers`),
  Accounts_GetNumber: read(NUMBER, true),
  Accounts_CreateOrReplaceNumber: change('PUT', NUMBER, 'write'),
  Accounts_DeleteNumber: change('DELETE', NUMBER, 'delete'),
  Accounts_ListTeamsCivicAddresses: read(`${ACCOUNT}/teamsCivicAddresses`),
  Accounts_GetTeamsCivicAddress: read(`${ACCOUNT}/teamsCivicAddresses/{civicAddressId}`, true),
  ListNumbers: read('/numbers'),
  TeamsRequestsForInformation_List: read('/teamsRequestsForInformation'),
  TeamsRequestsForInformation_GetRequestForInformation: read(RFI, true),
  TeamsRequestsForInformation_CreateOrUpdateRequestForInformation: change('PATCH', RFI, 'write'),
} as const satisfies Record<string, Route>;

export const OPERATION_IDS = Object.keys(ROUTES) as OperationId[];
