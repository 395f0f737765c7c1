import { describe, expect, it } from 'vitest';
import { describeCustomerCreated, describeCustomerEnd, describeCustomerStall } from '../../../shared/customers/describe-end.ts';
import { putCustomerRequest, unsupportedSync } from '../../../shared/customers/model.ts';
import { toUpstreamAccount, toView } from '../../../shared/customers/translate.ts';
import { checkEventData } from '../../../shared/webhooks/events.ts';

const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';
const ROUTING = { subdomain: 'contoso', txtTokens: ['region1=', 'region2='] };
const requestOf = (services: unknown, more: Record<string, unknown> = {}) =>
  putCustomerRequest.parse({ teamsTenantId: TENANT, services, ...more });

describe('a customer in upstream words', () => {
  it('is an account with the services named, synced where there is a sync', () => {
    const request = requestOf({
      teamsOperatorConnect: {},
      teamsPhoneMobile: { sync: false },
      teamsDirectRouting: { ...ROUTING, callerIdScreening: false },
      zoomPhoneCloudPeering: {},
      azureOperatorCallProtection: {},
    });
    expect(toUpstreamAccount(request, undefined)).toEqual({
      serviceDetails: {
        teamsTenantId: TENANT,
        teamsOperatorConnect: { enabled: true, syncEnabled: true },
        teamsPhoneMobile: { enabled: true, syncEnabled: false },
        teamsDirectRouting: {
          enabled: true,
          syncEnabled: false,
          configuration: {
            callScreening: false,
            subdomain: 'contoso',
            subdomainTokens: { region1Token: 'region1=', region2Token: 'region2=' },
          },
        },
        zoomPhoneCloudPeering: { enabled: true, syncEnabled: false },
        azureOperatorCallProtection: { enabled: true },
      },
    });
  });

  it('screens caller ids of Direct Routing unless told otherwise, and needs no tenant for it', () => {
    const request = putCustomerRequest.parse({ services: { teamsDirectRouting: ROUTING } });
    expect(toUpstreamAccount(request, undefined)).toMatchObject({
      serviceDetails: { teamsDirectRouting: { configuration: { callScreening: true } } },
    });
  });

  it('switches off by name what was wanted at any time before', () => {
    const first = toView(requestOf({ teamsOperatorConnect: {}, azureOperatorCallProtection: {} }), undefined);
    const second = toView(requestOf({ teamsOperatorConnect: {} }), first);
    expect(toUpstreamAccount(requestOf({ zoomPhoneCloudPeering: {} }), second)).toEqual({
      serviceDetails: {
        teamsTenantId: TENANT,
        teamsOperatorConnect: { enabled: false, syncEnabled: false },
        zoomPhoneCloudPeering: { enabled: true, syncEnabled: false },
        azureOperatorCallProtection: { enabled: false },
      },
    });
  });
});

describe('what is kept for answers', () => {
  it('masks the tokens', () => {
    const view = toView(requestOf({ teamsDirectRouting: ROUTING }), undefined);
    expect(view.services.teamsDirectRouting?.txtTokens).toEqual(['***', '***']);
    expect(JSON.stringify(view)).not.toContain('region');
  });
  it('shows a service left out as disabled', () => {
    const before = toView(requestOf({ zoomPhoneCloudPeering: {} }), undefined);
    expect(toView(requestOf({ teamsOperatorConnect: {} }), before).services).toEqual({
      teamsOperatorConnect: { enabled: true, sync: true },
      zoomPhoneCloudPeering: { enabled: false },
    });
  });
});

