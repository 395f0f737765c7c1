import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PollItem, PollLane, PollWorld } from '../../../shared/operations/poll-options.ts';
import { isQuiet, LONGEST_STANDING_BACK_MS, planPolls } from '../../../shared/operations/poll-plan.ts';
import { NOW_MS } from './samples.ts';

const S = 1_000;
const item = (n: number, ageS: number, more: Partial<PollItem> = {}): PollItem => ({
  digits: String(441_632_000_000 + n),
  sinceMs: NOW_MS - ageS * S,
  isExpress: false,
  isMissing: false,
  isLeaving: false,
  ...more,
});
const items = (count: number, ageS: number, more: Partial<PollItem> = {}): PollItem[] =>
  Array.from({ length: count }, (_, n) => item(n, ageS, more));
const lane = (name: string, more: Partial<PollLane> = {}): PollLane => ({
  lane: name,
  partner: 'acme',
  accountName: name,
  isDue: true,
  items: [],
  unsent: 0,
  unsentSinceMs: 0,
  ...more,
});
const world = (lanes: readonly PollLane[], more: Partial<PollWorld> = {}): PollWorld => ({
  nowMs: NOW_MS,
  lanes,
  pageSize: 500,
  canJump: false,
  hasAll: true,
  counts: new Map(),
  reach: new Map(),
  earlySpent: 0,
  ahead: new Map(),
  ...more,
});
const told = (planned: ReturnType<typeof planPolls>): string[] =>
  planned.map((one) => (one.kind === 'list' ? `list ${one.list}${one.isWhole ? ' whole' : ''}` : `${one.kind} ${one.lane}`));
const many = (count: number, make: (n: number) => PollLane): PollLane[] => Array.from({ length: count }, (_, n) => make(n));

describe('the cheapest way to look', () => {
  it('is one by one for a few numbers', () => {
    expect(told(planPolls(world([lane('a', { items: items(2, 90) })])))).toEqual(['single a', 'single a']);
  });

  it("is the account's list for many", () => {
    expect(told(planPolls(world([lane('a', { items: items(400, 90) })])))).toEqual(['list a']);
  });

  it('is one by one where the list has more pages than numbers are waited for', () => {
    const planned = planPolls(world([lane('a', { items: items(8, 90) })], { counts: new Map([['a', 100_000]]) }));
    expect(told(planned)).toEqual(Array.from({ length: 8 }, () => 'single a'));
  });

  it('is the list of all accounts where that takes fewer pages than theirs', () => {
    expect(told(planPolls(world(many(200, (n) => lane(`a${n}`, { items: items(50, 90) })))))).toEqual(['list ']);
  });

  it('is the list of all accounts where a few lanes would take fewer requests and confirm even less for them', () => {
    const due = many(5, (n) => lane(`d${n}`, { items: items(16, 30) }));
    const others = many(45, (n) => lane(`o${n}`, { items: items(16, 30), isDue: false }));
    expect(told(planPolls(world([...due, ...others], { counts: new Map([['', 8_000]]) })))).toEqual(['list ']);
  });

  it('is by remembered links, however long the list of all accounts has grown', () => {
    const lanes = many(50, (n) => lane(`l${n}`, { items: items(16, 30), unsent: 2, unsentSinceMs: NOW_MS - n * S }));
    const counts = new Map([['', 30_000]]);
    expect(told(planPolls(world(lanes, { counts })))).not.toContain('list ');
    expect(planPolls(world(lanes, { counts, reach: new Map([['', 3]]) }))).toMatchObject([{ kind: 'list', list: '', urgency: 'urgent' }]);
  });

  it("is each account's list where others' numbers fill the list of all", () => {
    const lanes = many(4, (n) => lane(`a${n}`, { items: items(50, 90) }));
    expect(told(planPolls(world(lanes, { counts: new Map([['', 100_000]]) }))).sort()).toEqual([
      'list a0',
      'list a1',
      'list a2',
      'list a3',
    ]);
  });

  it('is never the list of all accounts where upstream has none', () => {
    const lanes = many(3, (n) => lane(`a${n}`, { items: items(50, 90) }));
    expect(told(planPolls(world(lanes, { hasAll: false }))).sort()).toEqual(['list a0', 'list a1', 'list a2']);
  });

  it('is the whole list for numbers that wait to be gone, or one by one when that is cheaper', () => {
    const leaving = (count: number) => [lane('a', { items: items(count, 90, { isLeaving: true }) })];
    expect(told(planPolls(world(leaving(300))))).toEqual(['list a whole']);
    expect(told(planPolls(world(leaving(30), { counts: new Map([['a', 100_000]]) })))).toHaveLength(30);
  });

  it('is the whole list however little is left of a walk that will not have shown all of it', () => {
    const lanes = [lane('a', { items: items(8, 90, { isLeaving: true }) })];
    const counts = new Map([['a', 10_000]]);
    const walking = (isWhole: boolean) => told(planPolls(world(lanes, { counts, ahead: new Map([['a', { pages: 1, isWhole }]]) })));
    expect(walking(true)).toEqual(['list a whole']);
    expect(walking(false)).toEqual(Array.from({ length: 8 }, () => 'single a'));
  });

  it('is the account itself where that waits', () => {
    expect(told(planPolls(world([lane('a', { items: [item(0, 90, { digits: '' })] })])))).toEqual(['account a']);
  });

  it('is a look at ten at most of those that lists do not show', () => {
    const planned = planPolls(world([lane('a', { items: items(40, 90, { isMissing: true }) })]));
    expect(told(planned)).toEqual(Array.from({ length: 10 }, () => 'single a'));
  });
});

