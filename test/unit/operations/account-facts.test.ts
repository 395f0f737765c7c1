import { describe, expect, it } from 'vitest';
import { accountFacts, refusalOf } from '../../../shared/operations/account-facts.ts';

const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';
const seen = {
  name: 'acme-contoso',
  serviceDetails: {
    teamsTenantId: TENANT,
    teamsOperatorConnect: { enabled: true, syncEnabled: true, numberCount: 12 },
    teamsDirectRouting: { enabled: true, syncEnabled: false, numberCount: 0, subdomainStatus: 'notProvisioned' },
    zoomPhoneCloudPeering: { enabled: false, syncEnabled: false },
    azureOperatorCallProtection: null,
    serviceOfTomorrow: 'on',
  },
};

describe('what upstream says of an account', () => {
  it('is its numbers by service, what is on, and how far its DNS is', () => {
    expect(accountFacts(seen)).toEqual({
      teamsTenantId: TENANT,
      numberCounts: { teamsOperatorConnect: 12, teamsDirectRouting: 0 },
      enabled: ['teamsOperatorConnect', 'teamsDirectRouting'],
      subdomainStatus: 'notProvisioned',
    });
  });
  it.each([undefined, null, 'text', {}, { serviceDetails: null }, []])('is unknown where it is no account: %j', (body) => {
    expect(accountFacts(body)).toBeUndefined();
  });
});

describe('what stands in the way of a change', () => {
  it.each([
    ['numbers of a service that would go', { teamsOperatorConnect: { enabled: false } }, 'ServiceInUse'],
    ['nothing where the service has none', { teamsDirectRouting: { enabled: false } }, undefined],
    ['nothing where upstream counts none', { zoomPhoneCloudPeering: { enabled: false } }, undefined],
    ['numbers that rely on another tenant', { teamsTenantId: 'b7f4bd5c-cc01-40f4-8baa-2b6bdb272b8b' }, 'TenantIdLocked'],
    ['numbers that rely on a tenant which would go', { teamsTenantId: null }, 'TenantIdLocked'],
    ['nothing where the tenant is spelled otherwise', { teamsTenantId: TENANT.toUpperCase() }, undefined],
    ['nothing where a service is switched on', { zoomPhoneCloudPeering: { enabled: true } }, undefined],
  ])('is %s', (_, serviceDetails, code) => {
    expect(refusalOf(seen, { serviceDetails })).toBe(code);
  });

  it('is nothing of the tenant while only other services have numbers', () => {
    const details = {
      ...seen.serviceDetails,
      teamsOperatorConnect: { enabled: true },
      teamsDirectRouting: { enabled: true, numberCount: 3 },
    };
    expect(refusalOf({ serviceDetails: details }, { serviceDetails: { teamsTenantId: null } })).toBeUndefined();
  });
});
