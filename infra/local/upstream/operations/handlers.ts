/** Which function serves which published operation. */
import type { OperationId } from '../http/routes.ts';
import { deleteAccount, getAccount, listAccounts, putAccount } from './accounts.ts';
import type { Handle } from './call.ts';
import { getCivicAddress, listCivicAddresses } from './civic-addresses.ts';
import { getAvailableCapabilities, getCapabilityPlans } from './capabilities.ts';
import { createOrUpdateNumbers, deleteNumbers } from './number-batches.ts';
import { deleteNumber, getNumber, listAllNumbers, listNumbersOfAccount, putNumber } from './numbers.ts';
import { getRfi, listRfis, patchRfi } from './rfis.ts';

export const HANDLERS: Record<OperationId, Handle> = {
  Accounts_List: listAccounts,
  Accounts_Get: getAccount,
  Accounts_CreateOrReplace: putAccount,
  Accounts_Delete: deleteAccount,
  Accounts_CreateOrUpdateNumbers: createOrUpdateNumbers,
  Accounts_DeleteNumbers: deleteNumbers,
  Accounts_GetTeamsCapabilityPlans: getCapabilityPlans,
  Accounts_GetTeamsAvailableCapabilities: getAvailableCapabilities,
  Accounts_ListNumbers: listNumbersOfAccount,
  Accounts_GetNumber: getNumber,
  Accounts_CreateOrReplaceNumber: putNumber,
  Accounts_DeleteNumber: deleteNumber,
  Accounts_ListTeamsCivicAddresses: listCivicAddresses,
  Accounts_GetTeamsCivicAddress: getCivicAddress,
  ListNumbers: listAllNumbers,
  TeamsRequestsForInformation_List: listRfis,
  TeamsRequestsForInformation_GetRequestForInformation: getRfi,
  TeamsRequestsForInformation_CreateOrUpdateRequestForInformation: patchRfi,
};
