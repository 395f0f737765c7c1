import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capability } from '../../../shared/operations/capabilities.ts';
import { startWalk, type Walk } from '../../../shared/operations/page-walk.ts';
import { seededRandom } from '../../simulation/scheduler.ts';
import { walkToEnd, type ListSwitches } from '../../support/listed-upstream.ts';

const numbers = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(441_632_000_000 + first + n));
const start = (wanted: readonly string[], more: Partial<Parameters<typeof startWalk>[0]> = {}): Walk =>
  startWalk({ list: 'acme-contoso', wanted, pageSize: 500, jumpBy: undefined, untried: [], tally: false, ...more });

const UPSTREAMS: Record<string, ListSwitches> = {
  'in order': { filter: 'refused', listOrder: 'stable' },
  'without order, filter refused': { filter: 'refused', listOrder: 'unstable' },
  'without order, filter ignored': { filter: 'ignored', listOrder: 'unstable' },
  'without order, with ranges': { filter: 'refused', listOrder: 'unstable', ranges: true },
};
const ALL: readonly Capability[] = ['order', 'range'];
const isTrue = (what: Capability | undefined, { listOrder, ranges }: ListSwitches): boolean =>
  what === undefined || (what === 'order' ? listOrder === 'stable' : ranges === true);

describe('a walk finds every number that is listed', () => {
  it.each(Object.entries(UPSTREAMS))('%s', (_, switches) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...ALL, undefined),
        fc.integer(),
        (picked, pageSize, jumpBy, seed) => {
          const random = seededRandom(seed);
          const held = picked.map((n) => numbers(n, 1)[0] ?? '').sort();
          const wanted = held.filter(() => random.chance(0.4));
          const lossy = { ...switches, random: random.next, isLost: () => random.chance(0.05) };
          const walked = walkToEnd(start(wanted, { pageSize, jumpBy, untried: jumpBy ? [] : ALL }), () => held, lossy);
          // A false belief, held or won by luck on pages of a few records, may pass a number by: then the walk ends all the same, and the number is looked at alone.
          const beliefs = [jumpBy, ...walked.learned.filter(({ holds }) => holds).map(({ what }) => what)];
          if (beliefs.every((what) => isTrue(what, switches))) expect(wanted.filter((key) => !walked.seen.has(key))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what a walk learns of upstream', () => {
  const held = numbers(0, 4_000);
  const wanted = numbers(2_000, 600);
  const learnedOf = (switches: ListSwitches) => walkToEnd(start(wanted, { untried: ALL }), () => held, switches).learned;

  it('is that lists are in order, by a page that was skipped to and begins where it should', () => {
    expect(learnedOf({ filter: 'refused', listOrder: 'stable' })).toEqual([{ what: 'order', holds: true }]);
  });

  it('is that they are not, and that a range is honoured, by an answer that shows nothing else', () => {
    const learned = learnedOf({ filter: 'refused', listOrder: 'unstable', ranges: true, random: seededRandom(3).next });
    expect(learned).toEqual([
      { what: 'order', holds: false },
      { what: 'range', holds: true },
    ]);
  });

  it.each(['refused', 'ignored', 'supported'] as const)('is that neither holds where the filter for ranges is %s', (filter) => {
    // The emulator's own grammar knows no ranges.
    const learned = learnedOf({ filter, listOrder: 'unstable', random: seededRandom(3).next });
    expect(learned).toEqual([
      { what: 'order', holds: false },
      { what: 'range', holds: false },
    ]);
  });

  it('is taken back at once where an order that was found holds no more', () => {
    const switches: ListSwitches = { filter: 'refused', listOrder: 'unstable', random: seededRandom(5).next };
    const far = [...numbers(10, 5), ...numbers(1_000, 5), ...numbers(3_990, 5)];
    const walked = walkToEnd(start(far, { jumpBy: 'order', pageSize: 50 }), () => held, switches);
    expect(walked.learned).toContainEqual({ what: 'order', holds: false });
    expect(far.every((key) => walked.seen.has(key))).toBe(true);
  });

  it.each(['refused', 'ignored'] as const)('is taken back where ranges that were honoured are %s now', (filter) => {
    const walked = walkToEnd(start(wanted, { jumpBy: 'range' }), () => held, { filter, listOrder: 'stable' });
    expect(walked.learned).toEqual([{ what: 'range', holds: false }]);
    expect(wanted.every((key) => walked.seen.has(key))).toBe(true);
  });
});

describe('what a walk costs', () => {
  const stable: ListSwitches = { filter: 'refused', listOrder: 'stable' };
  const large = numbers(0, 100_000);

  it.each([
    ['after all others', numbers(100_000, 10_000)],
    ['far after all others', numbers(5_000_000, 10_000)],
    ['before all others', numbers(-10_000, 10_000)],
  ])('is hardly more than the pages of 10,000 new numbers beside 100,000, %s', (_, wanted) => {
    const held = [...large, ...wanted].sort();
    expect(walkToEnd(start(wanted, { jumpBy: 'order' }), () => held, stable).requests).toBeLessThanOrEqual(26);
  });

  it('is a search by halves at worst where they stand in between', () => {
    const held = [...numbers(0, 50_000), ...numbers(900_000, 10_000), ...numbers(7_000_000, 50_000)];
    const walked = walkToEnd(start(numbers(900_000, 10_000), { jumpBy: 'order' }), () => held, stable);
    expect(walked.requests).toBeLessThanOrEqual(35);
  });

  it('is few pages for few numbers far apart', () => {
    const wanted = [17, 20_000, 55_555, 99_998].flatMap((n) => numbers(n, 1));
    expect(walkToEnd(start(wanted, { jumpBy: 'order' }), () => large, stable).requests).toBeLessThanOrEqual(8);
  });
});

describe('a walk that meets trouble', () => {
  it('goes on from the page that was lost, not from the first', () => {
    const held = numbers(0, 5_000);
    let asks = 0;
    const isLost = (): boolean => ++asks === 6;
    const walked = walkToEnd(start(held), () => held, { filter: 'refused', listOrder: 'stable', isLost });
    expect(walked.requests).toBe(11);
  });

  it('finds what inserts move while it goes by jumps', () => {
    const wanted = numbers(50_000, 2_000);
    let held = [...numbers(0, 3_000), ...wanted];
    let next = 10_000;
    const growing = (): string[] => {
      held = [...held, ...numbers((next += 40), 40)].sort();
      return held;
    };
    const walked = walkToEnd(start(wanted, { jumpBy: 'order' }), growing, { filter: 'refused', listOrder: 'stable' });
    expect(wanted.filter((key) => !walked.seen.has(key))).toEqual([]);
  });
});

describe('a whole list', () => {
  const held = numbers(0, 1_200);

  it('is complete when its distinct records are as many as upstream counted at its start and at its end', () => {
    const walked = walkToEnd(start(numbers(5_000, 3), { tally: true }), () => held, { filter: 'refused', listOrder: 'unstable' });
    expect(walked.walk.end).toBe('complete');
    expect(walked.walk.todo).toEqual(numbers(5_000, 3));
  });

  /** Without its first so many records at each ask. */
  const walkWhole = (goneAt: (ask: number) => number, more: Partial<ListSwitches> = {}): Walk => {
    let asks = 0;
    const list = (): string[] => held.slice(goneAt(++asks));
    return walkToEnd(start(numbers(5_000, 3), { tally: true }), list, { filter: 'refused', listOrder: 'stable', ...more }).walk;
  };

  it('is begun anew as soon as a record went, though another comes before its end', () => {
    // Two pages of the walk that is given up, and three of the one that proves.
    expect(walkWhole((ask) => (ask === 2 ? 1 : 0))).toMatchObject({ end: 'complete', pages: 5 });
  });

  it('is complete where only first pages count once another first page counts the same', () => {
    const never = walkWhole(() => 0, { countsFirstOnly: true });
    expect(never).toMatchObject({ end: 'complete', pages: 4 });
    expect(walkWhole((ask) => (ask === 4 ? 1 : 0), { countsFirstOnly: true })).toMatchObject({ end: 'end', pages: 4 });
  });

  it('proves nothing where records always come or go, and ends all the same', () => {
    expect(walkWhole((ask) => ask).end).toBe('end');
  });
});
