import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/operations/accept.ts';
import type { AccountLane } from '../../../shared/operations/model.ts';
import { toProperties, wireBytesOf } from '../../../shared/platform/tables/row-codec.ts';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_ROWS } from '../../../shared/platform/tables/transaction-budget.ts';
import { laneWorld, worldWithAccount } from './lane-world.ts';
import { accountDraft, digitsFrom, LANE, laneOf, NOW_MS, numbersDraft, rowOf } from './samples.ts';

const laneIn = (writes: ReturnType<typeof accept>['writes']): AccountLane => {
  const [first] = writes;
  if (!first || !('value' in first)) throw new Error('no lane row');
  return first.value as AccountLane;
};

describe('accepting an order of 10,000 numbers', () => {
  const numbers = digitsFrom(0, 10_000);
  const { operation, writes } = accept(rowOf(laneOf({ due: {} })), numbersDraft(numbers), 'op-2', NOW_MS);

  it('is one transaction of a few rows, far within the budget', () => {
    const bytes = writes.reduce((sum, write) => sum + ('value' in write ? wireBytesOf(toProperties(write.value)) : 0), 0);
    expect(writes.length).toBeLessThanOrEqual(15);
    expect(writes.length).toBeLessThanOrEqual(MAX_TRANSACTION_ROWS);
    expect(bytes).toBeLessThan(MAX_TRANSACTION_BYTES / 4);
  });

  it('keeps every number, in order', () => {
    const segments = writes.flatMap((write) => (write.key.startsWith('seg|') && 'value' in write ? [write] : []));
    expect(segments.map(({ key }) => key).sort()).toEqual(segments.map(({ key }) => key));
    expect(segments.flatMap(({ value }) => (value as { numbers: string[] }).numbers)).toEqual(numbers);
  });

  it('starts with everything pending and nothing sent', () => {
    expect(operation).toMatchObject({ seq: 2, state: 'NotStarted', counts: { total: 10_000, pending: 10_000 } });
    expect(operation.unsent).toEqual(Array.from({ length: 10 }, () => 1_000));
  });

  it('makes the lane due at once', () => {
    expect(laneIn(writes)).toMatchObject({ accepted: 2, unsent: 10_001, due: { apply: NOW_MS } });
    expect(writes.filter(({ key }) => key.startsWith('due|apply|'))).toHaveLength(1);
  });
});

describe('accepting', () => {
  it('conflicts when the same operation id was accepted before', async () => {
    const world = await worldWithAccount();
    const draft = numbersDraft(digitsFrom(0, 2));
    const once = accept(await world.lanes.readLane(LANE), draft, 'same', NOW_MS);
    expect(await world.lanes.commitAll(LANE, once.writes)).toBe(true);
    const again = accept(await world.lanes.readLane(LANE), draft, 'same', NOW_MS);
    expect(await world.lanes.commitAll(LANE, again.writes)).toBe(false);
    expect((await world.lane()).accepted).toBe(2);
  });

  it('conflicts when the lane has moved since it was read', async () => {
    const world = await worldWithAccount();
    const stale = await world.lanes.readLane(LANE);
    await world.order(digitsFrom(0, 1));
    const { writes } = accept(stale, numbersDraft(digitsFrom(1, 1)), 'late', NOW_MS);
    expect(await world.lanes.commitAll(LANE, writes)).toBe(false);
  });

  it('starts a lane with its account, listed at once', async () => {
    const world = laneWorld();
    await world.changeAccount();
    expect(await world.lane()).toMatchObject({
      accepted: 1,
      account: { exists: false, status: 'Pending', operationSeq: 1 },
      due: { apply: NOW_MS, index: NOW_MS },
    });
  });

  it('refuses to start a lane with numbers', () => {
    expect(() => accept(undefined, numbersDraft(digitsFrom(0, 1)), 'op', NOW_MS)).toThrow('a lane starts with its account');
  });

  it('of an account change keeps what is known of the account and its first day', () => {
    const old = laneOf();
    const known = { ...old, account: { ...old.account, exists: true, status: 'Succeeded' as const } };
    const { writes } = accept(rowOf(known), accountDraft({ view: { displayName: 'New' } }), 'op-2', NOW_MS + 1_000);
    expect(laneIn(writes).account).toMatchObject({
      exists: true,
      status: 'Pending',
      operationSeq: 2,
      view: { displayName: 'New' },
      createdAt: new Date(NOW_MS).toISOString(),
      updatedAt: new Date(NOW_MS + 1_000).toISOString(),
    });
  });

  it('of numbers leaves the account alone', () => {
    const lane = laneOf();
    expect(laneIn(accept(rowOf(lane), numbersDraft(digitsFrom(0, 1)), 'op-2', NOW_MS).writes).account).toEqual(lane.account);
  });
});
