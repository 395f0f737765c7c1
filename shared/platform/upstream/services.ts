/** Pure: the services that a number can have, as the Provisioning API names them (azure-rest-api-specs voiceservices 2024-02-29-preview). */

export const SERVICES = [
  'teamsOperatorConnect',
  'teamsPhoneMobile',
  'teamsDirectRouting',
  'zoomPhoneCloudPeering',
  'azureOperatorCallProtection',
] as const;
export type Service = (typeof SERVICES)[number];

/** Numbers of these rely on the customer's tenant, whose id is fixed while they exist (azure-docs, integrate with the Provisioning API). */
export const TENANT_SERVICES: readonly Service[] = ['teamsOperatorConnect', 'teamsPhoneMobile'];
