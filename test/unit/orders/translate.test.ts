import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromContinuationToken, toContinuationToken } from '../../../shared/orders/continuation.ts';
import { describeOrderState } from '../../../shared/orders/describe-order.ts';
import { estimatedCompletionMs } from '../../../shared/orders/estimate.ts';
import { orderProfile } from '../../../shared/orders/model.ts';
import type { OrderOperation } from '../../../shared/orders/ports.ts';
import { toUpstreamNumber } from '../../../shared/orders/translate.ts';
import { checkEventData } from '../../../shared/webhooks/events.ts';

describe('a profile in upstream words', () => {
  it('says all that Operator Connect takes', () => {
    const profile = orderProfile.parse({
      service: 'teamsOperatorConnect',
      usage: 'CallingUserAssignment',
      capabilities: ['InboundCalling'],
      additionalUsages: ['ConferenceAssignment'],
      emergency: { civicAddressId: 'civic', locationId: 'place', tenantMayUpdate: true },
      displayedCountryCode: 'US',
      assignmentStatus: 'assigned',
      customSipHeader: 'acme-7',
    });
    expect(toUpstreamNumber(profile)).toEqual({
      serviceDetails: {
        teamsOperatorConnect: {
          enabled: true,
          assignmentStatus: 'assigned',
          configuration: {
            usage: 'CallingUserAssignment',
            choosableCapabilities: ['InboundCalling'],
            additionalUsages: ['ConferenceAssignment'],
            civicAddressId: 'civic',
            locationId: 'place',
            allowTenantAddressUpdate: true,
            displayedCountryCode: 'US',
          },
        },
      },
      configuration: { customSipHeader: 'acme-7' },
    });
  });

  it('leaves out what was not said', () => {
    const profile = orderProfile.parse({ service: 'teamsPhoneMobile', usage: 'CallingUserAssignment', capabilities: [] });
    const configuration = { usage: 'CallingUserAssignment', choosableCapabilities: [] };
    expect(toUpstreamNumber(profile)).toEqual({ serviceDetails: { teamsPhoneMobile: { enabled: true, configuration } } });
  });

  it.each(['teamsDirectRouting', 'zoomPhoneCloudPeering', 'azureOperatorCallProtection'] as const)('only enables %s', (service) => {
    expect(toUpstreamNumber({ service })).toEqual({ serviceDetails: { [service]: { enabled: true } } });
  });

  it.each([
    ['a header for Phone Mobile', { service: 'teamsPhoneMobile', usage: 'u', capabilities: [], customSipHeader: 'h' }],
    ['a header for Call Protection', { service: 'azureOperatorCallProtection', customSipHeader: 'h' }],
    ['a usage for Direct Routing', { service: 'teamsDirectRouting', usage: 'u' }],
    ['Operator Connect without a usage', { service: 'teamsOperatorConnect', capabilities: [] }],
    ['a header with a space', { service: 'teamsDirectRouting', customSipHeader: 'a b' }],
    ['an unknown service', { service: 'fax' }],
  ])('refuses %s', (_, profile) => expect(orderProfile.safeParse(profile).success).toBe(false));
});

describe('the estimate', () => {
  it('counts a write for 100 numbers and a look for 500, at the budget', () => {
    expect(estimatedCompletionMs({ pending: 10_000, submitted: 0 }, 100, 0)).toBe(30_000 + 72_000);
    expect(estimatedCompletionMs({ pending: 0, submitted: 1 }, 60, 5)).toBe(5 + 30_000 + 1_000);
  });
  it('ends with the order', () => expect(estimatedCompletionMs({ pending: 0, submitted: 0 }, 100, 0)).toBeUndefined());
});

describe('a continuation token', () => {
  it('comes back as the place it stands for', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000 }), (at) => fromContinuationToken(toContinuationToken(at)) === at));
  });
  it('is taken only as it was made', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((text) => Buffer.from(`1.${text}`).toString('base64url')),
    );
    const isTakenAsMade = (text: string): boolean => {
      const at = fromContinuationToken(text);
      return at === undefined || toContinuationToken(at) === text;
    };
    fc.assert(fc.property(texts, isTakenAsMade), { numRuns: 500 });
    for (const text of ['', 'made-up', toContinuationToken(10_001), `${toContinuationToken(5)}=`])
      expect(fromContinuationToken(text)).toBeUndefined();
  });
});

describe('the start and the end of an order', () => {
  const counts = { total: 3, pending: 0, submitted: 0, succeeded: 2, failed: 1, superseded: 0, skipped: 0, canceled: 0 };
  const operation: OrderOperation = {
    id: 'a1order',
    seq: 2,
    partner: 'acme',
    customerId: 'contoso',
    kind: 'numbers',
    state: 'PartiallySucceeded',
    counts,
    failures: { UpstreamSyncFailed: 1 },
    view: { action: 'provision', externalReference: 'PO-1', profile: { service: 'teamsDirectRouting' } },
    idempotencyKey: 'po-1',
    createdAt: '2026-11-22T00:00:00.000Z',
  };
  const describeEnd = describeOrderState('https://api.test');

  it('is told with counts and links', () => {
    const event = describeEnd(operation);
    expect(event).toEqual({
      type: 'number_order.partially_succeeded',
      data: {
        orderId: 'a1order',
        customerId: 'contoso',
        externalReference: 'PO-1',
        idempotencyKey: 'po-1',
        action: 'provision',
        status: 'PartiallySucceeded',
        counts,
        failures: [{ code: 'UpstreamSyncFailed', count: 1 }],
        href: 'https://api.test/api/number-orders/a1order?api-version=2026-11-01',
        failedItemsHref: 'https://api.test/api/number-orders/a1order/items?api-version=2026-11-01&status=failed',
      },
    });
    expect(checkEventData(event?.type ?? '', event?.data)).toEqual({ outcome: 'valid', data: event?.data });
  });

  it.each([
    ['Succeeded', 'number_order.succeeded'],
    ['Failed', 'number_order.failed'],
    ['Canceled', 'number_order.canceled'],
    ['Running', 'number_order.started'],
    ['NotStarted', undefined],
  ] as const)('%s is told as %s', (state, type) => expect(describeEnd({ ...operation, state })?.type).toBe(type));

  it('of another kind of operation is not its business', () => expect(describeEnd({ ...operation, kind: 'account' })).toBeUndefined());
});
