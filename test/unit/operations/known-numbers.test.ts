import { describe, expect, it } from 'vitest';
import { makeGetKnownNumber, makeListKnownNumbers } from '../../../shared/operations/known-numbers.ts';
import { worldWithAccount } from './lane-world.ts';
import { digitsAt, digitsFrom, LANE } from './samples.ts';

describe('the numbers of a customer', () => {
  it('are listed page by page in order, each once, and not those of other lanes', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 330));
    // Numbers far apart, so that there are more blocks than one read covers.
    const spread = Array.from({ length: 60 }, (_, n) => `4420${String(n).padStart(3, '0')}1234`);
    await world.order(spread);
    await world.drain('synced');
    const list = makeListKnownNumbers(world.state);
    const pages: string[][] = [];
    for (let after: string | undefined; ; after = pages.at(-1)?.at(-1)) {
      const page = await list(LANE, 70, after);
      pages.push(page.map(({ digits }) => digits));
      if (page.length < 70) break;
    }
    expect(pages.map(({ length }) => length)).toEqual([70, 70, 70, 70, 70, 40]);
    expect(pages.flat()).toEqual([...digitsFrom(0, 330), ...spread]);
    expect(await list(`${LANE}2`, 70)).toEqual([]);
  });

  it('are found one by one', async () => {
    const world = await worldWithAccount();
    const { seq } = await world.order(digitsFrom(0, 2));
    await world.drain('pending');
    const get = makeGetKnownNumber(world.state);
    expect(await get(LANE, digitsAt(1))).toMatchObject({ digits: digitsAt(1), state: 'pending', op: seq, seg: 0, item: 1 });
    expect(await get(LANE, digitsAt(2))).toBeUndefined();
  });
});
