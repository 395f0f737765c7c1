import { describe, expect, it } from 'vitest';
import { mergedAccount } from '../../../shared/operations/merge-account.ts';

const SEEN = {
  name: 'acme-contoso',
  correlationId: 'portal-7',
  serviceDetails: {
    teamsTenantId: 'a7f4',
    teamsOperatorConnect: { enabled: true, syncEnabled: true, numberCount: 12, tomorrow: { setting: 1 } },
    teamsDirectRouting: {
      enabled: true,
      syncEnabled: false,
      numberCount: 0,
      subdomainStatus: 'provisioned',
      configuration: { callScreening: true, subdomain: 'contoso', subdomainTokens: { region1Token: 'a', region2Token: 'b' } },
    },
    serviceOfTomorrow: { enabled: true },
    zoomPhoneCloudPeering: null,
  },
  serviceProvisioningStatus: 'synced',
  serviceProvisioningErrors: null,
};

describe('an account that is written back', () => {
  it('changes what is wanted and keeps every setting that nobody here knows of', () => {
    const wanted = { serviceDetails: { zoomPhoneCloudPeering: { enabled: true, syncEnabled: false } } };
    expect(mergedAccount('acme-contoso', wanted, SEEN)).toEqual({
      name: 'acme-contoso',
      correlationId: 'portal-7',
      serviceDetails: {
        teamsTenantId: 'a7f4',
        teamsOperatorConnect: { enabled: true, syncEnabled: true, tomorrow: { setting: 1 } },
        teamsDirectRouting: {
          enabled: true,
          syncEnabled: false,
          configuration: { callScreening: true, subdomain: 'contoso', subdomainTokens: { region1Token: 'a', region2Token: 'b' } },
        },
        serviceOfTomorrow: { enabled: true },
        zoomPhoneCloudPeering: { enabled: true, syncEnabled: false },
      },
    });
  });

  it('loses what is wanted gone, and only that', () => {
    const wanted = { correlationId: null, serviceDetails: { teamsDirectRouting: { enabled: false, configuration: null } } };
    const { correlationId, serviceDetails } = mergedAccount('acme-contoso', wanted, SEEN);
    expect(correlationId).toBeUndefined();
    expect(serviceDetails).toMatchObject({ teamsTenantId: 'a7f4', teamsDirectRouting: { enabled: false, syncEnabled: false } });
    expect(serviceDetails).not.toHaveProperty('teamsDirectRouting.configuration');
  });

  it('is what is wanted where there is none, without the words for gone', () => {
    const wanted = { serviceDetails: { teamsTenantId: null, zoomPhoneCloudPeering: { enabled: true, configuration: null } } };
    expect(mergedAccount('acme-contoso', wanted)).toEqual({
      name: 'acme-contoso',
      serviceDetails: { zoomPhoneCloudPeering: { enabled: true } },
    });
  });
});
