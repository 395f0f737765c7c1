/** The customer and the settings that most orders of tests and benchmarks have. */

export const CUSTOMER = { teamsTenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a', services: { teamsOperatorConnect: {} } };

export const PROFILE = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling'],
  emergency: { tenantMayUpdate: true },
};
