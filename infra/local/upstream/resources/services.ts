/** The five services of the gateway and what distinguishes them (azure-docs provisioning-platform: which of them sync to a backend). */
export const SERVICES = [
  'teamsOperatorConnect',
  'teamsPhoneMobile',
  'teamsDirectRouting',
  'zoomPhoneCloudPeering',
  'azureOperatorCallProtection',
] as const;

export type Service = (typeof SERVICES)[number];

/** The short name by which a backend signs its errors (`target`); known from the 2024-01-30 draft, `aocp` is ours. */
export const BACKEND_NAMES: Record<Service, string> = {
  teamsOperatorConnect: 'oc',
  teamsPhoneMobile: 'tpm',
  teamsDirectRouting: 'dr',
  zoomPhoneCloudPeering: 'zoom',
  azureOperatorCallProtection: 'aocp',
};

/** Services whose numbers live in the customer's Teams tenant. */
export const TENANT_SERVICES = ['teamsOperatorConnect', 'teamsPhoneMobile'] as const satisfies readonly Service[];
