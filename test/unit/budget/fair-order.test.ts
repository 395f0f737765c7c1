/** Who is served first: floors, then fair shares of the partners by class, then what is left; nobody starves and nothing is left over. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairOrder, waterLevel, type Turn } from '../../../shared/platform/budget/fair-order.ts';
import { byClass, byPartner, type Counts, total } from '../../../shared/platform/budget/group.ts';

/** One process that waits for all of `wants`. */
const alone = (wants: Counts) => [{ id: 'p1', sinceMs: 0, wants }];
const countsOf = (turns: readonly Turn[]): Counts => {
  const counts: Counts = {};
  for (const { group } of turns) counts[group] = (counts[group] ?? 0) + 1;
  return counts;
};
/** What each group gets of `free` permits. */
const given = (taken: Counts, wants: Counts, free: number, limit = 100): Counts => countsOf(fairOrder(taken, alone(wants), limit, free));

describe('classes', () => {
  const full = { 'orders/a': 60, 'polls/a': 20, 'background/': 20 };

  it('are served by priority once their floors are reached', () => {
    expect(given(full, { 'background/': 5, 'polls/a': 5, 'orders/a': 2, 'interactive/a': 1 }, 4)).toEqual({
      'interactive/a': 1,
      'orders/a': 2,
      'polls/a': 1,
    });
  });

  it('have a floor that even the first class leaves to those who wait', () => {
    const flood = { 'interactive/a': 500, 'orders/a': 500, 'polls/a': 500, 'background/': 500 };
    expect(given({}, flood, 100)).toEqual({ 'orders/a': 53, 'polls/a': 10, 'background/': 2, 'interactive/a': 35 });
  });

  it('go before orders for a few at a screen, and behind them where they are the load itself', () => {
    expect(given({}, { 'interactive/a': 5, 'orders/a': 500 }, 25)).toEqual({ 'orders/a': 20, 'interactive/a': 5 });
    expect(given({ 'interactive/a': 35, 'orders/a': 20 }, { 'interactive/a': 5, 'orders/a': 500 }, 25)).toEqual({ 'orders/a': 25 });
  });

  it('use everything when nobody else waits', () => {
    expect(given({}, { 'background/': 500 }, 100)).toEqual({ 'background/': 100 });
    expect(given({}, { 'polls/a': 500, 'interactive/a': 3 }, 100)).toEqual({ 'polls/a': 97, 'interactive/a': 3 });
  });

  it('all come to their turn however small the limit is', () =>
    expect(given({}, { 'interactive/a': 9, 'orders/a': 9, 'polls/a': 9, 'background/': 9 }, 5, 10)).toEqual({
      'orders/a': 2,
      'polls/a': 1,
      'background/': 1,
      'interactive/a': 1,
    }));
});

describe('partners', () => {
  it('who have had little go before one who has had much', () => {
    expect(fairOrder({ 'orders/busy': 90 }, alone({ 'orders/busy': 300, 'orders/small': 1 }), 100, 1)).toEqual([
      { id: 'p1', group: 'orders/small', isFloor: false },
    ]);
  });

  it('who only have a poll or an order to do are not behind the single numbers of one who is over its share', () => {
    const taken = { 'interactive/busy': 60, 'orders/x': 20, 'polls/x': 20 };
    expect(given(taken, { 'interactive/busy': 99, 'polls/small': 2, 'orders/small': 2 }, 4)).toEqual({
      'orders/small': 2,
      'polls/small': 2,
    });
  });

  it('within their share are served by class', () => {
    const taken = { 'orders/a': 20, 'orders/b': 10, 'polls/c': 10 };
    expect(given(taken, { 'interactive/a': 1, 'orders/b': 9 }, 1)).toEqual({ 'interactive/a': 1 });
  });

  it('leave background work what nobody wants', () => {
    expect(given({ 'background/': 2, 'orders/a': 50 }, { 'orders/a': 9, 'background/': 9 }, 9)).toEqual({ 'orders/a': 9 });
  });
});