describe('looking stands back behind uploads', () => {
  const waiting = (ageS: number) => many(100, (n) => lane(`w${n}`, { items: items(50, ageS) }));
  const unsent = (sinceS: number) => many(100, (n) => lane(`u${n}`, { isDue: false, unsent: 50, unsentSinceMs: NOW_MS - sinceS * S }));

  it('while the rest of the same wave is unsent, however much a page would confirm', () => {
    expect(planPolls(world([...waiting(70), ...unsent(75)]))).toEqual([]);
  });

  it('but not where new orders keep coming: then the better use of a permit goes first', () => {
    const fresh = lane('fresh', { isDue: false, unsent: 10, unsentSinceMs: NOW_MS - 2 * S });
    expect(planPolls(world([...waiting(70), ...unsent(75), fresh]))).toMatchObject([{ kind: 'list', list: '', urgency: 'urgent' }]);
  });

  it('and not for ever', () => {
    const ageS = LONGEST_STANDING_BACK_MS / S + 1;
    expect(planPolls(world([...waiting(ageS), ...unsent(ageS + 5)]))).toMatchObject([{ urgency: 'urgent' }]);
  });

  it('where a page confirms less than the uploads carry, unless it is one of a few early looks a minute', () => {
    const few = lane('w', { partner: 'globex', items: items(40, 30) });
    const heap = unsent(5);
    expect(planPolls(world([few, ...heap]))).toMatchObject([{ kind: 'list', isEarly: true, urgency: 'calm' }]);
    expect(planPolls(world([few, ...heap], { earlySpent: 12 }))).toEqual([]);
  });

  it("but not for another partner's uploads once everything should be settled: the budget gives each its share", () => {
    const settled = lane('w', { partner: 'globex', items: items(40, 70) });
    expect(planPolls(world([settled, ...unsent(5)], { earlySpent: 12 }))).toMatchObject([
      { kind: 'list', isEarly: false, urgency: 'calm' },
    ]);
  });

  it('by itself where the look at all accounts stands back for the sake of others', () => {
    const own = (n: number) => lane(`o${n}`, { partner: 'globex', items: items(40, 70) });
    const heap = lane('heap', { isDue: false, unsent: 100_000, unsentSinceMs: NOW_MS - 45 * S });
    const planned = planPolls(world([own(1), own(2), own(3), ...waiting(40), heap], { earlySpent: 12 }));
    expect(planned.map(({ kind }) => kind)).toEqual(['list', 'list', 'list']);
  });

  it('by parts too, where the look at all accounts is the better one and is not worth its requests yet', () => {
    const lanes = many(50, (n) => lane(`l${n}`, { items: items(16, 8), unsent: 40, unsentSinceMs: NOW_MS - n * S }));
    expect(planPolls(world(lanes, { counts: new Map([['', 8_000]]) }))).toEqual([]);
  });

  it("not at all for a partner's single numbers: somebody waits for them", () => {
    const one = lane('w', { items: [item(0, 20, { isExpress: true })] });
    expect(told(planPolls(world([one, ...unsent(75)])))).toEqual(['single w']);
  });
});

