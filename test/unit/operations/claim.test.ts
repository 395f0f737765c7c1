import { describe, expect, it } from 'vitest';
import { MAX_BATCH_NUMBERS } from '../../../shared/platform/upstream/contract.ts';
import { QUIET_MS, worldWithAccount } from './lane-world.ts';
import { digitsAt, digitsFrom, NOW_MS } from './samples.ts';

const digitsIn = (batch: { members: { digits: string }[] }): string[] => batch.members.map(({ digits }) => digits);

describe('what leaves a lane next', () => {
  it('is numbers of several operations together, in accepted order', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 2));
    await world.order(digitsFrom(10, 2));
    expect(digitsIn(await world.claimBatch())).toEqual([...digitsFrom(0, 2), ...digitsFrom(10, 2)]);
    expect((await world.claimNext()).kind).toBe('blocked');
  });

  it('is one intent for a number at a time, the oldest first', async () => {
    const world = await worldWithAccount();
    const [first, second] = [await world.order(digitsFrom(0, 3)), await world.order(digitsFrom(1, 3))];
    const one = await world.claimBatch();
    expect(one.members.map(({ op, digits }) => [op, digits])).toEqual([
      [first.seq, digitsAt(0)],
      [first.seq, digitsAt(1)],
      [first.seq, digitsAt(2)],
      [second.seq, digitsAt(3)],
    ]);
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.answer(one, 'synced');
    // Answered, and not folded yet: what came of the first intent is not in the items.
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.fold();
    const two = await world.claimBatch();
    expect(two.members.map(({ op, digits }) => [op, digits])).toEqual([
      [second.seq, digitsAt(1)],
      [second.seq, digitsAt(2)],
    ]);
  });

  it('is at most 100 numbers, and at most sixteen batches are out at once', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 1_850));
    const sizes = [];
    for (let n = 0; n < 16; n++) sizes.push((await world.claimBatch()).members.length);
    expect(sizes).toEqual(Array.from({ length: 16 }, () => MAX_BATCH_NUMBERS));
    expect((await world.claimNext()).kind).toBe('blocked');
    expect((await world.lane()).unsent).toBe(250);
  });

  it('is of one kind: releases travel with later releases, and never past an earlier intent for the same number', async () => {
    const world = await worldWithAccount();
    const [put, gone] = [{ sentAs: 'upsert' }, { sentAs: 'release' }] as const;
    await world.order(digitsFrom(0, 2), put);
    await world.order(digitsFrom(1, 2), gone);
    await world.order(digitsFrom(2, 2), put);
    await world.order(digitsFrom(8, 1), gone);
    const [first, second] = [await world.claimBatch(), await world.claimBatch()];
    expect([first.kind, digitsIn(first)]).toEqual(['upsert', [digitsAt(0), digitsAt(1), digitsAt(3)]]);
    expect([second.kind, digitsIn(second)]).toEqual(['release', [digitsAt(2), digitsAt(8)]]);
    expect((await world.claimNext()).kind).toBe('blocked');
  });

  it('is nothing in a lane without work, and then nothing is due', async () => {
    const world = await worldWithAccount();
    expect((await world.claimNext()).kind).toBe('idle');
    expect((await world.lane()).due.apply).toBeUndefined();
  });

  it('is all of more operations than one look covers', async () => {
    const world = await worldWithAccount();
    for (let n = 0; n < 250; n++) await world.order([digitsAt(n)]);
    expect((await world.drain('synced')).flat()).toEqual(digitsFrom(0, 250));
  });

  it('goes on when everything that one look covers has ended meanwhile', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 250));
    for (let n = 0; n < 120; n++) await world.order([digitsAt(1_000 + n)]);
    const out = [await world.claimBatch(), await world.claimBatch(), await world.claimBatch(), await world.claimBatch()];
    for (const batch of out) await world.answer(batch, 'synced');
    await world.fold();
    await world.drain('synced');
    expect(await world.lane()).toMatchObject({ unsent: 0, flying: [] });
  });

  it('names the older batches whose content it will overwrite', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 2));
    await world.drain('pending');
    const [waiting] = await world.lanes.readBatches((await world.lane()).lane);
    await world.order([digitsAt(1)]);
    expect((await world.claimBatch()).overwrites).toEqual([waiting?.value.n]);
  });
});

describe('an account change', () => {
  it('waits for every number before it', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 2));
    await world.changeAccount();
    const numbers = await world.claimBatch();
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.answer(numbers, 'pending');
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.fold();
    expect(await world.claimBatch()).toMatchObject({ kind: 'account', members: [{ digits: '' }], create: false });
  });

  it('holds back every number after it', async () => {
    const world = await worldWithAccount();
    await world.changeAccount();
    await world.order(digitsFrom(0, 2));
    const account = await world.claimBatch();
    expect(account.kind).toBe('account');
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.answer(account, 'synced');
    expect((await world.claimNext()).kind).toBe('blocked');
    await world.fold();
    expect(digitsIn(await world.claimBatch())).toEqual(digitsFrom(0, 2));
  });

  it('ends the batch that was being filled', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    await world.changeAccount();
    await world.order([digitsAt(1)]);
    expect(await world.drain('synced')).toEqual([[digitsAt(0)], [''], [digitsAt(1)]]);
  });
});

describe('a batch whose holder was not heard of', () => {
  it('is left alone until its quiet time is over, which is when it is due', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    await world.claimBatch();
    world.moveClock(QUIET_MS - 1);
    expect((await world.claimNext()).kind).toBe('blocked');
    expect((await world.lane()).due.apply).toBe(NOW_MS + QUIET_MS);
  });

  it('is claimed again with the next epoch and the same content, and counts as ambiguous', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const first = await world.claimBatch();
    world.moveClock(QUIET_MS);
    const again = await world.claimBatch();
    expect(again).toMatchObject({ n: first.n, epoch: 2, ambiguous: true, unheard: true, claimedAtMs: NOW_MS + QUIET_MS });
    expect([again.members, again.bodyHash, again.pair]).toEqual([first.members, first.bodyHash, first.pair]);
  });

  it('is not ambiguous when its holder said that nothing was sent', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const first = await world.claimBatch();
    await world.conclude(first, { kind: 'again', afterMs: 0, ambiguous: false, newPair: false, setback: false });
    expect(await world.claimBatch()).toMatchObject({ n: first.n, epoch: 2, ambiguous: false });
  });
});
