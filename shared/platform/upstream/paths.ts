/** Pure: the paths of the Provisioning API, every part encoded (azure-rest-api-specs voiceservices 2024-02-29-preview). */

const enc = encodeURIComponent;

export const accountsPath = (): string => '/accounts';
export const accountPath = (accountName: string): string => `/accounts/${enc(accountName)}`;
export const createOrUpdateNumbersPath = (accountName: string): string => `${accountPath(accountName)}:createOrUpdateNumbers`;
export const deleteNumbersPath = (accountName: string): string => `${accountPath(accountName)}:deleteNumbers`;
export const teamsCapabilityPlansPath = (accountName: string): string => `${accountPath(accountName)}:getTeamsCapabilityPlans`;
export const teamsAvailableCapabilitiesPath = (accountName: string): string => `${accountPath(accountName)}:getTeamsAvailableCapabilities`;
export const numbersPath = (accountName: string): string => `${accountPath(accountName)}/numbers`;
/** `telephoneNumber` with its plus sign. */
export const numberPath = (accountName: string, telephoneNumber: string): string => `${numbersPath(accountName)}/${enc(telephoneNumber)}`;
export const civicAddressesPath = (accountName: string): string => `${accountPath(accountName)}/teamsCivicAddresses`;
export const civicAddressPath = (accountName: string, civicAddressId: string): string =>
  `${civicAddressesPath(accountName)}/${enc(civicAddressId)}`;
/** The numbers of all accounts. */
export const allNumbersPath = (): string => '/numbers';
export const rfisPath = (): string => '/teamsRequestsForInformation';
export const rfiPath = (tenantId: string): string => `/teamsRequestsForInformation/${enc(tenantId)}`;
