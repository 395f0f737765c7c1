import { describe, expect, it } from 'vitest';
import { checkEventData, EVENT_TYPES } from '../../../shared/webhooks/events.ts';
import { matchesSomeType, matchesType, TYPE_PATTERN, wants } from '../../../shared/webhooks/match.ts';

describe('type patterns', () => {
  it.each([
    ['*', 'rfi.received', true],
    ['number_order.*', 'number_order.failed', true],
    ['number_order.*', 'number_orders.failed', false],
    ['number_order.*', 'number_order', false],
    ['rfi.received', 'rfi.received', true],
    ['rfi.received', 'rfi.received_again', false],
    ['rfi', 'rfi.received', false],
  ])('%s on %s: %s', (pattern, type, expected) => expect(matchesType(pattern, type)).toBe(expected));

  it.each(['', '.', 'rfi.', '.rfi', 'rfi*', '*.received', 'rfi.**', 'Rfi.received', 'rfi..received', '* '])('refuse %j', (pattern) =>
    expect(TYPE_PATTERN.test(pattern)).toBe(false),
  );

  it('find the spelling error that matches no event type', () => {
    expect(matchesSomeType('number_order.*')).toBe(true);
    expect(matchesSomeType('number_oder.*')).toBe(false);
  });
});

describe('the customer filter', () => {
  const filter = (customerIds: string[]) => ({ eventTypes: ['*'], customerIds });
  it('lets every customer pass when it names none', () => expect(wants(filter([]), { type: 'rfi.received' })).toBe(true));
  it('lets the customers pass that it names', () => {
    expect(wants(filter(['contoso']), { type: 'customer.synced', customerId: 'contoso' })).toBe(true);
    expect(wants(filter(['contoso']), { type: 'customer.synced', customerId: 'fabrikam' })).toBe(false);
  });
  it('keeps out what concerns no customer when it names some', () =>
    expect(wants(filter(['contoso']), { type: 'rfi.received' })).toBe(false));
});

describe('what a subscription is not told', () => {
  const all = { id: 'sub_1', eventTypes: ['*'], customerIds: [], detail: 'order' as const };
  const about = (subscriptionId: string) => ({ type: 'webhook_subscription.failing', data: { subscriptionId } });
  it('is its own failure, while others are', () => {
    expect(wants(all, about('sub_1'))).toBe(false);
    expect(wants(all, about('sub_2'))).toBe(true);
    expect(wants({ ...all, id: 'all-acme' }, about('sub_1'))).toBe(true);
  });
  it('is each number of an order, unless it asks for numbers', () => {
    const part = { type: 'number.synced', data: { orderId: 'o1' } };
    expect([wants(all, part), wants({ ...all, detail: 'number' }, part), wants(all, { type: 'number.synced', data: {} })]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the event catalogue', () => {
  it('names types in lower case between dots', () => {
    for (const type of EVENT_TYPES) expect(type).toMatch(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/);
  });

  it('drops fields that a type does not have, so that contacts cannot leave', () => {
    const checked = checkEventData('rfi.received', { tenantId: 't1', contacts: [{ email: 'a@b.example' }] });
    expect(checked).toEqual({ outcome: 'valid', data: { tenantId: 't1' } });
  });

  it('names what is wrong without repeating the value', () => {
    const checked = checkEventData('rfi.received', { tenantId: 5551234 });
    expect(checked).toEqual({ outcome: 'invalid', problems: ['/tenantId: invalid_type'] });
  });

  it('knows what it does not know', () => {
    expect(checkEventData('rfi.eaten', {})).toEqual({ outcome: 'unknownType' });
    expect(checkEventData('toString', {})).toEqual({ outcome: 'unknownType' });
  });
});
