/** A page of 500 costs the same in an account of 100,000 numbers as in one of 1,000, at any depth. */
import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { seedAccounts } from '../../../infra/local/upstream/control/seed.ts';
import { account, emulatorWorld } from './emulator-world.ts';

const ROUNDS = 120;
/** The published goal. */
const MAX_RATIO = 2;
/** A neighbour on a shared machine can spoil a round; a slow index spoils all of them. */
const TRIES = 3;

const serviceDetails = {
  teamsOperatorConnect: { enabled: true, configuration: { usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'] } },
};

const p95 = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Infinity;

test('p95 of a 500-number page grows at most twofold from 1,000 to 100,000 numbers', () => {
  const emulator = emulatorWorld();
  seedAccounts(emulator.world, {
    accounts: [account('small'), account('large')] as never,
    ranges: [
      { first: '+441000000000', count: 1_000, accountName: 'small', serviceDetails },
      { first: '+442000000000', count: 100_000, accountName: 'large', serviceDetails },
    ],
  });
  const read = (name: string, skip: number): number => {
    const startMs = performance.now();
    const answer = emulator.call('GET', `/accounts/${name}/numbers`, {
      query: { maxpagesize: '500', skip: String(skip), countRecords: 'true' },
    });
    const text = JSON.stringify(answer.body);
    expect(text.length).toBeGreaterThan(50_000);
    return performance.now() - startMs;
  };
  const measure = (): number => {
    const [small, large]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      small.push(read('small', (round % 2) * 500));
      large.push(read('large', (round * 797) % 99_500));
    }
    return p95(large) / p95(small);
  };
  measure();
  const ratios = Array.from({ length: TRIES }, measure);
  expect(Math.min(...ratios), `ratios ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`).toBeLessThanOrEqual(MAX_RATIO);
});

test('keeps accepting batches quickly into an account of 100,000 numbers, in any order', () => {
  const emulator = emulatorWorld();
  seedAccounts(emulator.world, {
    accounts: [account('large')] as never,
    ranges: [{ first: '+442000000000', count: 100_000, accountName: 'large', serviceDetails }],
  });
  const startMs = performance.now();
  for (let batch = 0; batch < 20; batch++) {
    const numbers = Array.from({ length: 100 }, (_, i) => ({
      telephoneNumber: `+441${String(99_999_999 - batch * 100 - i)}`,
      accountName: 'large',
      serviceDetails,
    }));
    expect(emulator.call('POST', '/accounts/large:createOrUpdateNumbers', { body: { numbers } }).status).toBe(200);
  }
  // Some 5 ms each when this was written; a copy of all keys per number would take minutes.
  expect(performance.now() - startMs).toBeLessThan(10_000);
  emulator.clock.advance(10_000);
  expect(emulator.call('GET', '/numbers', { query: { filter: "serviceProvisioningStatus eq 'pending'", maxpagesize: '1' } }).body).toEqual({
    value: [],
  });
});
