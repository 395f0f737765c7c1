/** Wrong and odd requests over real HTTP to the whole stack, 10,000 of them in `npm run test:e2e`. FUZZ_SEED=<n> sends one alone, FUZZ_COUNT=<n> so many. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onboard } from '../support/orders-client.ts';
import { fuzzStack } from '../support/fuzz-stack.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { fuzzOne, toReport, type FuzzFailure, type FuzzWorld } from '../unit/proof/fuzz/fuzz-run.ts';

/** As many as fit into a run of all tests; the same seeds come first in a longer one. */
const IN_PASSING = 2_000;

const AT_ONCE = 8;
const DEADLINE_MS = 60_000;
const one = process.env['FUZZ_SEED'];
const { from, count } =
  one === undefined ? { from: 1, count: Number(process.env['FUZZ_COUNT'] ?? IN_PASSING) } : { from: Number(one), count: 1 };

let stack: TestStack;
let world: FuzzWorld;

beforeAll(async () => {
  // Room at the gateway for whoever asks it at once.
  stack = await startTestStack({ settingsOverrides: { UPSTREAM_REQUESTS_PER_MINUTE: '6000' }, upstream: { limit: 1_000_000 } });
  world = await fuzzStack(stack);
});
afterAll(() => stack.stop());

test(`${count} requests that are wrong or odd: none breaks anything`, { timeout: 900_000 }, async () => {
  const statuses: number[] = [];
  const send: FuzzWorld['send'] = async (request) => {
    const answer = await world.send(request);
    statuses.push(answer.status);
    return answer;
  };
  const failures: FuzzFailure[] = [];
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      const failure = await fuzzOne({ ...world, send }, next++, { deadlineMs: DEADLINE_MS });
      if (failure) failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(toReport(failures)).toEqual([]);
  expect(statuses).toHaveLength(count);
  expect(statuses).not.toContain(429);
  // Neither refused at the door nor all alike: some of it went through.
  if (count > 1) expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(count / 20);
  await onboard(stack.api('acme'), 'afterwards');
});
