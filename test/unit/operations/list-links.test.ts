import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linksTo, pagesByLinks, withLink } from '../../../shared/operations/list-links.ts';
import { EMPTY_MAP, type ListMap } from '../../../shared/operations/list-map.ts';
import { startWalk, type Walk } from '../../../shared/operations/page-walk.ts';
import { afterAnswer } from '../../../shared/operations/walk-step.ts';
import { seededRandom } from '../../simulation/scheduler.ts';
import { walkToEnd, type ListSwitches } from '../../support/listed-upstream.ts';

const numbers = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(441_632_000_000 + first + n));
const walkFor = (wanted: readonly string[], how: 'links' | 'again', pageSize = 500): Walk =>
  startWalk({ list: '', wanted, pageSize, jumpBy: how === 'again' ? 'again' : undefined, untried: [], tally: false });
const anywhere = (seed: number): ListSwitches => ({ filter: 'refused', listOrder: 'unstable', random: seededRandom(seed).next });

/** What a walk through all of `held` leaves to know. */
const mapOf = (held: readonly string[], switches: ListSwitches, pageSize = 500): ListMap =>
  walkToEnd(walkFor([...held, ...numbers(9_000_000, 1)], 'links', pageSize), () => held, switches).map;

describe('links of a list', () => {
  it('are remembered by the key after which they go on, one for each page', () => {
    const map = mapOf(numbers(0, 2_000), { filter: 'refused', listOrder: 'stable' });
    expect(map.links?.map(({ after }) => after)).toEqual(['', ...[499, 999, 1_499].flatMap((n) => numbers(n, 1))]);
  });

  it('are remembered of a list that begins anywhere and goes round', () => {
    const { links } = mapOf(numbers(0, 5_000), anywhere(3));
    expect(links).toHaveLength(9);
    expect(links?.every(({ after }) => after !== '')).toBe(true);
  });

  it('are not remembered where keys come in no order', () => {
    const keys = [4, 2, 5, 1].flatMap((n) => numbers(n, 1));
    const rows = keys.map((digits) => ({ digits, resource: {} }));
    const before: ListMap = { ...EMPTY_MAP, links: [{ after: keys[0] ?? '', url: 'old' }] };
    const page = { kind: 'page' as const, rows, nextLink: 'new', askedAtMs: 0 };
    expect(afterAnswer(walkFor(numbers(9, 1), 'links'), before, { kind: 'first' }, page).map.links).toBeUndefined();
  });

  it('lead to what comes after them, and nowhere before the first of them', () => {
    const map = withLink(withLink(EMPTY_MAP, numbers(0, 3), 'a'), numbers(3, 3), 'b');
    expect(linksTo(map, numbers(4, 4))).toEqual([
      { link: { after: numbers(2, 1)[0], url: 'a' }, wanted: 2 },
      { link: { after: numbers(5, 1)[0], url: 'b' }, wanted: 2 },
    ]);
    expect(pagesByLinks(map, numbers(4, 4), 500)).toBe(2);
    expect(linksTo(map, numbers(1, 4))).toBeUndefined();
  });
});

describe('a walk by remembered links', () => {
  it.each([['stable'], ['unstable']] as const)(
    'finds what was added at the end of a long list that is %s in a few requests',
    (listOrder) => {
      const random = seededRandom(7).next;
      const switches: ListSwitches = { filter: 'refused', listOrder, random };
      const map = mapOf(numbers(0, 30_000), switches);
      const held = numbers(0, 31_000);
      const wanted = numbers(29_900, 1_100);
      const walked = walkToEnd(walkFor(wanted, 'again'), () => held, switches, { map });
      expect(wanted.filter((key) => !walked.seen.has(key))).toEqual([]);
      expect(walked.requests).toBeLessThanOrEqual(5);
    },
  );

  it('goes by the list itself where the links have expired', () => {
    const held = numbers(0, 3_000);
    const map: ListMap = {
      ...EMPTY_MAP,
      count: 3_000,
      links: [{ after: numbers(1_000, 1)[0] ?? '', url: '/accounts/a/numbers?skiptoken=expired' }],
    };
    const walked = walkToEnd(walkFor(numbers(2_000, 10), 'again'), () => held, { filter: 'refused', listOrder: 'stable' }, { map });
    expect(numbers(2_000, 10).every((key) => walked.seen.has(key))).toBe(true);
    expect(walked.map.links?.some(({ url }) => url.includes('expired'))).toBe(false);
  });

  it('passes no more by than are cheaper looked at alone, whatever came and went since the links were given out', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 400 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 4_000 }), { maxLength: 300 }),
        fc.integer({ min: 3, max: 60 }),
        fc.boolean(),
        fc.integer(),
        (old, fresh, pageSize, isStable, seed) => {
          const random = seededRandom(seed);
          const switches: ListSwitches = { filter: 'refused', listOrder: isStable ? 'stable' : 'unstable', random: random.next };
          const keyOf = (n: number): string => numbers(n, 1)[0] ?? '';
          const map = mapOf(old.map(keyOf).sort(), switches, pageSize);
          const held = [...new Set([...old.filter(() => random.chance(0.9)), ...fresh].map(keyOf))].sort();
          const wanted = held.filter(() => random.chance(0.3));
          if (wanted.length === 0 || linksTo(map, wanted) === undefined) return;
          const walked = walkToEnd(
            walkFor(wanted, 'again', pageSize),
            () => held,
            { ...switches, isLost: () => random.chance(0.05) },
            { map },
          );
          // Where a link comes to the list's end, so few are looked at alone rather than walking through all of it once more.
          const few = Math.max(3, held.length / pageSize);
          expect(wanted.filter((key) => !walked.seen.has(key)).length).toBeLessThanOrEqual(few);
        },
      ),
      { numRuns: 200 },
    );
  });
});
