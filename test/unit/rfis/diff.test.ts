import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../../shared/rfis/assignment.ts';
import { diff, isGone, recordGone, recordSeen, type SeenRfi } from '../../../shared/rfis/diff.ts';
import { tenantKeyOf, type RfiContent, type RfiLane } from '../../../shared/rfis/model.ts';
import { checkEventData } from '../../../shared/webhooks/events.ts';

const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';
const T0 = Date.parse('2026-11-01T00:00:00Z');

const text = fc.option(fc.string({ maxLength: 12 }), { nil: undefined });
const content: fc.Arbitrary<RfiContent> = fc.record({
  id: fc.constantFrom('one', 'two', undefined),
  status: fc.constantFrom('active', 'suspended', 'removed', 'Removed', undefined),
  consentedOn: text,
  lastModifiedOn: text,
  consentedCountries: fc.array(fc.string({ maxLength: 3 }), { maxLength: 400 }),
  contacts: fc.array(fc.record({ fullName: fc.constantFrom('Ada Secret', 'Bob Secret') }), { maxLength: 2 }),
  relationship: fc.option(fc.record({ status: text, comment: fc.constantFrom('a Secret', undefined) }), { nil: undefined }),
  provisioningStatus: fc.constantFrom('pending', 'synced', undefined),
});
const assignment = fc.constantFrom(
  { partner: 'operator' },
  { partner: 'acme', customerId: 'contoso' },
  { partner: 'acme' },
  { partner: 'beta', customerId: 'x' },
);
const seen: fc.Arbitrary<SeenRfi> = fc.record({
  tenantId: fc.constant(TENANT),
  content,
  assignment,
  askedAtMs: fc.integer({ min: T0, max: T0 + 10 }),
  mayReplace: fc.boolean(),
});

const WRITTEN: readonly string[] = ['received', 'assigned', 'updated', 'removed', 'refreshed'];

/** The lane after all of `history`, and every change on the way. */
const play = (history: readonly SeenRfi[], publish: (n: number) => boolean = () => true): { lane?: RfiLane; changes: string[] } => {
  let lane: RfiLane | undefined;
  const changes = history.map((one, n) => {
    const change = diff(lane, one);
    if (WRITTEN.includes(change)) lane = recordSeen(lane, one, change, T0).lane;
    if (lane && publish(n)) lane = { ...lane, published: lane.events };
    return change;
  });
  return lane ? { lane, changes } : { changes };
};

const sighting = (more: Partial<SeenRfi> = {}, facts: Partial<RfiContent> = {}): SeenRfi => ({
  tenantId: TENANT,
  content: { id: 'one', status: 'active', consentedCountries: ['US'], contacts: [], ...facts },
  assignment: { partner: 'acme', customerId: 'contoso' },
  askedAtMs: T0,
  mayReplace: false,
  ...more,
});

