import { describe, expect, it } from 'vitest';
import { checkSettings, screenOf } from '../../../shared/orders/checks.ts';
import { orderProfile } from '../../../shared/orders/model.ts';
import type { TenantFacts } from '../../../shared/orders/ports.ts';

const RULES = { emergencyAddressRequired: true };
const profileOf = (more: object = {}) =>
  orderProfile.parse({
    service: 'teamsOperatorConnect',
    usage: 'CallingUserAssignment',
    capabilities: ['InboundCalling'],
    emergency: { tenantMayUpdate: true },
    ...more,
  });
const PLANS = [
  {
    usage: 'CallingUserAssignment',
    mandatoryCapabilities: ['UserAssignment'],
    choosableCapabilities: ['InboundCalling', 'OutboundCalling'],
  },
  { usage: 'ConferenceAssignment', mandatoryCapabilities: [], choosableCapabilities: ['Recording'] },
];
const ADDRESSES = [
  { id: 'a', locationIds: ['a-1', 'a-2'] },
  { id: 'b', locationIds: ['b-1'] },
];
const problemsOf = (more: object, facts: TenantFacts, rules = RULES): (string | undefined)[][] =>
  checkSettings(profileOf(more), facts, rules, '/profile').flatMap(({ problems }) => problems.map(({ code, target }) => [code, target]));

describe('settings', () => {
  it.each<[string, object, (string | undefined)[][]]>([
    ['a usage that is offered', {}, []],
    ['a usage that is not', { usage: 'Fax' }, [['UsageNotOffered', '/profile/usage']]],
    [
      'a further usage that is not',
      { additionalUsages: ['ConferenceAssignment', 'Fax'] },
      [['UsageNotOffered', '/profile/additionalUsages/1']],
    ],
    ['a capability to choose and one that comes with the usage', { capabilities: ['OutboundCalling', 'UserAssignment'] }, []],
    [
      'a capability of another usage',
      { capabilities: ['InboundCalling', 'Recording'] },
      [['CapabilityNotOffered', '/profile/capabilities/1']],
    ],
    ['a capability of a further usage', { capabilities: ['Recording'], additionalUsages: ['ConferenceAssignment'] }, []],
  ])('with %s, by the plans of the customer', (_, more, problems) => expect(problemsOf(more, { plans: PLANS })).toEqual(problems));

  it.each<[string, object, (string | undefined)[][]]>([
    ['nothing', { emergency: undefined }, [['EmergencyAddressRequired', '/profile/emergency']]],
    ['an empty one', { emergency: {} }, [['EmergencyAddressRequired', '/profile/emergency']]],
    ['an address', { emergency: { civicAddressId: 'a' } }, []],
    ['a location', { emergency: { locationId: 'a-1' } }, []],
    ['a tenant that sets it', { emergency: { tenantMayUpdate: true } }, []],
    ['nothing, for a conference', { emergency: undefined, usage: 'ConferenceAssignment' }, []],
    [
      'nothing, also for calling users',
      { emergency: undefined, usage: 'ConferenceAssignment', additionalUsages: ['CallingUserAssignment'] },
      [['EmergencyAddressRequired', '/profile/emergency']],
    ],
  ])('of calling users with %s as emergency address', (_, more, problems) => expect(problemsOf(more, {})).toEqual(problems));

  it('without an emergency address are let through where the operator does not ask for one', () =>
    expect(problemsOf({ emergency: undefined }, {}, { emergencyAddressRequired: false })).toEqual([]));

  it.each<[object, (string | undefined)[][]]>([
    [{ civicAddressId: 'a' }, []],
    [{ civicAddressId: 'a', locationId: 'a-2' }, []],
    [{ locationId: 'b-1' }, []],
    [{ civicAddressId: 'c' }, [['CivicAddressNotFound', '/profile/emergency/civicAddressId']]],
    [{ civicAddressId: 'c', locationId: 'a-1' }, [['CivicAddressNotFound', '/profile/emergency/civicAddressId']]],
    [{ civicAddressId: 'a', locationId: 'b-1' }, [['LocationNotFound', '/profile/emergency/locationId']]],
    [{ locationId: 'c-1' }, [['LocationNotFound', '/profile/emergency/locationId']]],
  ])('with %j are held against the addresses of the tenant', (emergency, problems) =>
    expect(problemsOf({ emergency }, { addresses: ADDRESSES })).toEqual(problems),
  );

  it('need a consent that is active', () => {
    expect(problemsOf({}, { consent: { active: false, countries: ['GB'] } })).toEqual([['ConsentRequired', '/customerId']]);
    expect(problemsOf({}, { consent: { active: true, countries: [] } })).toEqual([]);
  });

  it('are never refused for what nobody knows', () => {
    const unknown = { usage: 'Fax', capabilities: ['Telepathy'], emergency: { civicAddressId: 'nowhere', locationId: 'none' } };
    expect(problemsOf(unknown, {})).toEqual([]);
    // No plan at all: the tenant is not set up yet.
    expect(problemsOf(unknown, { plans: [] })).toEqual([]);
    const checks = checkSettings(profileOf(unknown), {}, RULES, '/profile');
    expect(checks.filter(({ known }) => !known).map(({ name }) => name)).toEqual([
      'usageOffered',
      'capabilitiesOffered',
      'addressExists',
      'consentActive',
    ]);
  });

  it('of services without a tenant are not held against one', () =>
    expect(checkSettings(orderProfile.parse({ service: 'teamsDirectRouting' }), { plans: PLANS }, RULES, '/profile')).toEqual([]));
});

describe('a number', () => {
  const consent = (countries: string[], active = true): TenantFacts => ({ consent: { active, countries } });

  it.each<[string, object, TenantFacts, string, string | undefined]>([
    ['in a country of the consent', {}, consent(['UK']), '441632960000', undefined],
    ['in another country', {}, consent(['US']), '441632960000', 'CountryNotConsented'],
    ['of a tenant whose consent is not known', {}, {}, '441632960000', undefined],
    ['of a tenant whose consent is not active, which refuses the order as a whole', {}, consent([], false), '441632960000', undefined],
    ['that is toll-free in North America, without a country', {}, {}, '18005550100', 'CountryCodeRequired'],
    ['that is toll-free in North America, with one', { displayedCountryCode: 'US' }, {}, '18005550100', undefined],
    ['that is toll-free elsewhere', {}, {}, '448005550100', undefined],
  ])('%s', (_, more, facts, digits, code) => expect(screenOf(profileOf(more), facts)(digits)).toBe(code));

  it('of a service without a tenant is not looked at', () => {
    expect(screenOf(orderProfile.parse({ service: 'zoomPhoneCloudPeering' }), consent([]))('18005550100')).toBeUndefined();
    expect(screenOf(undefined, consent([]))('18005550100')).toBeUndefined();
  });
});
