import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedItems, documentedItems } from '../../../shared/orders/order-items.ts';

const text = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('', 'teamsPhoneMobile', 'assigned', 'acme-bill-7', 'a'.repeat(100), 'a'.repeat(101)),
);
const anything = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.constant(Array(51).fill('a')),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
/** JSON has no undefined. */
const json = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> => value.map((one) => JSON.parse(JSON.stringify(one)) as unknown);
const or = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: anything });
const name = fc.constantFrom('CallingUserAssignment', 'b');

const emergency = fc.record({ civicAddressId: maybe(or(name)), locationId: maybe(or(name)), tenantMayUpdate: maybe(or(fc.boolean())) });
const settings = fc.record({
  service: maybe(or(fc.constantFrom('teamsOperatorConnect', 'zoomPhoneCloudPeering'))),
  usage: maybe(or(name)),
  capabilities: maybe(or(fc.array(name, { maxLength: 2 }))),
  additionalUsages: maybe(anything),
  emergency: maybe(or(emergency)),
  displayedCountryCode: maybe(or(fc.constantFrom('US', '1'.repeat(10), '1'.repeat(11)))),
  assignmentStatus: maybe(or(fc.constantFrom('assigned', 'unassigned'))),
  customSipHeader: maybe(or(fc.constantFrom('acme-1', 'not good'))),
  surplus: fc.option(anything, { nil: undefined, freq: 20 }),
});
const item = json(
  fc.record({
    telephoneNumber: or(fc.constant('+441632960000')),
    customerId: maybe(or(fc.constantFrom('contoso', 'not good'))),
    settings: maybe(or(settings)),
    reference: maybe(or(name)),
    surplus: fc.option(anything, { nil: undefined, freq: 20 }),
  }),
);

describe.each(['provision', 'release'] as const)('items of an order to %s', (action) => {
  it('are judged by hand as their schema judges them', () => {
    fc.assert(
      fc.property(fc.array(or(item), { maxLength: 3 }), (items) => {
        const [byHand, bySchema] = [checkedItems[action].safeParse(items), documentedItems[action].safeParse(items)];
        expect(byHand.success).toBe(bySchema.success);
        expect(byHand.data).toEqual(bySchema.data);
        const told = ({ error }: typeof byHand) => error?.issues.map(({ code, path, message }) => [code, path, message]);
        expect(told(byHand)).toEqual(told(bySchema));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([{}, 'text', null, 7])('are a list and not %j', (items) => {
    expect(checkedItems[action].safeParse(items).error?.issues).toMatchObject([{ code: 'invalid_type', path: [] }]);
  });
});
