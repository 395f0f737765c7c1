/** Lists under change: whoever follows the links misses nothing that stayed and sees nothing twice. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, emulatorWorld, number, ORIGIN } from './emulator-world.ts';
import type { Answer } from '../../../infra/local/upstream/http/answer.ts';

type Page = { value: { telephoneNumber: string }[]; nextLink?: string };
const pageOf = (answer: Answer): Page => answer.body as Page;

const toNumber = (n: number): string => `+1510585${String(n).padStart(4, '0')}`;
const someNumbers = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 120 });
/** What other callers do while one page is read: numbers written and numbers deleted. */
const interference = fc.array(
  fc.record({
    add: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 5 }),
    remove: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 5 }),
  }),
  { maxLength: 60 },
);
const order = fc.constantFrom('stable' as const, 'unstable' as const);
const chance = fc.double({ min: 0, max: 0.999, noNaN: true });

const worldWith = (numbers: number[], listOrder: 'stable' | 'unstable', random: number) => {
  const emulator = emulatorWorld({ listOrder, deleteMode: 'immediate' }, () => random);
  emulator.call('PUT', '/accounts/contoso', { body: account('contoso') });
  for (const n of numbers) put(emulator, n);
  return emulator;
};
type Emulator = ReturnType<typeof emulatorWorld>;
const put = ({ call }: Emulator, n: number) =>
  call('PUT', `/accounts/contoso/numbers/${toNumber(n)}`, { body: number(toNumber(n), 'contoso') });
const remove = ({ call }: Emulator, n: number) => call('DELETE', `/accounts/contoso/numbers/${toNumber(n)}`);

/** Reads all pages, with something happening between any two. */
const sweep = (emulator: Emulator, first: Answer, between: () => void): string[] => {
  const seen: string[] = [];
  for (let page = pageOf(first); ; page = pageOf(emulator.follow(page.nextLink))) {
    seen.push(...page.value.map((one) => one.telephoneNumber));
    if (page.nextLink === undefined) return seen;
    expect(page.nextLink.startsWith(`${ORIGIN}/`)).toBe(true);
    between();
  }
};

test('a sweep with writers beside it sees each number that stayed exactly once, in either order of lists', () => {
  fc.assert(
    fc.property(someNumbers, fc.integer({ min: 1, max: 40 }), interference, order, chance, (numbers, size, changes, listOrder, random) => {
      const emulator = worldWith(numbers, listOrder, random);
      const steps = [...changes];
      const removed = new Set<string>();
      const first = emulator.call('GET', '/accounts/contoso/numbers', { query: { maxpagesize: String(size) } });
      const seen = sweep(emulator, first, () => {
        const step = steps.shift();
        for (const n of step?.add ?? []) put(emulator, n);
        for (const n of step?.remove ?? []) {
          remove(emulator, n);
          removed.add(toNumber(n));
        }
      });
      const stayed = numbers.map(toNumber).filter((one) => !removed.has(one));
      expect(new Set(seen).size).toBe(seen.length);
      expect(stayed.filter((one) => !seen.includes(one))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('top, skip, maxpagesize and filter together give the slice they name, whatever the page size', () => {
  const limits = fc.record({
    top: fc.option(fc.integer({ min: 0, max: 80 })),
    skip: fc.integer({ min: 0, max: 80 }),
    size: fc.integer({ min: 1, max: 30 }),
    filtered: fc.boolean(),
  });
  fc.assert(
    fc.property(someNumbers, limits, (numbers, { top, skip, size, filtered }) => {
      const emulator = worldWith(numbers, 'stable', 0);
      const failing = numbers.filter((n) => n % 3 === 0);
      emulator.world.rules.push({ rule: { suffix: '', outcome: 'failed' }, used: 0 });
      for (const n of failing) put(emulator, n);
      emulator.clock.advance(60_000);
      const query = { maxpagesize: String(size), skip: String(skip), ...(top === null ? {} : { top: String(top) }) };
      const filter = filtered ? { filter: "serviceProvisioningStatus eq 'failed'" } : {};
      const first = emulator.call('GET', '/numbers', { query: { ...query, ...filter, countRecords: 'true' } });
      const all = (filtered ? failing : numbers).map(toNumber).sort();
      expect(sweep(emulator, first, () => undefined)).toEqual(all.slice(skip, top === null ? undefined : skip + top));
      expect(first.headers['x-ms-record-count']).toBe(String(all.length));
    }),
    { numRuns: 100 },
  );
});
