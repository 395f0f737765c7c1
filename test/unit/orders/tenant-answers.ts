/** What the gateway says of a customer's tenant: one address and one plan. */

/** By the path that is asked. */
export const tenantAnswers = (account: string) => ({
  [`${account}/teamsCivicAddresses`]: { kind: 'answer' as const, status: 200, body: { value: [{ id: 'a', defaultLocationId: 'a-1' }] } },
  [`${account}:getTeamsCapabilityPlans`]: {
    kind: 'answer' as const,
    status: 200,
    body: { capabilityPlans: [{ name: 'p', usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'] }] },
  },
});