describe('processes', () => {
  it('that wait for the same are served in the order in which they came', () => {
    const line = [
      { id: 'late', sinceMs: 2, wants: { 'orders/a': 2 } },
      { id: 'early', sinceMs: 1, wants: { 'orders/a': 2 } },
    ];
    expect(fairOrder({}, line, 100, 3).map(({ id }) => id)).toEqual(['early', 'early', 'late']);
  });

  it('with something urgent go first, wherever it waits', () => {
    const line = [
      { id: 'bulk', sinceMs: 1, wants: { 'orders/a': 50 } },
      { id: 'other', sinceMs: 9, wants: { 'interactive/b': 1 } },
    ];
    expect(fairOrder({ 'orders/a': 30 }, line, 100, 2).map(({ id }) => id)).toEqual(['other', 'bulk']);
  });
});

describe('the water level', () => {
  it.each([
    [100, [500, 500], 50],
    [100, [10, 500, 500], 45],
    [100, [10, 20], Number.POSITIVE_INFINITY],
    [0, [5], 0],
    [100, [], Number.POSITIVE_INFINITY],
  ])('of %d over demands %j is %d', (available, demands, level) => expect(waterLevel(available, demands)).toBe(level));
});

describe('whatever is wanted', () => {
  const group = fc
    .tuple(fc.constantFrom('interactive', 'orders', 'polls', 'background'), fc.constantFrom('a', 'b', 'c', ''))
    .map(([permitClass, partner]) => `${permitClass}/${partner}`);
  const counts = (max: number) => fc.dictionary(group, fc.integer({ min: 1, max }), { maxKeys: 8 });
  const line = fc
    .array(counts(30), { minLength: 1, maxLength: 4 })
    .map((all) => all.map((wants, n) => ({ id: `p${n}`, sinceMs: n, wants })));

  it('is given up to what is free, and never more than was asked for', () => {
    fc.assert(
      fc.property(counts(60), line, fc.integer({ min: 0, max: 100 }), (taken, waiting, free) => {
        const turns = fairOrder(taken, waiting, 100, free);
        expect(turns.length).toBe(
          Math.min(
            free,
            waiting.reduce((sum, { wants }) => sum + total(wants), 0),
          ),
        );
        for (const { id, wants } of waiting) {
          const mine = countsOf(turns.filter((turn) => turn.id === id));
          for (const [name, n] of Object.entries(mine)) expect(n).toBeLessThanOrEqual(wants[name] ?? 0);
        }
      }),
    );
  });

  it('brings each waiting class to its floor in a whole window', () => {
    fc.assert(
      fc.property(line, (waiting) => {
        const got = byClass(countsOf(fairOrder({}, waiting, 100, 100)));
        const wanted = byClass(waiting.reduce<Counts>((sum, { wants }) => countsAdd(sum, wants), {}));
        for (const [name, floor] of [
          ['orders', 20],
          ['polls', 10],
          ['background', 2],
        ] as const)
          expect(got[name] ?? 0).toBeGreaterThanOrEqual(Math.min(floor, wanted[name] ?? 0));
      }),
    );
  });

  it('of one class brings each partner to its fair share of a window', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', ''), fc.integer({ min: 1, max: 200 })), (demands) => {
        const wants = Object.fromEntries(Object.entries(demands).map(([partner, n]) => [`orders/${partner}`, n]));
        const got = byPartner(countsOf(fairOrder({}, alone(wants), 100, 100)));
        const share = waterLevel(100, Object.values(demands));
        for (const [partner, demand] of Object.entries(demands))
          expect(got[partner] ?? 0).toBeGreaterThanOrEqual(Math.floor(Math.min(demand, share)));
      }),
    );
  });
});

const countsAdd = (a: Counts, b: Counts): Counts => {
  const sum = { ...a };
  for (const [name, n] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + n;
  return sum;
};