describe('looking waits until it is worth it', () => {
  it('goes at once where everything should be settled', () => {
    expect(planPolls(world([lane('a', { items: items(9_000, 61) })]))).toMatchObject([{ kind: 'list', isEarly: false, urgency: 'calm' }]);
  });

  it('spends the last early looks of a minute only on what promises much', () => {
    const one = [lane('a', { items: [item(0, 20, { isExpress: true })] })];
    expect(told(planPolls(world(one, { earlySpent: 5 })))).toEqual(['single a']);
    expect(planPolls(world(one, { earlySpent: 25 }))).toEqual([]);
    expect(told(planPolls(world([lane('a', { items: items(40, 20) })], { earlySpent: 25 })))).toEqual(['list a']);
  });

  it('does not begin a long walk early', () => {
    expect(planPolls(world([lane('a', { items: items(20_000, 30) })]))).toEqual([]);
  });

  it('begins a long walk once most of it should be settled: the rest settles while it is under way', () => {
    const after = (old: number, young: number) => planPolls(world([lane('a', { items: [...items(old, 300), ...items(young, 20)] })]));
    expect(after(10_000, 10_000)).toEqual([]);
    expect(after(18_000, 2_000)).toMatchObject([{ kind: 'list', isEarly: false, urgency: 'calm' }]);
  });

  it('does not begin a walk that is about to be worth more', () => {
    expect(planPolls(world([lane('a', { items: items(9_000, 53) })]))).toEqual([]);
  });

  it('waits the last seconds until all of it should have settled, so that one look shows everything', () => {
    const nearly = [...items(9_000, 63), ...items(1_000, 58)];
    expect(planPolls(world([lane('a', { items: nearly })]))).toEqual([]);
    expect(planPolls(world([lane('a', { items: [...items(9_000, 65), ...items(1_000, 60)] })]))).toMatchObject([{ kind: 'list' }]);
  });

  it('waits for the last removal before a long list is to prove what is gone, but not for ever', () => {
    const leaving = (oldestS: number, youngestS: number) => [
      ...items(9_900, oldestS, { isLeaving: true }),
      ...items(100, youngestS, { isLeaving: true }),
    ];
    const counts = new Map([['a', 20_000]]);
    const plan = (oldestS: number, youngestS: number) =>
      told(planPolls(world([lane('a', { items: leaving(oldestS, youngestS) })], { counts })));
    expect(plan(100, 40)).toEqual([]);
    expect(plan(100, 60)).toEqual(['list a whole']);
    expect(plan(150, 40)).toEqual(['list a whole']);
  });

  it('does nothing where nothing is due, and nothing for what was looked at just now', () => {
    expect(planPolls(world([lane('a', { isDue: false, items: items(100, 90) })]))).toEqual([]);
    expect(planPolls(world([lane('a', { items: items(100, 90, { lookMs: NOW_MS }) })]))).toEqual([]);
  });
});

describe('every plan', () => {
  const anyLane = fc.record({
    count: fc.integer({ min: 0, max: 1_200 }),
    ageS: fc.integer({ min: 0, max: 4_000 }),
    unsent: fc.integer({ min: 0, max: 2_000 }),
    backlogS: fc.integer({ min: 0, max: 600 }),
    isDue: fc.boolean(),
    kind: fc.constantFrom('plain', 'leaving', 'missing', 'express'),
    held: fc.integer({ min: 0, max: 200_000 }),
  });
  it('names only lanes that wait, no list twice in the same way, and looks early within its bounds', () => {
    fc.assert(
      fc.property(fc.array(anyLane, { maxLength: 12 }), fc.boolean(), fc.integer({ min: 0, max: 40 }), (made, canJump, earlySpent) => {
        const lanes = made.map(({ count, ageS, unsent, backlogS, isDue, kind }, n) =>
          lane(`l${n}`, {
            items: items(count, ageS, { isLeaving: kind === 'leaving', isMissing: kind === 'missing', isExpress: kind === 'express' }),
            unsent,
            unsentSinceMs: NOW_MS - backlogS * S,
            isDue,
          }),
        );
        const counts = new Map(made.map(({ held }, n) => [`l${n}`, held]));
        const planned = planPolls(world(lanes, { canJump, counts, earlySpent }));
        const names = planned.flatMap((one) => (one.kind === 'list' ? one.lanes : [one.lane]));
        expect(names.every((name) => lanes.some((l) => l.lane === name && l.items.length > 0))).toBe(true);
        expect(new Set(told(planned).filter((one) => one.startsWith('list'))).size).toBe(
          told(planned).filter((one) => one.startsWith('list')).length,
        );
        expect(planned.filter(({ isEarly }) => isEarly).length).toBeLessThanOrEqual(Math.max(0, 30 - earlySpent));
      }),
    );
  });
});

describe('a few that somebody waits for while nothing else goes on', () => {
  const few = (count = 1) => items(count, 8, { isExpress: true, lookMs: NOW_MS - 3 * S });

  it('are looked at again however little that promises, up to twenty requests a minute', () => {
    expect(planPolls(world([lane('a', { items: few() })], { earlySpent: 19 }))).toMatchObject([{ kind: 'single', isEarly: true }]);
    expect(planPolls(world([lane('a', { items: few() })], { earlySpent: 20 }))).toEqual([]);
  });

  it('are not looked at so often where more wait, or anything is to be sent', () => {
    const others = [lane('a', { items: few() }), lane('b', { items: few(), isDue: false }), lane('c', { items: few(2), isDue: false })];
    expect(planPolls(world(others, { hasAll: false, earlySpent: 10 }))).toEqual([]);
    expect(planPolls(world([lane('a', { items: few(), unsent: 1, unsentSinceMs: NOW_MS })], { earlySpent: 10 }))).toEqual([]);
    const lanes = (unsent: number) => [lane('a', { items: few(3) }), lane('b', { unsent })];
    expect([isQuiet(world(lanes(0))), isQuiet(world(lanes(1))), isQuiet(world(others))]).toEqual([true, false, false]);
  });
});
