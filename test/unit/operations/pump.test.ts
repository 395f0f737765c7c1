import { describe, expect, it } from 'vitest';
import { makeFoldLane } from '../../../shared/operations/fold-lane.ts';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { pump } from '../../../shared/operations/pump.ts';
import type { OperationDraft } from '../../../shared/operations/operation-draft.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { QUIET_MS, worldWithAccount } from './lane-world.ts';
import { LANE, NOW_MS } from './samples.ts';

const digitsFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(441_632_960_000 + first + n));
const numbersIn = ({ body = '{}' }: UpstreamRequest): string[] =>
  (JSON.parse(body) as { numbers: { telephoneNumber: string }[] }).numbers.map(({ telephoneNumber }) => telephoneNumber.slice(1));
const REFUSED: UpstreamOutcome = { kind: 'answer', status: 400, body: { error: { code: 'InvalidProfile', message: 'no' } } };
const taken = (request: UpstreamRequest): UpstreamOutcome => ({
  kind: 'answer',
  status: 200,
  body: { numbers: numbersIn(request).map((digits) => ({ telephoneNumber: `+${digits}`, serviceProvisioningStatus: 'synced' })) },
});

/** Pumps until nothing of an order can be sent, where upstream refuses, without naming anybody, every request that holds one of `bad`. */
const pumpAll = async (numbers: readonly string[], bad: ReadonlySet<string>, more: Partial<OperationDraft> = {}) => {
  const world = await worldWithAccount();
  const { id } = await world.order(numbers, more);
  const faults: unknown[] = [];
  let [requests, inFlight, most] = [0, 0, 0];
  const call = async (request: UpstreamRequest): Promise<UpstreamOutcome> => {
    requests++;
    most = Math.max(most, ++inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight--;
    return numbersIn(request).some((digits) => bad.has(digits)) ? REFUSED : taken(request);
  };
  const note = (_: unknown, __: unknown, error: unknown): Promise<void> => Promise.resolve(void faults.push(error));
  const effects = {
    ...world.step,
    call,
    heedOutcome: () => Promise.resolve(),
    takePermit: () => Promise.resolve({ usableUntilMs: Number.POSITIVE_INFINITY }),
    newPair: () => ({ id: `sent-${requests}`, firstSent: new Date(NOW_MS).toUTCString() }),
    sendDeadlineMs: 10_000,
    quietMs: QUIET_MS,
    index: makeNumberIndex({ table: memoryRowStore(), sleep: () => Promise.resolve(), random: () => 0 }),
    foldLane: makeFoldLane(world.step),
    haltOver: () => Promise.resolve(undefined),
    noteFault: { work: note, batch: note, success: () => Promise.resolve() },
  };
  await pump(effects, LANE, NOW_MS + 240_000);
  expect(faults).toEqual([]);
  return { requests, most, order: await world.lanes.readOperation(id), lane: await world.lane() };
};

describe('an order whose batches leave side by side', () => {
  it('ends after a few requests more than were in flight when all of it is bad', async () => {
    const all = digitsFrom(0, 10_000);
    const { requests, most, order, lane } = await pumpAll(all, new Set(all));
    expect(most).toBe(16);
    expect(requests).toBeLessThanOrEqual(16 + 12);
    expect(order).toMatchObject({ state: 'Failed', counts: { failed: 10_000 } });
    expect(lane).toMatchObject({ flying: [], answered: [], unsent: 0 });
  });

  it('ends so when it is to release numbers, too', async () => {
    const all = digitsFrom(0, 10_000);
    const { requests, order } = await pumpAll(all, new Set(all), { sentAs: 'release' });
    expect(requests).toBeLessThanOrEqual(16 + 12);
    expect(order).toMatchObject({ state: 'Failed', counts: { failed: 10_000 } });
  });

  it('has each of its culprits found where only a few batches hold one', async () => {
    const all = digitsFrom(0, 2_000);
    const bad = new Set([150, 850].map((n) => all[n] ?? ''));
    const { requests, order, lane } = await pumpAll(all, bad);
    expect(requests).toBeLessThanOrEqual(20 + 30);
    expect(order?.counts).toMatchObject({ succeeded: 1_998, failed: 2 });
    expect(lane.flying).toEqual([]);
  });

  it('has batches that were held back halved too, within 30 extra requests, when the first ones are not bad throughout', async () => {
    const all = digitsFrom(0, 600);
    const bad = new Set([0, 1, 2, 3, 4, 5].map((n) => all[n * 100] ?? ''));
    const { requests, order, lane } = await pumpAll(all, bad);
    expect(requests).toBeLessThanOrEqual(6 + 30);
    expect(order?.counts.pending).toBe(0);
    expect(order?.counts.succeeded).toBeGreaterThan(0);
    expect(lane).toMatchObject({ flying: [], answered: [] });
  });
});