describe('what a scan has changed', () => {
  it('is nothing when the same is seen again, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 8 }), (history) => {
        const last = history.at(-1);
        const { lane, changes } = play(history);
        if (!last || !WRITTEN.includes(changes.at(-1) ?? '')) return;
        expect(diff(lane, last)).toBe('same');
      }),
    );
  });

  it('is one event, whose data the webhooks take and which names no contact and no comment', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 6 }), seen, (history, next) => {
        const { lane } = play(history);
        const change = diff(lane, next);
        if (!WRITTEN.includes(change)) return;
        const { lane: after, writes } = recordSeen(lane, next, change, T0);
        expect(after.events - (lane?.events ?? 0)).toBe(change === 'refreshed' ? 0 : 1);
        expect(writes).toHaveLength(change === 'refreshed' ? 0 : 1);
        expect(after.due.index).toBeDefined();
        for (const write of writes) {
          if (write.kind !== 'insert') throw new Error('events are inserted');
          const { type, data } = write.value as { type: string; data: unknown };
          expect(checkEventData(type, JSON.parse(JSON.stringify(data))).outcome).toBe('valid');
          expect(JSON.stringify(write.value)).not.toContain('Secret');
        }
      }),
    );
  });

  it('is told to each partner as received before anything else, and never to two at once', () => {
    fc.assert(
      fc.property(fc.array(seen, { minLength: 1, maxLength: 12 }), fc.array(fc.boolean(), { minLength: 12 }), (history, published) => {
        let lane: RfiLane | undefined;
        history.forEach((one, n) => {
          const change = diff(lane, one);
          if (!WRITTEN.includes(change)) return;
          const after = recordSeen(lane, one, change, T0).lane;
          if (after.partner !== lane?.partner) {
            expect(change).toBe(lane ? (lane.rfi.open ? 'assigned' : 'received') : 'received');
            expect(lane?.events).toBe(lane?.published);
          }
          expect(after.rfi.rev).toBe((lane?.rfi.rev ?? 0) + 1);
          expect(after.rfi.formerly).not.toContain(after.partner);
          lane = published[n] === true ? { ...after, published: after.events } : after;
        });
      }),
    );
  });

  it('is told by its kind', () => {
    const first = play([sighting()]).lane;
    expect(diff(undefined, sighting())).toBe('received');
    expect(diff(first, sighting({}, { relationship: { status: 'ConsentAcknowledged' } }))).toBe('updated');
    expect(diff(first, sighting({}, { consentedCountries: ['UK', 'US'] }))).toBe('updated');
    expect(diff(first, sighting({}, { contacts: [{ email: 'new@contoso.example' }] }))).toBe('refreshed');
    expect(diff(first, sighting({}, { provisioningStatus: 'synced' }))).toBe('refreshed');
    expect(diff(first, sighting({}, { status: 'removed' }))).toBe('removed');
    expect(diff(first, sighting({ askedAtMs: T0 - 1 }, { status: 'suspended' }))).toBe('same');
    expect(diff(first, sighting({}, { id: 'two' }))).toBe('sibling');
    expect(diff(first, sighting({ mayReplace: true }, { id: 'two' }))).toBe('updated');
  });

  it('is received again when what was removed comes back', () => {
    expect(play([sighting(), sighting({}, { status: 'removed' }), sighting()]).changes).toEqual(['received', 'removed', 'received']);
  });

  it('waits with a new partner until all that the old one is told is on its way', () => {
    const toBeta = sighting({ assignment: { partner: 'beta' } });
    expect(play([sighting(), toBeta], () => false).changes).toEqual(['received', 'later']);
    const { lane, changes } = play([sighting(), toBeta]);
    expect(changes).toEqual(['received', 'assigned']);
    expect([lane?.partner, lane?.customerId, lane?.rfi.formerly]).toEqual(['beta', undefined, ['acme']]);
  });
});

describe('an RFI that upstream lists no longer', () => {
  const { lane } = play([sighting()]);
  if (!lane) throw new Error('no lane');

  it('is gone only when it was seen before the scan began', () => {
    expect([isGone(lane.rfi, T0), isGone(lane.rfi, T0 + 1)]).toEqual([false, true]);
  });

  it('is gone once', () => {
    const gone = recordGone(lane, T0 + 1, T0 + 2);
    expect(gone.writes).toMatchObject([{ kind: 'insert', value: { type: 'rfi.removed', partner: 'acme', data: { status: 'removed' } } }]);
    expect(isGone(gone.lane.rfi, T0 + 100)).toBe(false);
  });

  it('does not come back by a page that left before it went', () => {
    const gone = recordGone(lane, T0 + 5, T0 + 6).lane;
    expect(diff(gone, sighting({ askedAtMs: T0 + 4 }))).toBe('same');
    expect(diff({ ...gone, published: gone.events }, sighting({ askedAtMs: T0 + 7 }))).toBe('received');
  });
});

describe('whose an RFI is', () => {
  const acme = { partner: 'acme', customerId: 'contoso' };
  const beta = { partner: 'beta', customerId: 'x' };

  it.each([
    [[], undefined, { partner: 'operator' }],
    [[acme], undefined, acme],
    [[acme, { ...acme, customerId: 'other' }], undefined, { partner: 'acme' }],
    [[acme, beta], 'operator', { partner: 'operator' }],
    [[acme, beta], 'acme', acme],
    [[beta], 'acme', beta],
    [[], 'acme', { partner: 'operator' }],
  ])('customers %j, now with %s: %j', (customers, current, expected) => {
    expect(assign({ tenantId: TENANT, countries: [], customers, current })).toEqual(expected);
  });
});

it('knows a tenant by its GUID in lower case', () => {
  expect(tenantKeyOf(TENANT.toUpperCase())).toBe(TENANT);
  expect(tenantKeyOf('contosoTenantId')).toBeUndefined();
});