describe('a request', () => {
  it.each([
    ['Operator Connect without a tenant', { services: { teamsOperatorConnect: {} } }, 'teamsTenantId'],
    ['Phone Mobile without a tenant', { services: { teamsPhoneMobile: {} } }, 'teamsTenantId'],
    ['a tenant that is no GUID', { teamsTenantId: 'contoso.com', services: {} }, 'teamsTenantId'],
    [
      'a subdomain of 10',
      { services: { teamsDirectRouting: { ...ROUTING, subdomain: 'abcdefghij' } } },
      'services.teamsDirectRouting.subdomain',
    ],
    [
      'a subdomain with a dot',
      { services: { teamsDirectRouting: { ...ROUTING, subdomain: 'a.b' } } },
      'services.teamsDirectRouting.subdomain',
    ],
    ['one token', { services: { teamsDirectRouting: { ...ROUTING, txtTokens: ['a'] } } }, 'services.teamsDirectRouting.txtTokens'],
    [
      'a token with a space',
      { services: { teamsDirectRouting: { ...ROUTING, txtTokens: ['a', 'b c'] } } },
      'services.teamsDirectRouting.txtTokens.1',
    ],
    ['no services', {}, 'services'],
    ['an unknown service', { services: { fax: {} } }, 'services'],
  ])('refuses %s', (_, request, place) => {
    const problems = putCustomerRequest.safeParse(request).error?.issues.map(({ path }) => path.join('.'));
    expect(problems?.some((path) => path.startsWith(place))).toBe(true);
  });

  it('may name no service, and a tenant in any case', () => {
    expect(putCustomerRequest.parse({ teamsTenantId: TENANT.toUpperCase(), services: {} }).teamsTenantId).toBe(TENANT);
  });

  it('switches sync only where there is a switch', () => {
    const request = requestOf({
      teamsOperatorConnect: { sync: false },
      teamsDirectRouting: { ...ROUTING, sync: false },
      zoomPhoneCloudPeering: { sync: true },
      azureOperatorCallProtection: { sync: false },
    });
    expect(unsupportedSync(request)).toEqual(['zoomPhoneCloudPeering', 'azureOperatorCallProtection']);
  });
});

describe('the end of a change', () => {
  const operation = {
    id: 'a1change',
    seq: 1,
    kind: 'account',
    customerId: 'contoso',
    state: 'Succeeded',
    counts: { total: 1, superseded: 0 },
    failures: {},
    view: { reference: 'crm-1', services: {} },
  };
  const describeEnd = describeCustomerEnd('https://api.test');
  const LANE = { account: { createdBySeq: 1, seen: { subdomainStatus: 'Provisioned' } } };
  const data = {
    customerId: 'contoso',
    operationId: 'a1change',
    externalReference: 'crm-1',
    href: 'https://api.test/api/customers/contoso?api-version=2026-11-01',
  };

  it.each([
    ['synced', operation, { ...data, status: 'Succeeded' }],
    [
      'failed',
      { ...operation, state: 'Failed', failures: { AccountExists: 1 } },
      { ...data, status: 'Failed', errors: [{ code: 'AccountExists' }] },
    ],
  ])('is told as customer.%s', (type, ended, expected) => {
    const [event] = describeEnd(ended, LANE) ?? [];
    expect(event).toEqual({ type: `customer.${type}`, data: expected });
    expect(checkEventData(event?.type ?? '', event?.data)).toEqual({ outcome: 'valid', data: expected });
  });

  it('that has not come for a day is told as customer.stalled, and the acceptance of a customer as customer.created', () => {
    const stalled = describeCustomerStall('https://api.test');
    expect(stalled({ ...operation, state: 'Running' })).toEqual({ type: 'customer.stalled', data: { ...data, status: 'Running' } });
    expect(stalled({ ...operation, kind: 'numbers' })).toBeUndefined();
    const created = describeCustomerCreated('https://api.test', operation);
    expect(created).toEqual({ type: 'customer.created', data: { ...data, status: 'Pending' } });
    for (const event of [created, stalled(operation)])
      expect(checkEventData(event?.type ?? '', event?.data)).toMatchObject({ outcome: 'valid' });
  });

  it('is left to the later change that overwrote it', () => {
    expect(describeEnd({ ...operation, counts: { total: 1, superseded: 1 } }, LANE)).toBeUndefined();
  });
  it('of an order is not its business', () => expect(describeEnd({ ...operation, kind: 'numbers' }, LANE)).toBeUndefined());
});
